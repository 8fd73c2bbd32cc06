import type {
  Batch,
  Cursor,
  PassEstimate,
  ReadOptions,
  Stream,
  StreamCount,
} from '../../src/model/connector.ts';
import { RunError } from '../../src/model/errors.ts';
import type { Draft } from './draft.ts';
import { draftSources } from './drafts.ts';
import { HubspotError, missingScopes } from './explain.ts';
import { mappingProblems, type Problem } from './mapping-check.ts';
import type { ReadPlan } from './plan.ts';
import type { Session } from './session.ts';

/** A stream with how it is probed, read and counted. */
export interface Source {
  readonly stream: Stream;
  /** Scopes that HubSpot says are missing for it; for `check`. */
  readonly missingScopes: readonly string[];
  /** What figures lack where it cannot be read; null: nothing worth a sentence. */
  readonly consequence: string | null;
  /** Properties that `fields` maps; for `check`. */
  readonly plan: ReadPlan | null;
  read(since: Cursor | null, options: ReadOptions): AsyncIterable<Batch>;
  count(): Promise<StreamCount>;
  estimate(since: Cursor | null): Promise<PassEstimate>;
}

/** All streams, unavailable ones with their reason. */
export async function listSources(session: Session): Promise<readonly Source[]> {
  const sources: Source[] = [];
  for (const draft of await draftSources(session)) sources.push(await probeSource(session, draft));
  return sources;
}

/** Where each object is refused, a night without any record would look like a quiet one. */
export function requireSome(session: Session, sources: readonly Source[]): readonly Source[] {
  const refused = sources.flatMap(({ stream }) => stream.unavailable ?? []);
  const [first] = refused;
  if (!first || refused.length < sources.length) return sources;
  const { problem, fix } = first;
  throw new RunError('config', { where: session.name, message: `Nothing can be read here. ${problem}`, fix });
}

async function probeSource(session: Session, draft: Draft): Promise<Source> {
  const refused = await probeAccess(draft);
  const problem = refused ?? (await checkMapping(session, draft));
  const stream: Stream = {
    name: draft.name,
    table: draft.table,
    object: draft.object,
    link: draft.typeId === null ? null : await linkOf(session, draft.typeId),
    comparable: draft.comparable,
    ...(problem ? { unavailable: { problem: problem.problem, fix: problem.fix } } : {}),
  };
  return {
    stream,
    plan: draft.plan,
    read: draft.read,
    count: draft.count,
    estimate: draft.estimate,
    missingScopes: refused?.scopes ?? [],
    consequence: draft.consequence ?? null,
  };
}

/** Only a refusal makes a stream unavailable; a failing server is a failure of the read. */
async function probeAccess(draft: Draft): Promise<(Problem & { readonly scopes: readonly string[] }) | null> {
  try {
    await draft.probe();
    return null;
  } catch (error) {
    if (!(error instanceof HubspotError) || error.status === 401) throw error;
    if (error.status === 423 || error.status >= 429) return null;
    const problem = [error.message, draft.consequence].filter(Boolean).join(' ');
    return { problem, fix: error.fix, scopes: missingScopes(error.body) };
  }
}

async function checkMapping(session: Session, { plan }: Draft): Promise<Problem | null> {
  // A field that is not there costs its column only, and is told when the rest has been read.
  if (!plan?.entity) return null;
  const problems = await mappingProblems(session, plan);
  const [first] = problems;
  return first ? { problem: problems.map(({ problem }) => problem).join(' '), fix: first.fix } : null;
}

/** Record pages: developer documentation, "Account information". */
async function linkOf(session: Session, typeId: string): Promise<string | null> {
  const { portalId, uiDomain } = await session.details();
  if (!portalId) return null;
  return `https://${uiDomain ?? 'app.hubspot.com'}/contacts/${portalId}/record/${typeId}/{id}`;
}
