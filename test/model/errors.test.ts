import { expect, it } from 'vitest';
import { exitCodeOf, RunError, type RunErrorKind, worstExitCode } from '../../src/model/errors.ts';

const error = (kind: RunErrorKind) =>
  new RunError(kind, { where: 'here', message: 'It failed.', fix: 'Mend it.' });

it.each<[RunErrorKind, number]>([
  ['usage', 2],
  ['config', 2],
  ['auth', 2],
  ['store', 2],
  ['remote', 3],
  ['stopped', 4],
])('a failure of kind %s exits %i', (kind, code) => {
  expect(exitCodeOf(error(kind))).toBe(code);
});

it('anything else is a bug', () => {
  expect(exitCodeOf(new TypeError('x'))).toBe(1);
  expect(exitCodeOf('x')).toBe(1);
});

it('of several failures the smallest code wins', () => {
  expect(worstExitCode([])).toBe(0);
  expect(worstExitCode([error('stopped'), error('remote')])).toBe(3);
  expect(worstExitCode([error('stopped'), error('auth'), error('remote')])).toBe(2);
  expect(worstExitCode([error('remote'), new Error('bug')])).toBe(1);
});

it('a failure keeps what caused it', () => {
  const cause = new Error('socket');
  const wrapped = new RunError('remote', { where: 'sales', message: 'Away.', fix: 'Wait.' }, { cause });
  expect(wrapped).toMatchObject({ name: 'RunError', where: 'sales', message: 'Away.', fix: 'Wait.', cause });
});
