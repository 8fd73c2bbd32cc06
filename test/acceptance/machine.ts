import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Server } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const bin = fileURLToPath(new URL('../../src/cli/crm-kpi.cjs', import.meta.url));

/** Whether this machine lets a user have mounts of their own (Linux namespaces). */
export function canMount(): boolean {
  try {
    execFileSync('unshare', ['-rm', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export interface ScriptEnd {
  /** Exit codes of the `kpi` calls, in their order. */
  readonly codes: readonly number[];
  readonly stderr: string;
}

/** Runs a shell script with mounts of its own; `kpi ...` in it calls the program, whose exit code is kept. */
export async function runMounted(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
  script: string,
): Promise<ScriptEnd> {
  const prelude = `kpi() { '${process.execPath}' '${bin}' "$@" >/dev/null; echo $?; }\n`;
  const child = spawn('unshare', ['-rm', 'sh', '-c', prelude + script], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  await once(child, 'close');
  return { codes: stdout.trim().split('\n').map(Number), stderr };
}

export interface Front extends AsyncDisposable {
  readonly port: number;
  readonly seen: readonly string[];
}

/** A CONNECT proxy on loopback that leads every host to one port of this machine. */
export async function startProxy(targetPort: number): Promise<Front> {
  const seen: string[] = [];
  const server = createServer((_, response) => response.writeHead(405).end());
  server.on('connect', (request, client) => {
    seen.push(String(request.url));
    const upstream = connect(targetPort, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    for (const socket of [client, upstream]) socket.on('error', () => socket.destroy());
  });
  return listen(server, seen);
}

/** TLS before a server that speaks plain HTTP, with a certificate of an authority of its own. */
export async function startTlsFront(
  folder: string,
  host: string,
  targetUrl: string,
): Promise<Front & { readonly ca: string }> {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      key,
      '-out',
      cert,
      '-days',
      '30',
      '-subj',
      `/CN=${host}`,
      '-addext',
      `subjectAltName=DNS:${host}`,
    ],
    { stdio: 'ignore' },
  );
  const target = new URL(targetUrl);
  const seen: string[] = [];
  const server = createTlsServer(
    { key: readFileSync(key), cert: readFileSync(cert) },
    (incoming, outgoing) => {
      seen.push(String(incoming.url));
      const passed = httpRequest(
        {
          host: target.hostname,
          port: target.port,
          method: incoming.method,
          path: incoming.url,
          headers: incoming.headers,
        },
        (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(outgoing);
        },
      );
      incoming.pipe(passed);
    },
  );
  return { ...(await listen(server, seen)), ca: cert };
}

async function listen(server: Server, seen: readonly string[]): Promise<Front> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  return {
    port: address.port,
    seen,
    async [Symbol.asyncDispose]() {
      if ('closeAllConnections' in server && typeof server.closeAllConnections === 'function')
        server.closeAllConnections();
      server.close();
    },
  };
}

/** Runs the program and kills it once a line of its log has a given piece. True: it was killed so. */
export async function killAt(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
  { args, piece }: { readonly args: readonly string[]; readonly piece: string },
): Promise<boolean> {
  const child = spawn(process.execPath, [bin, ...args, '--log-level', 'debug'], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let shown = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    if (shown.includes(piece)) child.kill('SIGKILL');
  });
  const [, name] = await once(child, 'close');
  return name === 'SIGKILL';
}
