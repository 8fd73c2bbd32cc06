import type { Outcome, ResultSchema } from '../../src/model/connector.ts';
import type { ResultChange } from '../../src/model/result.ts';
import { notInstalled, ownsSchema, refuseForeign } from './ownership.ts';
import { objectName } from './result-properties.ts';
import type { Session } from './session.ts';
import { findTarget } from './target.ts';
import { publishToBoard } from './write-board.ts';
import { publishToObject } from './write-object.ts';

export async function* publishChanges(
  session: Session,
  changes: readonly ResultChange[],
  target: ResultSchema,
): AsyncGenerator<Outcome> {
  const found = await findTarget(session);
  if (found.form === 'board') {
    if (!found.installed) throw notInstalled(session, 'the company CRM KPI board');
    yield* publishToBoard(session, changes);
    return;
  }
  if (!found.schema) throw notInstalled(session, `the custom object ${objectName}`);
  if (!ownsSchema(found.schema)) throw refuseForeign(session, `the custom object ${objectName}`);
  yield* publishToObject(session, changes, { target, schema: found.schema });
}
