import type { Outcome, ResultSchema } from '../../src/model/connector.ts';
import type { ResultChange } from '../../src/model/result.ts';
import { notInstalled, ownsSchema, refuseForeign } from './ownership.ts';
import { objectName } from './result-properties.ts';
import type { Session } from './session.ts';
import { findTarget } from './target.ts';
import { fitsBoard, publishToBoard } from './write-board.ts';
import { publishToObject } from './write-object.ts';

/** Keys of the results that this account has a place for. */
export async function acceptChanges(
  session: Session,
  changes: readonly ResultChange[],
): Promise<ReadonlySet<string>> {
  const { form } = await findTarget(session);
  const kept = form === 'board' ? changes.filter(fitsBoard) : changes;
  return new Set(kept.map(({ key }) => key));
}

export async function* publishChanges(
  session: Session,
  changes: readonly ResultChange[],
  target: ResultSchema,
): AsyncGenerator<Outcome> {
  const found = await findTarget(session);
  if (found.form === 'board') {
    if (!found.installed) throw notInstalled(session, 'the company CRM KPI board');
    yield* publishToBoard(session, changes, target);
    return;
  }
  if (!found.schema) throw notInstalled(session, `the custom object ${objectName}`);
  if (!ownsSchema(found.schema)) throw refuseForeign(session, `the custom object ${objectName}`);
  yield* publishToObject(session, changes, { target, schema: found.schema });
}
