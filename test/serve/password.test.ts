import { describe, expect, it } from 'vitest';
import { equalSecrets, hashPassword, verifyPassword } from '../../src/serve/password.ts';

describe('a password', () => {
  it('is kept as a salted hash that only the password fits', async () => {
    const [first, second] = [await hashPassword('grün 😀 pass'), await hashPassword('grün 😀 pass')];
    expect(first).toMatch(/^scrypt\$65536\$8\$2\$[\w-]{22}\$[\w-]{43}$/);
    expect(first).not.toBe(second);
    expect(await verifyPassword('gru\u0308n 😀 pass', first)).toBe(true);
    expect(await verifyPassword('grün 😀 pass ', first)).toBe(false);
  });

  it('is compared with a token whatever their lengths', () => {
    expect(equalSecrets('abc', 'abc')).toBe(true);
    expect(equalSecrets('abc', 'abcd')).toBe(false);
    expect(equalSecrets('', 'abcd')).toBe(false);
  });
});
