import { entityTables, type TableName } from '../model/entities.ts';
import type { ActorInfo, FactStore, MembershipSpan, SourceInfo } from '../model/fact-store.ts';
import type { Handle } from './database.ts';

type Directory = Omit<FactStore, 'rows' | 'checkQuery' | 'purgedBefore' | 'pastView'>;

/** Who and what there is: sources, people, teams, names, links. Of living records only, as `reader` shows them. */
export function createDirectory(reader: Handle): Directory {
  return {
    rowCounts: () => countRows(reader),
    filledTables: () =>
      (Object.keys(entityTables) as TableName[]).filter(
        (table) => reader.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get() !== undefined,
      ),
    sources: () => readSources(reader),
    actors: () => readActors(reader),
    teams: () =>
      reader
        .prepare<unknown[], { source: string; id: string; name: string | null; parentId: string | null }>(
          'SELECT source_id AS source, id, name, parent_id AS parentId FROM team ORDER BY source_id, id',
        )
        .all(),
    memberships: () => readMemberships(reader),
    names: (table) => readNames(reader, table),
    links: () =>
      reader
        .prepare<unknown[], { source: string; stream: string; table: TableName; link: string }>(
          'SELECT source_id AS source, name AS stream, "table", link FROM stream WHERE link IS NOT NULL',
        )
        .all(),
    streamOf: (source, table, id) =>
      reader
        .prepare<unknown[], { stream: string }>(`SELECT stream FROM ${table} WHERE source_id = ? AND id = ?`)
        .get(source, id)?.stream ?? null,
  };
}

function countRows(reader: Handle): ReturnType<Directory['rowCounts']> {
  return Object.keys(entityTables).flatMap((table) =>
    reader
      .prepare<unknown[], { connection: string; rows: number }>(
        `SELECT source_id AS connection, count(*) AS rows FROM ${table} GROUP BY source_id`,
      )
      .all()
      .map((row) => ({ ...row, table: table as TableName })),
  );
}

function readActors(reader: Handle): readonly ActorInfo[] {
  return reader
    .prepare<unknown[], Omit<ActorInfo, 'active'> & { active: number | null }>(
      'SELECT source_id AS source, id, name, kind, active, created_at AS createdAt FROM actor ORDER BY source_id, id',
    )
    .all()
    .map((row) => ({ ...row, active: row.active === 1 }));
}

function readNames(reader: Handle, table: 'account' | 'campaign' | 'stage'): ReturnType<Directory['names']> {
  return reader
    .prepare<unknown[], { source: string; id: string; name: string | null }>(
      table === 'stage'
        ? "SELECT source_id AS source, coalesce(pipeline, '') || ':' || key AS id, label AS name FROM stage"
        : `SELECT source_id AS source, id, name FROM ${table}`,
    )
    .all();
}

export function readMemberships(reader: Handle): readonly MembershipSpan[] {
  return reader
    .prepare<
      unknown[],
      { source: string; actorId: string; teamId: string; primary: number; from: number; to: number | null }
    >(
      `SELECT source_id AS source, actor_id AS actorId, team_id AS teamId, is_primary AS "primary",
       valid_from AS "from", valid_to AS "to" FROM team_member ORDER BY source_id, actor_id, valid_from, team_id`,
    )
    .all()
    .map((span) => ({ ...span, primary: span.primary === 1, from: span.from === 0 ? null : span.from }));
}

function readSources(reader: Handle): readonly SourceInfo[] {
  const streams = reader
    .prepare<unknown[], { source_id: string; table: TableName; through: number | null }>(
      `SELECT source_id, "table", CASE WHEN count(*) = count(last_success_at) THEN min(last_success_at) END AS through
       FROM stream WHERE unavailable IS NULL GROUP BY source_id, "table"`,
    )
    .all();
  const sources = reader
    .prepare<
      unknown[],
      {
        id: string;
        kind: string;
        account_id: string;
        name: string;
        base_currency: string | null;
        time_zone: string | null;
      }
    >('SELECT id, kind, account_id, name, base_currency, time_zone FROM source ORDER BY id')
    .all();
  return sources.map((source) => ({
    connection: source.id,
    connector: source.kind,
    accountId: source.account_id,
    accountName: source.name,
    currency: source.base_currency,
    timeZone: source.time_zone,
    completeThrough: Object.fromEntries(
      streams
        .filter((stream) => stream.source_id === source.id)
        .map((stream) => [stream.table, stream.through]),
    ),
  }));
}
