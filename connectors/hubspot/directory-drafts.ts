import type { Batch } from '../../src/model/connector.ts';
import { formatCursor } from './cursor.ts';
import { alwaysWhole, type Draft } from './draft.ts';
import { estimateWhole } from './estimate.ts';
import { toActorRows, toMemberships, toTeamRows } from './owners.ts';
import { toStageRows } from './pipelines.ts';
import type { Session } from './session.ts';

export function ownersDraft(session: Session): Draft {
  return {
    ...alwaysWhole('owners', 'actor', null),
    probe: () => session.owners(),
    read: () => readOwners(session),
    count: async () => ({ rows: (await session.owners()).all.length }),
    estimate: async () => estimateWhole((await session.owners()).all.length),
  };
}

async function* readOwners(session: Session): AsyncGenerator<Batch> {
  const book = await session.owners();
  yield {
    tables: [
      { table: 'team', rows: toTeamRows(book) },
      { table: 'actor', rows: toActorRows(book, session.zone) },
    ],
    deleted: [],
    memberships: toMemberships(book, session.zone),
    cursor: formatCursor({ phase: 'whole', at: session.now() }),
  };
}

export function pipelinesDraft(session: Session, objectType: string, object: 'deal' | 'ticket'): Draft {
  return {
    ...alwaysWhole(`pipelines/${objectType}`, 'stage', null),
    probe: () => session.pipelines(objectType),
    read: () => readPipelines(session, objectType, object),
    count: async () => ({ rows: toStageRows(object, await session.pipelines(objectType)).length }),
    estimate: async () => estimateWhole(toStageRows(object, await session.pipelines(objectType)).length),
  };
}

async function* readPipelines(
  session: Session,
  objectType: string,
  object: 'deal' | 'ticket',
): AsyncGenerator<Batch> {
  const rows = toStageRows(object, await session.pipelines(objectType));
  // The mapping keeps what it has; a later pass asks anew.
  await session.mapContext();
  session.forgetPipelines(objectType);
  const cursor = formatCursor({ phase: 'whole', at: session.now() });
  yield { tables: [{ table: 'stage', rows }], deleted: [], cursor };
}
