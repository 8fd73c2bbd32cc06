import type { FactStore } from '../model/fact-store.ts';
import type { DurationClock } from '../model/goal.ts';
import type { Kpi } from '../model/kpi.ts';
import type { Period } from '../model/period.ts';
import type { Settings } from '../model/settings.ts';
import { createZone } from '../model/zone.ts';
import { medianInterval, type Range } from '../statistics/intervals.ts';
import { cutoffOf, loadSchedules } from './desk.ts';
import { loadOwnership } from './ownership.ts';
import { passFacts } from './pass.ts';
import { storeAt } from './past-store.ts';
import { loadPauses } from './pauses.ts';
import { createPeriodIndex } from './period-index.ts';
import { loadRates } from './rates.ts';

export interface SpreadOptions {
  readonly store: FactStore;
  readonly settings: Pick<Settings, 'calendar' | 'currency' | 'businessHours' | 'pausedStatuses'>;
  readonly kpi: Kpi;
  readonly clock: DurationClock;
  readonly period: Period;
  readonly kinds: readonly string[];
  readonly asOf: number;
}

/** By kind, then by id of the segment. */
export type MedianIntervals = ReadonlyMap<string, ReadonlyMap<string, Range>>;

/** 95 % intervals of the medians of a duration, from one pass; segments with too few records have none. */
export async function readMedianIntervals(options: SpreadOptions): Promise<MedianIntervals> {
  const { settings, kpi, clock, period, kinds } = options;
  const zone = createZone(settings.calendar.timeZone);
  const asOf = cutoffOf(zone, options.asOf);
  using standing = await storeAt(options.store, { asOf, zone });
  const { store } = standing;
  const values = new Map(kinds.map((kind) => [kind, new Map<string, number[]>()]));
  const form = await passFacts(
    {
      store,
      zone,
      rates: await loadRates(store, await store.sources(), settings.currency),
      ownership: await loadOwnership(store),
      asOf,
      schedules: clock === 'calendar' ? null : await loadSchedules(store, settings),
      pauses: clock === 'agent' ? await loadPauses(store, settings.pausedStatuses ?? []) : null,
    },
    {
      kpi,
      kinds,
      indexes: [createPeriodIndex([period])],
      visit: ({ segments, measure }) => {
        if (measure.kind !== 'counts') return;
        for (const { kind, id } of segments) {
          const ofKind = values.get(kind);
          const own = ofKind?.get(id ?? '') ?? [];
          ofKind?.set(id ?? '', own);
          own.push(measure.num);
        }
      },
    },
  );
  if (form !== 'duration') return new Map();
  return new Map([...values].map(([kind, ofKind]) => [kind, intervalsOf(ofKind)]));
}

function intervalsOf(values: ReadonlyMap<string, number[]>): ReadonlyMap<string, Range> {
  const intervals = [...values].map(([id, own]) => [id, medianInterval(own.sort((a, b) => a - b))] as const);
  return new Map(intervals.filter((entry): entry is [string, Range] => entry[1] !== null));
}
