import { createSign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { RunError } from '../../src/model/errors.ts';
import type { AuthSettings } from './settings.ts';

export interface GrantContext {
  readonly connection: string;
  readonly folder: string;
  readonly loginUrl: string;
  /** Server time, epoch ms. */
  readonly now: number;
}

/** Flows whose settings hold all that a token call takes, each time anew. */
export type DirectAuth = Extract<AuthSettings, { flow: 'client_credentials' | 'password' | 'jwt_bearer' }>;

/** Form fields of the token call. */
export async function makeGrant(
  auth: DirectAuth,
  context: GrantContext,
): Promise<Readonly<Record<string, string>>> {
  switch (auth.flow) {
    case 'client_credentials':
      return {
        grant_type: 'client_credentials',
        client_id: auth.clientId,
        client_secret: auth.clientSecret,
      };
    case 'password':
      return {
        grant_type: 'password',
        client_id: auth.clientId,
        ...(auth.clientSecret ? { client_secret: auth.clientSecret } : {}),
        username: auth.username,
        password: auth.password,
      };
    case 'jwt_bearer':
      return {
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: await signAssertion(auth, context),
      };
  }
}

/** RFC 7523 with RS256; Salesforce takes no assertion that lives longer than three minutes. */
async function signAssertion(
  auth: Extract<AuthSettings, { flow: 'jwt_bearer' }>,
  context: GrantContext,
): Promise<string> {
  const key = await readKey(resolve(context.folder, auth.privateKeyFile), context.connection);
  const head = encode({ alg: 'RS256' });
  const claims = encode({
    iss: auth.clientId,
    sub: auth.username,
    aud: auth.audience ?? audienceOf(context.loginUrl),
    exp: Math.floor(context.now / 1000) + 170,
  });
  try {
    const signature = createSign('RSA-SHA256').update(`${head}.${claims}`).sign(key, 'base64url');
    return `${head}.${claims}.${signature}`;
  } catch (cause) {
    throw keyError(context.connection, 'the private key is no usable RSA key in PEM form', cause);
  }
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

async function readKey(path: string, connection: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw keyError(connection, 'the private key file cannot be read', cause);
  }
}

function keyError(connection: string, message: string, cause: unknown): RunError {
  return new RunError(
    'config',
    {
      where: `${connection} auth.privateKeyFile`,
      message,
      fix: 'Name the PEM file of the key whose certificate the app holds; it must be readable by this user.',
    },
    { cause },
  );
}

/** The audience is the login host, not the My Domain; sandboxes have their own. */
export function audienceOf(loginUrl: string): string {
  const host = new URL(loginUrl).hostname;
  // Older sandboxes have only the two dashes before their name.
  if (host === 'test.salesforce.com' || /--[\w-]+(\.sandbox)?\.my\.salesforce\.com$/.test(host)) {
    return 'https://test.salesforce.com';
  }
  return host.endsWith('.salesforce.com') ? 'https://login.salesforce.com' : loginUrl;
}
