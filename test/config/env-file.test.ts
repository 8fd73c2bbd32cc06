import { expect, it } from 'vitest';
import { parseEnvFile } from '../../src/config/env-file.ts';

it('reads keys with plain and quoted values, comments and blank lines', () => {
  const text = [
    '\uFEFF# secrets',
    'PLAIN=abc',
    '  export SPACED =  a b  # why',
    'HASH=a#b',
    "SINGLE='a # b\\n'  # kept as it is",
    'DOUBLE="a\\n\\"b\\" \\\\ $C"',
    'EMPTY=',
    '',
    'URL=https://x.example/?a=b=c\r',
    'KEY="-----BEGIN-----',
    'abc',
    '-----END-----"',
    'LAST=end',
  ].join('\n');
  expect(parseEnvFile(text)).toEqual({
    problems: [],
    values: {
      PLAIN: 'abc',
      SPACED: 'a b',
      HASH: 'a#b',
      SINGLE: 'a # b\\n',
      DOUBLE: 'a\n"b" \\ $C',
      EMPTY: '',
      URL: 'https://x.example/?a=b=c',
      KEY: '-----BEGIN-----\nabc\n-----END-----',
      LAST: 'end',
    },
  });
});

it('tells the line of what it cannot read, not its text', () => {
  const { values, problems } = parseEnvFile('A=1\nhunter2\nB="open\nC=3\n');
  expect(values).toEqual({ A: '1', C: '3' });
  expect(problems.map(({ file, line }) => [file, line])).toEqual([
    ['.env', 2],
    ['.env', 3],
  ]);
  expect(JSON.stringify(problems)).not.toMatch(/hunter2|open/);
});
