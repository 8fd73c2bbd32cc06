const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const checkDigits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';
const instance = '5e0';

/** The 18-character id of a kind's n-th record: key prefix, instance, number in base 62, case checksum. */
export function salesforceId(prefix: string, n: number): string {
  let number = '';
  for (let rest = n; number.length < 9; rest = Math.floor(rest / 62))
    number = `${digits[rest % 62]}${number}`;
  return withChecksum(`${prefix}${instance}${number}`);
}

/** The three letters tell which characters of each five are capitals, so that the id survives lower-casing. */
function withChecksum(id15: string): string {
  let checksum = '';
  for (let block = 0; block < 15; block += 5) {
    let bits = 0;
    for (let index = 0; index < 5; index++) {
      const char = id15[block + index] ?? '';
      if (char >= 'A' && char <= 'Z') bits |= 1 << index;
    }
    checksum += checkDigits[bits];
  }
  return id15 + checksum;
}

/** The 18-character form of what a caller sent as an id; null: not an id. */
export function toId18(value: string): string | null {
  if (/^[0-9A-Za-z]{15}$/.test(value)) return withChecksum(value);
  return /^[0-9A-Za-z]{18}$/.test(value) ? value : null;
}
