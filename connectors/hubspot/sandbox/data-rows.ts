import { RunError } from '../../../src/model/errors.ts';

export function readInstant(value: unknown, where: string): number {
  const at = typeof value === 'number' ? value : Date.parse(String(value));
  if (!Number.isNaN(at)) return at;
  throw badRow(where, 'is not an instant');
}

export function badRow(where: string, rule: string): RunError {
  return new RunError('config', {
    where,
    message: `${where} ${rule}.`,
    fix: 'Write records as the API returns them: id, createdAt, updatedAt, archived, properties.',
  });
}
