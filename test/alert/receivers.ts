import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

export interface HookReceiver extends AsyncDisposable {
  readonly url: string;
  /** Bodies as they came, parsed. */
  readonly got: readonly HookBody[];
  /** What it answers from now on. */
  status: number;
}

export interface HookBody {
  readonly text: string;
  readonly alerts?: readonly {
    readonly key: string;
    readonly events: readonly string[];
    readonly state: string;
    readonly title: string;
    readonly message: string;
  }[];
}

/** A webhook on loopback. */
export async function listenHook(): Promise<HookReceiver> {
  const got: HookBody[] = [];
  const receiver = { status: 200 };
  const server = createHttpServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    if (receiver.status === 200) got.push(JSON.parse(body));
    response.writeHead(receiver.status, { location: 'https://elsewhere.example/' }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${portOf(server)}/hook-secret`,
    got,
    get status() {
      return receiver.status;
    },
    set status(status: number) {
      receiver.status = status;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export interface MailReceiver extends AsyncDisposable {
  readonly port: number;
  readonly mails: readonly string[];
  /** Lines of the clients, in order. */
  readonly lines: readonly string[];
}

/** As much of SMTP (RFC 5321, RFC 4954) as takes a mail from a user with this password. */
export async function listenMail(password: string): Promise<MailReceiver> {
  const mails: string[] = [];
  const lines: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setEncoding('utf8').on('error', () => {});
    socket.write('220 loopback ESMTP\r\n');
    let rest = '';
    let mail: string[] | null = null;
    socket.on('data', (chunk: string) => {
      rest += chunk;
      for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        if (mail && line !== '.') mail.push(line);
        else if (mail) {
          mails.push(mail.join('\n'));
          mail = null;
          socket.write('250 taken\r\n');
        } else {
          lines.push(line);
          if (line === 'DATA') mail = [];
          socket.write(answerTo(line, password));
        }
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: portOf(server),
    mails,
    lines,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function answerTo(line: string, password: string): string {
  if (/^EHLO/i.test(line)) return '250-loopback\r\n250 AUTH PLAIN\r\n';
  if (/^AUTH PLAIN /i.test(line)) {
    const [, , given] = Buffer.from(line.slice(11), 'base64').toString().split('\0');
    return given === password ? '235 welcome\r\n' : '535 no\r\n';
  }
  if (line === 'DATA') return '354 go on\r\n';
  return line === 'QUIT' ? '221 bye\r\n' : '250 fine\r\n';
}

function portOf(server: Pick<Server, 'address'>): number {
  return (server.address() as AddressInfo).port;
}
