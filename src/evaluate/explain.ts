import type { FactStore } from '../model/fact-store.ts';
import type { DurationClock } from '../model/goal.ts';
import type { Kpi } from '../model/kpi.ts';
import type { Period } from '../model/period.ts';
import type { Result } from '../model/result.ts';
import type { Settings } from '../model/settings.ts';
import { createZone } from '../model/zone.ts';
import { addMeasure, emptyBucket } from './aggregate.ts';
import { type ChangesSince, findChanges } from './changes-since.ts';
import { type DerivableField, formulasOf } from './derivation.ts';
import { cutoffOf, loadSchedules } from './desk.ts';
import { type Exclusion, type ExclusionInput, listExclusions } from './exclusions.ts';
import type { Fact } from './facts.ts';
import { figureOf, figureValue } from './figures.ts';
import { horizonOf } from './horizon.ts';
import { findLeft, type Left } from './left-since.ts';
import { loadOwnership } from './ownership.ts';
import { type Placement, passFacts } from './pass.ts';
import { storeAt } from './past-store.ts';
import { loadPauses } from './pauses.ts';
import { createPeriodIndex } from './period-index.ts';
import { loadRates } from './rates.ts';
import { keyText, type SegmentKey } from './segments.ts';

export interface ExplainOptions {
  readonly store: FactStore;
  readonly settings: Pick<Settings, 'calendar' | 'currency' | 'businessHours' | 'pausedStatuses'>;
  readonly kpi: Kpi;
  /** Where the KPI derives from others: all of them. */
  readonly catalog?: readonly Kpi[];
  /** Of a duration: by the calendar unless told. */
  readonly clock?: DurationClock;
  readonly period: Period;
  readonly segment: SegmentKey;
  readonly asOf: number;
  /** Facts listed; all of them are added up. */
  readonly limit: number;
  /** Tell what does not count, and what is new since the evaluation before: passes of their own. */
  readonly inFull?: boolean;
}

export interface Explanation
  extends Pick<Result, 'num' | 'den' | 'value' | 'n' | 'nMissing' | 'statistics' | 'flags'> {
  /** Oldest first. */
  readonly facts: readonly ExplainedFact[];
  /** Records that count; those with a null input are in nMissing. */
  readonly factsTotal: number;
  /** Of a KPI that derives from others, what each of them came to; its facts are theirs. */
  readonly inputs: readonly (Pick<Result, 'num' | 'den' | 'value' | 'n'> & { readonly kpi: string })[];
  /** Asked for in full: what does not count, and why. */
  readonly exclusions?: readonly Exclusion[];
  /** Asked for in full. */
  readonly changes?: ChangesSince;
  /** Asked for in full, where there was an evaluation before. */
  readonly left?: Left;
  /** Where records of the period were let go: the local day from which on all are there. */
  readonly keptFrom?: string;
}

export interface ExplainedFact {
  readonly source: string;
  readonly object: string;
  readonly id: string;
  /** Where one record gives several facts: which of them. */
  readonly part?: string;
  /** Epoch ms, or a local date where only that is known. */
  readonly at: number | string;
  /** Money in minor units of the reporting currency, durations in hours. */
  readonly num: number;
  readonly den: number | null;
  readonly value: number | null;
}

/** The records behind one result: the same pass that computes it, so that they always add up to it. */
export async function explainResult(options: ExplainOptions): Promise<Explanation> {
  const { settings, kpi } = options;
  const zone = createZone(settings.calendar.timeZone);
  using standing = await storeAt(options.store, { asOf: cutoffOf(zone, options.asOf), zone });
  const then = { ...options, store: standing.store };
  const explanation = await (kpi.derive ? explainDerived(then) : explainCounted(then));
  const keptFrom = await findHorizon(options);
  return keptFrom === null ? explanation : { ...explanation, keptFrom };
}

/** The result stands as it was computed, though not all of its records may be there any more. */
async function findHorizon({
  store,
  settings,
  kpi,
  catalog = [],
  period,
}: ExplainOptions): Promise<string | null> {
  const kpis = new Map(catalog.map((known) => [known.id, known]));
  const keptFrom = horizonOf(kpi, kpis, await store.purgedBefore());
  if (keptFrom === null || period.startAt >= keptFrom) return null;
  return createZone(settings.calendar.timeZone).dateOf(keptFrom);
}

