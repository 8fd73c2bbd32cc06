import { crc32 } from 'node:zlib';
import { type SalesforceSandbox, startSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';

export const now = Date.parse('2026-11-22T06:00:00Z');

export function start(options: Partial<SandboxOptions> = {}): Promise<SalesforceSandbox> {
  const defaults = {
    port: 0,
    data: null,
    seed: 7,
    size: 300,
    now,
    currency: 'EUR',
    timeZone: 'Europe/Madrid',
  };
  return startSandbox({ ...defaults, tier: null, without: [], ...options });
}

/** Answers are looked into freely. */
export type Json = ReturnType<typeof JSON.parse>;
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Json;
}

export async function send(url: string, init: RequestInit = {}): Promise<Answer> {
  const answer = await fetch(url, { redirect: 'manual', ...init });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.includes('json') ?? false;
  return { status: answer.status, headers: answer.headers, text, body: isJson ? JSON.parse(text) : null };
}

export function requestToken(sandbox: SalesforceSandbox, form: Record<string, string>): Promise<Answer> {
  return send(`${sandbox.url}/services/oauth2/token`, { method: 'POST', body: new URLSearchParams(form) });
}

export const clientOf = (sandbox: SalesforceSandbox) => ({
  client_id: sandbox.auth.clientId ?? '',
  client_secret: sandbox.auth.clientSecret ?? '',
});

export interface Client {
  readonly token: string;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  query(soql: string, headers?: Record<string, string>): Promise<Answer>;
  queryAll(soql: string): Promise<Answer>;
}

/** Signed in with the credentials that the sandbox prints. */
export async function signIn(sandbox: SalesforceSandbox, version = '66.0'): Promise<Client> {
  const { body } = await requestToken(sandbox, { grant_type: 'client_credentials', ...clientOf(sandbox) });
  const token: string = body.access_token;
  const call: Client['call'] = (method, path, content, headers = {}) =>
    send(`${sandbox.url}${path.startsWith('/services') ? path : `/services/data/v${version}${path}`}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(content === undefined
        ? {}
        : { body: typeof content === 'string' ? content : JSON.stringify(content) }),
    });
  const query = (soql: string, headers?: Record<string, string>) =>
    call('GET', `/query?q=${encodeURIComponent(soql)}`, undefined, headers);
  const queryAll = (soql: string) => call('GET', `/queryAll?q=${encodeURIComponent(soql)}`);
  return { token, call, query, queryAll };
}

/** A zip archive of uncompressed files. */
export function zip(files: Readonly<Record<string, string>>): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const data = Buffer.from(text);
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt32LE(crc32(data), 14);
    head.writeUInt32LE(data.length, 18);
    head.writeUInt32LE(data.length, 22);
    head.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    head.copy(entry, 16, 14, 28);
    entry.writeUInt32LE(offset, 42);
    bodies.push(head, Buffer.from(name), data);
    directory.push(entry, Buffer.from(name));
    offset += 30 + name.length + data.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, ...directory, end]);
}

/** Deploys and polls to the end; gives the deployResult. */
export async function deploy(
  sandbox: SalesforceSandbox,
  client: Client,
  files: Readonly<Record<string, string>>,
): Promise<Json> {
  const form = new FormData();
  const options = { deployOptions: { singlePackage: true, rollbackOnError: true } };
  form.append('json', new Blob([JSON.stringify(options)], { type: 'application/json' }));
  form.append('file', new Blob([new Uint8Array(zip(files))], { type: 'application/zip' }), 'deploy.zip');
  const url = `${sandbox.url}/services/data/v66.0/metadata/deployRequest`;
  const started = await send(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${client.token}` },
    body: form,
  });
  const states: string[] = [started.body.deployResult.status];
  for (;;) {
    const { body } = await client.call(
      'GET',
      `/metadata/deployRequest/${started.body.id}?includeDetails=true`,
    );
    states.push(body.deployResult.status);
    if (body.deployResult.done) return { ...body.deployResult, states };
  }
}
