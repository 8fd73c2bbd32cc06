import type { Outcome, ResultSchema } from '../../src/model/connector.ts';
import type { ResultChange } from '../../src/model/result.ts';
import { readBoard, writeDigest } from './board.ts';
import { writeFigures } from './board-figures.ts';
import { periodOf } from './digest.ts';
import type { Session } from './session.ts';

/** Results as notes and figures of the board company. */
export async function* publishToBoard(
  session: Session,
  changes: readonly ResultChange[],
  target: ResultSchema,
): AsyncGenerator<Outcome> {
  const shown: ResultChange[] = [];
  for (const change of changes) {
    if (fitsBoard(change)) shown.push(change);
    else yield { key: change.key, ok: false, reason: 'A note would show one person’s result to everybody.' };
  }
  if (shown.length === 0) return;
  const board = await readBoard(session);
  await writeFigures(session, { board, changes: shown, target });
  const periods = Map.groupBy(shown, ({ key }) => periodOf(key));
  for (const group of periods.values()) yield* await writeDigest(session, board, group);
}

/** A note is seen by all: results of single people have no place there. */
export function fitsBoard({ key, change }: ResultChange): boolean {
  const isPersonal = key.split('|')[2]?.startsWith('owner:') ?? false;
  return !isPersonal || change === 'delete' || change === 'retire';
}
