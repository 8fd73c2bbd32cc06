import { entityTables, type TableName } from '../model/entities.ts';
import type { FactStore } from '../model/fact-store.ts';
import { idInCrm } from '../model/namesake.ts';

export type Linker = (record: {
  readonly source: string;
  readonly table: string;
  readonly id: string;
}) => Promise<string | null>;

/** The page of a record in its CRM; null where there is none. */
export async function createLinker(store: Pick<FactStore, 'links' | 'streamOf'>): Promise<Linker> {
  const links = new Map(
    (await store.links()).map(({ source, stream, link }) => [`${source}\n${stream}`, link]),
  );
  return async ({ source, table, id }) => {
    const stream = isTable(table) ? await store.streamOf(source, table, id) : null;
    const link = links.get(`${source}\n${stream}`);
    return link?.replace('{id}', encodeURIComponent(idInCrm(stream, id))) ?? null;
  };
}

function isTable(name: string): name is TableName {
  return Object.hasOwn(entityTables, name);
}
