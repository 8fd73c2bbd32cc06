import { createHmac, randomBytes, scrypt } from 'node:crypto';
import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RunError } from '../model/errors.ts';
import type { Keychain } from './keychain.ts';

export interface TokenKey {
  readonly bytes: Buffer;
  /** Tells keys apart without telling anything of them. */
  readonly id: string;
}

const keyBytes = 32;
const leastPassphrase = 16;

/** 32 bytes in hexadecimal or base64 are the key itself; anything else is a passphrase from which it is derived. */
export async function deriveKey(secret: string, salt: Buffer): Promise<TokenKey> {
  const text = secret.trim();
  if (/^[0-9a-f]{64}$/i.test(text)) return nameKey(Buffer.from(text, 'hex'));
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return nameKey(Buffer.from(text, 'base64'));
  if (text.length < leastPassphrase) {
    throw new RunError('config', {
      where: 'CRM_KPI_KEY',
      message: `is no key: neither 32 bytes in hexadecimal or base64, nor a passphrase of ${leastPassphrase} characters or more.`,
      fix: 'Make one with: openssl rand -base64 32',
    });
  }
  return nameKey(await stretch(text, salt));
}

/** Parameters of OWASP's Password Storage Cheat Sheet for scrypt, the 32 MiB row. */
function stretch(passphrase: string, salt: Buffer): Promise<Buffer> {
  const cost = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 2 ** 20 };
  return new Promise((resolve, reject) =>
    scrypt(passphrase, salt, keyBytes, cost, (error, bytes) => (error ? reject(error) : resolve(bytes))),
  );
}

function nameKey(bytes: Buffer): TokenKey {
  const id = createHmac('sha256', bytes).update('crm-kpi token key').digest('hex').slice(0, 12);
  return { bytes, id };
}

/** The key kept in the system's keychain; null where there is none. */
export async function readKeychain(keychain: Keychain): Promise<TokenKey | null> {
  const bytes = Buffer.from((await keychain.read()) ?? '', 'base64');
  return bytes.length === keyBytes ? nameKey(bytes) : null;
}

/** The keychain's key, made first where there is none; null: it does not keep what it is given. */
export async function makeKeychainKey(keychain: Keychain): Promise<TokenKey | null> {
  const known = await readKeychain(keychain);
  if (known) return known;
  const made = randomBytes(keyBytes);
  if (!(await keychain.write(made.toString('base64')))) return null;
  const kept = await readKeychain(keychain);
  return kept?.bytes.equals(made) ? kept : null;
}

/** The key kept in a file; null where there is none yet. Others on the machine must not be able to read it. */
export async function readKeyFile(path: string): Promise<TokenKey | null> {
  const found = await stat(path).catch(() => null);
  if (!found) return null;
  // Windows has no such permission bits.
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) {
    const mode = (found.mode & 0o777).toString(8).padStart(4, '0');
    throw new RunError('config', {
      where: path,
      message: `holds the key of the stored sign-ins and can be read by others (mode ${mode}).`,
      fix: `chmod 600 ${path}; who else may have read it: sign in again, after deleting this file.`,
    });
  }
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw unusableFile(path, cause);
  });
  const bytes = Buffer.from(text.trim(), 'base64');
  if (bytes.length === keyBytes) return nameKey(bytes);
  throw unusableFile(path, null);
}

/** The key of the file, made first where there is none. Two processes that make it at once end with the same one. */
export async function makeKeyFile(path: string): Promise<TokenKey> {
  const known = await readKeyFile(path);
  if (known) return known;
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(`${randomBytes(keyBytes).toString('base64')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    // Unlike a rename, a link never replaces what another process made meanwhile.
    await link(draft, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await rm(draft, { force: true });
  }
  const made = await readKeyFile(path);
  if (made) return made;
  throw unusableFile(path, null);
}

function unusableFile(path: string, cause: unknown): RunError {
  return new RunError(
    'config',
    {
      where: path,
      message: 'holds no readable key of the stored sign-ins.',
      fix: 'Restore it from a backup; or delete it and sign in again with `crm-kpi connect NAME`.',
    },
    cause ? { cause } : undefined,
  );
}
