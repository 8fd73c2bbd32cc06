import type { Language } from '../model/kpi.ts';
import type { Notice, OpenAlert } from '../model/operations.ts';
import type { RunInfo } from '../model/store.ts';
import { words } from './words.ts';

export interface TellableFailure {
  readonly kind: string;
  readonly where: string;
  readonly message: string;
  readonly fix: string;
}

const personKinds = new Set(['usage', 'config', 'auth', 'store']);

/** What the newest run of each job left; a job of all stages speaks for the single ones too. */
export function findFailures(runs: readonly RunInfo[], language: Language): readonly OpenAlert[] {
  const found = new Map<string, OpenAlert>();
  for (const run of newestRuns(runs)) {
    const failures = readFailures(run.error).filter(({ kind }) => kind !== 'stopped');
    for (const [key, same] of Map.groupBy(failures, keyOf)) {
      if (!found.has(key))
        found.set(key, { key, notice: describeFailures(same, { since: run.startedAt, language }) });
    }
  }
  return [...found.values()];
}

/** Interrupted and stopped runs say nothing of what works. */
function newestRuns(runs: readonly RunInfo[]): readonly RunInfo[] {
  const telling = runs.filter(({ outcome }) => outcome !== null && !/^(interrupted|stopped)$/.test(outcome));
  const newest: RunInfo[] = [];
  for (const run of telling) {
    if (newest.some(({ job }) => job === run.job)) continue;
    newest.push(run);
    if (run.job === 'run') break;
  }
  return newest;
}

/** One for each connection (the first word of the place) and kind: the objects of one outage are one problem. */
function keyOf({ kind, where }: TellableFailure): string {
  return `failure|${kind}|${placeOf(where)}`;
}

function placeOf(where: string): string {
  return where.split(' ')[0] ?? where;
}

/** Failures of one kind at one place as one problem. */
export function describeFailures(
  same: readonly TellableFailure[],
  { since, language }: { readonly since: number; readonly language: Language },
): Notice {
  const say = words[language];
  const [first] = same;
  const isPersons = personKinds.has(first?.kind ?? '');
  const where = placeOf(first?.where ?? '');
  const more = same.length > 1 ? ` (${say.more(same.length - 1)})` : '';
  return {
    events: isPersons ? ['failure', 'needs_person'] : ['failure'],
    state: 'problem',
    title: isPersons ? say.needsPerson(where) : say.failed(where),
    message: `${first?.message ?? ''}${more}`,
    fix: first?.fix || null,
    since,
  };
}

/** The run log keeps what the command line wrote into it. */
function readFailures(error: unknown): readonly TellableFailure[] {
  if (!Array.isArray(error)) return [];
  return error.filter(
    (failure) => typeof failure === 'object' && failure !== null && 'kind' in failure && 'where' in failure,
  );
}
