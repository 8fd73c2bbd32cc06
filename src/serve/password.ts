import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** Of OWASP's equal choices for scrypt one that takes 64 MB: https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html */
const cost = { N: 2 ** 16, r: 8, p: 2 };
const keyLength = 32;

/** `scrypt$N$r$p$salt$key`, for the settings. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, { salt, ...cost });
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const [, N, r, p, salt = '', key = ''] = hash.split('$');
  const expected = Buffer.from(key, 'base64url');
  const options = { N: Number(N), r: Number(r), p: Number(p), salt: Buffer.from(salt, 'base64url') };
  const actual = await derive(password, options);
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

/** Compared by their hashes, so that neither length nor content shows in the time it takes. */
export function equalSecrets(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

interface DeriveOptions {
  readonly N: number;
  readonly r: number;
  readonly p: number;
  readonly salt: Buffer;
}

function derive(password: string, { salt, N, r, p }: DeriveOptions): Promise<Buffer> {
  const maxmem = 256 * N * r;
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, keyLength, { N, r, p, maxmem }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
