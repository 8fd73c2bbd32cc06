import { marker } from './result-properties.ts';

/** Ends the subject of every task that this program makes. */
export const taskMark = `(${marker})`;

export function isOwnTask(subject: string | null): boolean {
  return subject?.trimEnd().endsWith(taskMark) ?? false;
}
