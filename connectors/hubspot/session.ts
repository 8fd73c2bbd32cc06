import type { Account, Clock, Log, OpenContext } from '../../src/model/connector.ts';
import { createZone, type Zone } from '../../src/model/zone.ts';
import { createTokenSource, type TokenSource } from './auth.ts';
import { findBoardId } from './board-company.ts';
import { type Api, createApi } from './client.ts';
import { HubspotError } from './explain.ts';
import type { MapContext } from './map.ts';
import { createOwnerBook, fetchOwners, type OwnerBook } from './owners.ts';
import { rawPaths } from './paths.ts';
import { createStageBook, fetchPipelines, type StageBook } from './pipelines.ts';
import { loadRequests } from './requests.ts';
import { keyProperty } from './result-properties.ts';
import type { HubspotSettings } from './settings.ts';
import {
  type AccountDetails,
  accountShape,
  type PipelineRecord,
  type PropertyRecord,
  propertyList,
} from './shapes.ts';

/** An open connection with what is asked once and used by many. */
export interface Session {
  readonly name: string;
  readonly api: Api;
  readonly tokens: TokenSource;
  readonly context: OpenContext<HubspotSettings>;
  readonly zone: Zone;
  readonly log: Log;
  readonly clock: Clock;
  /** Server time, which windows are cut by; ours before the first answer. */
  now(): number;
  details(): Promise<AccountDetails>;
  owners(): Promise<OwnerBook>;
  mapContext(): Promise<MapContext>;
  /** Pipelines of an object, asked for once by the probe, the stages' stream and the mapping. */
  pipelines(object: string): Promise<readonly PipelineRecord[]>;
  /** To be called when they have been read: a later pass asks anew. */
  forgetPipelines(object: string): void;
  /** Property definitions of an object; null where they cannot be read. */
  properties(object: string): Promise<ReadonlyMap<string, PropertyRecord> | null>;
  /** To be called when definitions were changed. */
  forgetProperties(object: string): void;
}

export async function openSession(context: OpenContext<HubspotSettings>): Promise<Session> {
  const { name, settings, http, clock, log, signal } = context;
  const tokens = createTokenSource({
    connection: name,
    settings,
    http,
    tokens: context.tokens,
    now: () => clock.now(),
  });
  // Whether a person has signed in is told at once, not by the first object that is read.
  if (settings.auth.flow === 'authorization_code') await tokens.current();
  const build = await loadRequests(settings.baseUrl);
  const api = createApi({ connection: name, baseUrl: settings.baseUrl, http, tokens, build });
  const now = () => http.serverNow() ?? clock.now();
  const details = once(() => fetchDetails(api));
  const owners = once(() => fetchOwners(api, signal));
  const pipelines = keyed((object: string) => fetchPipelines(api, object));
  const books = keyed((object: string) => toStageBook(pipelines.get(object)));
  const properties = keyed((object: string) => fetchProperties(api, object));
  const zone = createZone(context.timeZone);
  const board = once(async () => findBoard(api, await properties.get('companies')));

  async function mapContext(): Promise<MapContext> {
    const { companyCurrency } = await details();
    return {
      zone,
      currency: companyCurrency?.toUpperCase() ?? context.currency,
      now: now(),
      owners: await orNone(owners()),
      dealStages: await books.get('deals'),
      ticketStages: await bookIf(context.objects.includes('tickets'), books, 'tickets'),
      boardId: context.objects.includes('activities') ? await board() : null,
      leadStages: await bookIf(context.objects.includes('leads'), books, 'leads'),
    };
  }
  return {
    ...{ name, api, tokens, context, zone, log, clock, now, details, owners, mapContext },
    pipelines: pipelines.get,
    forgetPipelines: pipelines.forget,
    properties: properties.get,
    forgetProperties: properties.forget,
  };
}

const noStages: StageBook = { pipelines: [], meaning: () => undefined };

function bookIf(wanted: boolean, books: Remembered<string, StageBook>, object: string): Promise<StageBook> {
  return wanted ? books.get(object) : Promise.resolve(noStages);
}

/** Pipelines may be refused or absent: records then speak for themselves. */
async function toStageBook(pipelines: Promise<readonly PipelineRecord[]>): Promise<StageBook> {
  try {
    return createStageBook(await pipelines);
  } catch (error) {
    if (isRefused(error)) return createStageBook([]);
    throw error;
  }
}

/** Owners that may not be read leave records without names, not unread. */
async function orNone(owners: Promise<OwnerBook>): Promise<OwnerBook> {
  try {
    return await owners;
  } catch (error) {
    if (isRefused(error)) return createOwnerBook([]);
    throw error;
  }
}

/** Companies that may not be read leave their notes to count. */
async function findBoard(
  api: Api,
  known: ReadonlyMap<string, PropertyRecord> | null,
): Promise<string | null> {
  if (!known?.has(keyProperty)) return null;
  try {
    return await findBoardId(api);
  } catch (error) {
    if (isRefused(error)) return null;
    throw error;
  }
}

/** The account has not got it, or the token may not see it: not a failure of the whole run. */
export function isRefused(error: unknown): error is HubspotError {
  return (
    error instanceof HubspotError && (error.status === 403 || error.status === 404 || error.status === 405)
  );
}

async function fetchDetails(api: Api): Promise<AccountDetails> {
  try {
    const { value } = await api.get({ what: 'account details', path: rawPaths.account, shape: accountShape });
    return value;
  } catch (error) {
    if (isRefused(error)) return { portalId: null };
    throw error;
  }
}

async function fetchProperties(
  api: Api,
  object: string,
): Promise<ReadonlyMap<string, PropertyRecord> | null> {
  try {
    const { value } = await api.call({
      what: `properties of ${object}`,
      request: api.build.properties.getAll(object, false),
      shape: propertyList,
    });
    return new Map(value.results.map((property) => [property.name, property]));
  } catch (error) {
    if (isRefused(error)) return null;
    throw error;
  }
}

export async function toAccount(session: Session): Promise<Account> {
  const details = await session.details();
  const id = details.portalId ?? null;
  return {
    id: id ?? 'unknown',
    name: id === null ? 'HubSpot' : `HubSpot ${id}`,
    currency: details.companyCurrency?.toUpperCase() ?? null,
    timeZone: details.timeZone ?? null,
  };
}

interface Remembered<K, T> {
  get(key: K): Promise<T>;
  forget(key: K): void;
}

/** Remembers answers, not failures. */
function keyed<K, T>(fetch: (key: K) => Promise<T>): Remembered<K, T> {
  const answers = new Map<K, Promise<T>>();
  function get(key: K): Promise<T> {
    const known = answers.get(key);
    if (known) return known;
    const answer = fetch(key);
    answers.set(key, answer);
    answer.catch(() => answers.delete(key));
    return answer;
  }
  return { get, forget: (key) => void answers.delete(key) };
}

function once<T>(fetch: () => Promise<T>): () => Promise<T> {
  const all = keyed((_: 'only') => fetch());
  return () => all.get('only');
}
