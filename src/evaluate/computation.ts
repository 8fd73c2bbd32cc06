import type { Kpi } from '../model/kpi.ts';
import type { Period } from '../model/period.ts';
import type { Zone } from '../model/zone.ts';
import { addDays, daysBetween } from '../model/zone.ts';
import { type Aggregate, aggregateCells, type Bucket, poolBuckets } from './aggregate.ts';
import type { Schedules } from './business-hours.ts';
import type { Split } from './causes.ts';
import { type Coverage, coverageOf } from './coverage.ts';
import { formulasOf } from './derivation.ts';
import type { Desk } from './desk.ts';
import { type Figure, figureOf, figureValue } from './figures.ts';
import { type Filled, fillBook, type Since } from './fill-book.ts';
import { findLacking } from './inputs.ts';
import type { Form } from './pass.ts';
import type { Pauses } from './pauses.ts';
import type { SegmentKey } from './segments.ts';
import type { Window } from './windows.ts';

export interface ComputeInput {
  readonly kpi: Kpi;
  readonly coverage: Coverage;
  readonly kinds: readonly string[];
  readonly windows: readonly Window[];
  /** Whether a segment's days are wanted, for pace and forecast. */
  readonly keepsDays: (key: SegmentKey) => boolean;
  /** Working hours to measure durations by; null: the calendar. */
  readonly schedules: Schedules | null;
  /** Times that do not count, on the agent's clock; else null. */
  readonly pauses?: Pauses | null;
  /** Under which its facts are kept for the next evaluation; default: the KPI's id. */
  readonly stateKey?: string;
  /** Of everything else on which its results rest. */
  readonly judgedBy?: string;
}

/** The figures of one KPI, by segment, place of the window and place of the period in it. */
export interface Computed {
  readonly form: Form;
  /** Those that have a fact. */
  readonly segments: ReadonlyMap<string, SegmentKey>;
  /** How many facts a figure is made of. */
  countAt(key: SegmentKey, grain: number, place: number): Pick<Figure, 'n' | 'nMissing'>;
  figureAt(key: SegmentKey, grain: number, place: number): Figure;
  /** Several periods' facts as one figure. */
  poolAt(key: SegmentKey, grain: number, places: readonly number[]): Figure;
  /** What each local day brought; empty for what is not added up day by day. */
  bucketsAt(key: SegmentKey, grain: number): readonly (Bucket | undefined)[];
  /** How it differs from the last evaluation; null: not known, all of it may. */
  readonly since: Since | null;
  /** Why; null: not known. */
  readonly split: () => Promise<Split | null>;
}

export function computeKpi(desk: Desk, input: ComputeInput): Promise<Computed> {
  return input.kpi.derive ? computeDerived(desk, input) : computeFacts(desk, input);
}

async function computeFacts(desk: Desk, input: ComputeInput): Promise<Computed> {
  const { kpi, coverage, windows } = input;
  const { book, form, since, split }: Filled = await fillBook(desk, input);
  let aggregate: Aggregate | null = null;
  const indexes = windows.map(({ index }) => index);
  const lacking = await findLacking(desk.store, kpi, coverage.connections);
  const lacks = (source: string | null) =>
    source === null ? lacking.size > 0 && lacking.size === coverage.connections.length : lacking.has(source);
  const cells = () => {
    aggregate ??= aggregateCells(book(), indexes, desk.asOf);
    return aggregate;
  };
  const bucketsAt: Computed['bucketsAt'] = (key, grain) => cells().bucketsAt(key, grain);
  return {
    form,
    get segments() {
      return cells().segments;
    },
    bucketsAt,
    since,
    split,
    countAt: (key, grain, place) => bucketsAt(key, grain)[place] ?? nothingCounted,
    figureAt(key, grain, place) {
      const period = periodAt(windows, grain, place);
      const bucket = bucketsAt(key, grain)[place];
      return figureOf(bucket, {
        kpi,
        form,
        synced: coverage.isSynced(period, key.source),
        reconstructed: kpi.kind === 'snapshot' && !kpi.captured && period.endAt < desk.asOf,
        withheld: kpi.complete === 'cost' && !costsAreComplete(bucket, period, desk),
        lacking: lacks(key.source),
      });
    },
    poolAt(key, grain, places) {
      const buckets = bucketsAt(key, grain);
      const pool = poolBuckets(places.flatMap((place) => buckets[place] ?? []));
      return figureOf(pool, { kpi, form, synced: true, reconstructed: false, lacking: lacks(key.source) });
    },
  };
}

