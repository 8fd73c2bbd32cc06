import type { SqlValue } from '../model/entities.ts';
import type { Segment } from '../model/result.ts';
import type { Zone } from '../model/zone.ts';
import type { Bench } from './bench.ts';
import { wholeCompany } from './detector.ts';
import { textOf } from './tally.ts';

const hourMs = 3_600_000;

/** Local weekday and hour of an instant; remembers the days that it has looked up. */
export function createClock(zone: Zone): (at: number) => { readonly weekday: number; readonly hour: number } {
  const days = new Map<string, { readonly startAt: number; readonly weekday: number }>();
  return (at) => {
    const date = zone.dateOf(at);
    const day = days.get(date) ?? {
      startAt: zone.startOf(date),
      weekday: new Date(`${date}T00:00:00Z`).getUTCDay(),
    };
    days.set(date, day);
    return { weekday: day.weekday, hour: Math.min(23, Math.floor((at - day.startAt) / hourMs)) };
  };
}

export interface Groups {
  /** The company first. */
  readonly list: readonly Segment[];
  /** Places in the list that a case belongs to. */
  placesOf(row: readonly SqlValue[]): readonly number[];
}

/** Of rows that have source, id, owner first and pipeline, channel, category, queue and its name from column 6 on. */
export function createGroups({ teamOf }: Pick<Bench, 'teamOf'>): Groups {
  const list: Segment[] = [wholeCompany];
  const places = new Map<string, number>();

  function placeOf(kind: string, value: SqlValue | undefined, { source, name = null }: Named): number[] {
    const id = textOf(value);
    if (id === null) return [];
    const key = `${kind}\n${source ?? ''}\n${id}`;
    const known = places.get(key);
    if (known !== undefined) return [known];
    places.set(key, list.length);
    list.push({ kind, id, name: name ?? id, source });
    return [list.length - 1];
  }

  return {
    list,
    placesOf(row) {
      const source = String(row[0]);
      const team = teamOf(source, textOf(row[2]));
      return [
        0,
        ...placeOf('owner', row[9], { source, name: textOf(row[10]) }),
        ...placeOf('team', team?.id, { source, name: team?.name ?? null }),
        ...placeOf('pipeline', row[6], { source }),
        ...placeOf('channel', row[7], { source: null }),
        ...placeOf('case_category', row[8], { source: null }),
      ];
    },
  };
}

interface Named {
  readonly source: string | null;
  readonly name?: string | null;
}
