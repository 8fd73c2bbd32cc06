import { objectSpecs } from './catalog.ts';
import { HubspotError } from './explain.ts';
import { chunks, fetchByIds } from './fetch.ts';
import { followPages } from './pages.ts';
import { findAll } from './search.ts';
import { countMatches, type SearchFilter } from './search-request.ts';
import { isRefused, type Session } from './session.ts';
import { type HubspotRecord, recordPage } from './shapes.ts';
import { isOwnTask } from './task-mark.ts';

/** Stands in the text of each task of ours. */
export const wordOfAll = 'crmkpitask';

const what = 'tasks';
const pageSize = 100;
const telling = ['hs_task_subject', 'hs_task_body'] as const;
/** A large account has years of tasks: beyond so many pages only the index is asked. */
const mostPages = 300;

/** Living tasks, page by page, from the list, which is never behind; of so many pages only. */
export async function* listTasks(
  { api, name, context }: Session,
  properties: readonly string[],
): AsyncGenerator<readonly HubspotRecord[]> {
  const pages = followPages<HubspotRecord>({
    where: `${name} tasks`,
    first: undefined,
    signal: context.signal,
    fetch: async (after) => {
      const request = api.build.objects.getPage(what, pageSize, after, [...properties]);
      return (await api.call({ what, request, shape: recordPage })).value;
    },
  });
  let read = 0;
  for await (const { results } of pages) {
    yield results.filter(({ archived }) => archived !== true);
    read += 1;
    if (read >= mostPages) return;
  }
}

/** All tasks that this program made; in a large account as far as the search index knows. */
export async function findOwnTasks(session: Session): Promise<readonly string[]> {
  const search = { api: session.api, object: what, signal: session.context.signal };
  const own: string[] = [];
  try {
    const isLarge = ((await countMatches(search, [])) ?? 0) > mostPages * pageSize;
    const pages = isLarge ? searchTasks(session) : listTasks(session, telling);
    for await (const page of pages) {
      own.push(...page.filter(isOurs).map(({ id }) => id));
    }
  } catch (error) {
    if (!isRefused(error) && !(error instanceof HubspotError && error.status === 400)) throw error;
    session.log.warn({ connection: session.name, problem: error.message }, 'tasks.not_found');
  }
  return own;
}

/** What somebody else wrote with our mark in its subject lacks the word. */
function isOurs({ properties }: HubspotRecord): boolean {
  const hasWord = properties.hs_task_body?.includes(wordOfAll) ?? false;
  return hasWord && isOwnTask(properties.hs_task_subject ?? null);
}

/** By the word in their text; values come from the primary store. */
async function* searchTasks(session: Session): AsyncGenerator<readonly HubspotRecord[]> {
  const { api, context } = session;
  const filter: SearchFilter = { propertyName: 'hs_task_body', operator: 'CONTAINS_TOKEN', value: wordOfAll };
  for await (const hits of findAll({ api, object: what, signal: context.signal }, [filter])) {
    for (const ids of chunks(
      hits.map(({ id }) => id),
      pageSize,
    )) {
      yield await fetchByIds(session, { spec: objectSpecs.tasks, properties: telling, history: [] }, ids);
    }
  }
}