const nothingCounted = { n: 0, nMissing: 0 };

/** Of KPIs that are put together: the first one tells how many there are, each what it misses. */
function addCounts(all: readonly Pick<Figure, 'n' | 'nMissing'>[]): Pick<Figure, 'n' | 'nMissing'> {
  let nMissing = 0;
  for (const figure of all) nMissing += figure.nMissing;
  return { n: all[0]?.n ?? 0, nMissing };
}

function periodAt(windows: readonly Window[], grain: number, place: number): Period {
  const period = windows[grain]?.index.periods[place];
  if (!period) throw new RangeError(`no period ${place}`);
  return period;
}

/** Every local day of the period, to as_of, has a cost: a month with half its costs would look cheap. */
function costsAreComplete(
  bucket: Bucket | undefined,
  { startOn, endOn }: Period,
  { zone, asOf }: { readonly zone: Zone; readonly asOf: number },
): boolean {
  const dayAfter = addDays(zone.dateOf(asOf - 1), 1);
  const until = dayAfter < endOn ? dayAfter : endOn;
  let covered = 0;
  for (const day of bucket?.costDays ?? []) if (day >= startOn && day < until) covered++;
  return covered > 0 && covered >= daysBetween(startOn, until);
}

/** The KPIs that it names are computed over the same periods and segments, and their sums combined. */
async function computeDerived(desk: Desk, input: ComputeInput): Promise<Computed> {
  const { kpi } = input;
  if (!kpi.derive) throw new Error(`${kpi.id} is not derived`);
  const { num, den } = formulasOf(kpi.derive);
  const parts = new Map<string, Computed>();
  for (const id of kpi.derive.inputs) {
    const part = desk.catalog.get(id);
    const coverage = part && coverageOf(part, desk.sources, desk);
    if (!part || !coverage) throw new Error(`${kpi.id}: ${id} cannot be computed`);
    const own = { kpi: part, coverage, keepsDays: () => false, stateKey: `${kpi.id}/${id}` };
    parts.set(id, await computeFacts(desk, { ...input, ...own }));
  }

  function combine(figureIn: (part: Computed) => Figure): Figure {
    const figures = new Map([...parts].map(([id, part]) => [id, figureIn(part)]));
    const lookup = (id: string, field: 'num' | 'den' | 'value') => {
      const figure = figures.get(id);
      const part = parts.get(id);
      if (!figure || !part) return null;
      return field === 'value' ? figureValue(figure, part.form, 'p50') : figure[field];
    };
    const all = [...figures.values()];
    return {
      num: num(lookup),
      den: den?.(lookup) ?? null,
      ...addCounts(all),
      statistics: null,
      flags: [...new Set(all.flatMap(({ flags }) => flags))].sort(),
      times: new Float64Array(),
      goesOn: new Float64Array(),
      squares: 0,
      beyond: null,
      synced: all.every(({ synced }) => synced),
      withheld: all.some(({ withheld }) => withheld),
    };
  }

  return {
    form: den ? 'ratio' : 'sum',
    get segments() {
      return new Map([...parts.values()].flatMap(({ segments }) => [...segments]));
    },
    countAt: (key, grain, place) =>
      addCounts([...parts.values()].map((part) => part.countAt(key, grain, place))),
    bucketsAt: () => [],
    split: async () => null,
    since: joinSince([...parts.values()].map(({ since }) => since)),
    figureAt: (key, grain, place) => combine((part) => part.figureAt(key, grain, place)),
    poolAt: (key, grain, places) => combine((part) => part.poolAt(key, grain, places)),
  };
}

function joinSince(all: readonly (Since | null)[]): Since | null {
  const known = all.flatMap((since) => since ?? []);
  const [first] = known;
  if (!first || known.length < all.length) return null;
  const cells = known.flatMap(({ moves }) => moves.cells);
  const days = known.flatMap(({ moves }) => moves.days);
  return {
    ...first,
    moves: { cells, days, split: null },
    unsynced: known.flatMap(({ unsynced }) => unsynced),
  };
}