/** Each KPI that it derives from, explained; then the arithmetic between them. */
async function explainDerived(options: ExplainOptions): Promise<Explanation> {
  const { kpi, catalog = [], limit } = options;
  if (!kpi.derive) throw new Error(`${kpi.id} is not derived`);
  const parts = new Map<string, Explanation>();
  for (const id of kpi.derive.inputs) {
    const part = catalog.find((known) => known.id === id);
    if (!part) throw new Error(`${kpi.id}: ${id} is not in the catalog`);
    parts.set(id, await explainCounted({ ...options, kpi: part }));
  }
  const lookup = (id: string, field: DerivableField) => parts.get(id)?.[field] ?? null;
  const formulas = formulasOf(kpi.derive);
  const num = formulas.num(lookup);
  const den = formulas.den?.(lookup) ?? null;
  const all = [...parts.values()];
  return {
    ...(options.inFull && { exclusions: all.flatMap(({ exclusions = [] }) => exclusions) }),
    facts: all.flatMap(({ facts }) => facts).slice(0, limit),
    factsTotal: all.reduce((sum, { factsTotal }) => sum + factsTotal, 0),
    num,
    den,
    value: formulas.den === null ? num : num === null || !den ? null : num / den,
    n: all[0]?.n ?? 0,
    nMissing: all.reduce((sum, { nMissing }) => sum + nMissing, 0),
    statistics: null,
    flags: [...new Set(all.flatMap(({ flags }) => flags))].sort(),
    inputs: [...parts].map(([id, { num, den, value, n }]) => ({ kpi: id, num, den, value, n })),
  };
}

async function explainCounted(options: ExplainOptions): Promise<Explanation> {
  const { store, settings, kpi, period, segment } = options;
  const zone = createZone(settings.calendar.timeZone);
  const asOf = cutoffOf(zone, options.asOf);
  const rates = await loadRates(store, await store.sources(), settings.currency);
  const ownership = await loadOwnership(store);
  const { clock = 'calendar' } = options;
  const schedules = clock === 'calendar' ? null : await loadSchedules(store, settings);
  const pauses = clock === 'agent' ? await loadPauses(store, settings.pausedStatuses ?? []) : null;
  const context = { store, zone, rates, ownership, asOf, schedules, pauses };
  const bucket = emptyBucket();
  const counted: Placement[] = [];
  const wanted = keyText(segment);
  const form = await passFacts(context, {
    kpi,
    kinds: [segment.kind],
    indexes: [createPeriodIndex([period])],
    visit: (placement) => {
      if (!placement.segments.some((key) => keyText(key) === wanted)) return;
      addMeasure(bucket, placement.measure);
      if (placement.measure.kind === 'counts') counted.push(placement);
    },
  });
  const figure = figureOf(bucket, { kpi, form, synced: true, reconstructed: false });
  const { num, den, n, nMissing, statistics, flags } = figure;
  const told = options.inFull && {
    exclusions: await listExclusions({ context, kpi, period, segment }),
    ...(await tellChanges({ context, kpi, period, segment }, counted, { limit: options.limit, n })),
  };
  return {
    ...told,
    facts: counted
      .sort((a, b) => compareFacts(a.fact, b.fact))
      .slice(0, options.limit)
      .map(describeFact),
    factsTotal: counted.length,
    num,
    den,
    value: figureValue(figure, form, 'p50'),
    n,
    nMissing,
    statistics,
    flags,
    inputs: [],
  };
}

/** Records that came or changed, and those that no longer count. */
async function tellChanges(
  input: ExclusionInput,
  counted: readonly Placement[],
  { limit, n }: { readonly limit: number; readonly n: number },
): Promise<Pick<Explanation, 'changes' | 'left'>> {
  const { store } = input.context;
  const facts = counted.map(({ fact }) => fact);
  const changes = await findChanges(store, facts, limit);
  if (changes.since === null) return { changes };
  const left = await findLeft({ ...input, since: changes.since, now: { n, fresh: changes.fresh } });
  return { changes, left };
}

function compareFacts(a: Fact, b: Fact): number {
  if (a.at !== b.at) return a.at - b.at;
  const [left, right] = [a, b].map(
    ({ source, object, id, part }) => `${source}\n${object}\n${id}\n${part ?? ''}`,
  );
  return (left ?? '') < (right ?? '') ? -1 : 1;
}

function describeFact({ fact, measure }: Placement): ExplainedFact {
  const { source, object, id, part, anchor } = fact;
  const counts = measure.kind === 'counts' ? measure : { num: 0, den: null };
  const { num, den } = counts;
  return {
    source,
    object,
    id,
    ...(part !== null && { part }),
    at: anchor,
    num,
    den,
    value: den === null ? num : den === 0 ? null : num / den,
  };
}
