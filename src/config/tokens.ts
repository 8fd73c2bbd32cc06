import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { TokenStore } from '../model/connector.ts';
import { RunError } from '../model/errors.ts';
import type { Keychain } from './keychain.ts';
import {
  deriveKey,
  makeKeychainKey,
  makeKeyFile,
  readKeychain,
  readKeyFile,
  type TokenKey,
} from './token-key.ts';

export interface TokenPlace {
  /** The folder of the store. */
  readonly folder: string;
  readonly connection: string;
  /** CRM_KPI_KEY; null: the key lies in a file beside the store. */
  readonly secret: () => Promise<string | null>;
  /** The operating system's, where it has one; it comes after CRM_KPI_KEY and a key file. */
  readonly keychain?: Keychain | null;
  /** Holds a file alone among all processes. */
  readonly hold: <T>(path: string, work: () => Promise<T>) => Promise<T>;
}

/** What a sign-in gave, encrypted with AES-256-GCM in a file per connection. */
export function openTokenStore(place: TokenPlace): TokenStore {
  const path = join(place.folder, 'tokens', `${place.connection}.json`);
  const lock = join(place.folder, 'tokens', `${place.connection}.lock`);
  return {
    read: () => readToken(path, place),
    write: (token) => writeToken(path, place, token),
    exclusively: (work) => place.hold(lock, work),
  };
}

/** The stored sign-in of one connection goes on as another's; it is sealed under its name. */
export async function moveToken(from: TokenPlace, to: TokenPlace): Promise<boolean> {
  const token = await openTokenStore(from).read();
  if (token === null) return false;
  await openTokenStore(to).write(token);
  await removeToken(from);
  return true;
}

export async function removeToken({ folder, connection }: TokenPlace): Promise<void> {
  for (const end of ['json', 'lock'])
    await rm(join(folder, 'tokens', `${connection}.${end}`), { force: true });
}

const base64 = z.base64().transform((text) => Buffer.from(text, 'base64'));
const sealed = z.object({
  format: z.literal(1),
  key: z.string(),
  salt: base64,
  iv: base64,
  tag: base64,
  text: base64,
});

async function readToken(path: string, place: TokenPlace): Promise<string | null> {
  const found = await readFile(path, 'utf8').catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return null;
    throw unusable(path, error);
  });
  if (found === null) return null;
  const parsed = sealed.safeParse(parseJson(found));
  if (!parsed.success) throw damaged(path, place.connection);
  const { key: keyId, salt, iv, tag, text } = parsed.data;
  const key = await findKey(keyId, salt, place);
  try {
    const decipher = createDecipheriv('aes-256-gcm', key.bytes, iv, { authTagLength: 16 });
    decipher.setAAD(Buffer.from(place.connection)).setAuthTag(tag);
    return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8');
  } catch (cause) {
    throw damaged(path, place.connection, cause);
  }
}

/** The environment's key or the file's, whichever it was stored with: setting CRM_KPI_KEY later loses nothing. */
async function findKey(id: string, salt: Buffer, place: TokenPlace): Promise<TokenKey> {
  const secret = await place.secret();
  const given = secret === null ? null : await deriveKey(secret, salt);
  if (given?.id === id) return given;
  const kept = await readKeyFile(keyFile(place));
  if (kept?.id === id) return kept;
  const chained = place.keychain ? await readKeychain(place.keychain) : null;
  if (chained?.id === id) return chained;
  throw new RunError('auth', {
    where: `${place.connection} sign-in`,
    message: 'The stored sign-in was encrypted with another key than the one at hand.',
    fix: `Set CRM_KPI_KEY to that key (or put back ${keyFile(place)}, or unlock the keychain of the user who signed in); or sign in again: crm-kpi connect ${place.connection}`,
  });
}

async function writeToken(path: string, place: TokenPlace, token: string): Promise<void> {
  const secret = await place.secret();
  const salt = randomBytes(16);
  const key = secret === null ? await makeKey(place) : await deriveKey(secret, salt);
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key.bytes, iv).setAAD(Buffer.from(place.connection));
  const text = Buffer.concat([cipher.update(token, 'utf8'), cipher.final()]);
  const parts = { salt, iv, tag: cipher.getAuthTag(), text };
  const fields = Object.entries(parts).map(([name, bytes]) => [name, bytes.toString('base64')]);
  const file = { format: 1, key: key.id, ...Object.fromEntries(fields) };
  await replaceFile(path, `${JSON.stringify(file)}\n`);
}

const keyFile = ({ folder }: TokenPlace) => join(folder, 'token.key');

/** A key file that is there stays in use; else the keychain has the key, where it works; else a file is made. */
async function makeKey(place: TokenPlace): Promise<TokenKey> {
  const kept = await readKeyFile(keyFile(place));
  if (kept) return kept;
  const chained = place.keychain ? await makeKeychainKey(place.keychain) : null;
  if (chained) return chained;
  try {
    return await makeKeyFile(keyFile(place));
  } catch (error) {
    if (error instanceof RunError) throw error;
    throw unusable(keyFile(place), error);
  }
}

/** The old file or the new one, never half of one; on the disk when it resolves. */
async function replaceFile(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeDurably(draft, text);
    await rename(draft, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw unusable(path, error);
  }
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Without it a power cut may bring the old name back. Windows opens no folders. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function damaged(path: string, connection: string, cause?: unknown): RunError {
  return new RunError(
    'auth',
    {
      where: path,
      message: `The stored sign-in of ${connection} is damaged and cannot be used.`,
      fix: `Sign in again: crm-kpi connect ${connection}`,
    },
    { cause },
  );
}

function unusable(path: string, cause: unknown): RunError {
  const reason = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  return new RunError(
    'store',
    {
      where: path,
      message: `The place of the stored sign-ins cannot be used${reason}.`,
      fix: 'Make its folder readable and writable for this user, on a disk with room.',
    },
    { cause },
  );
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
