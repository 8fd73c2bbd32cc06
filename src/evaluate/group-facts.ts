import type { SqlValue } from '../model/entities.ts';
import type { FactQuery } from '../model/fact-store.ts';
import type { Kpi } from '../model/kpi.ts';
import { addDays, type Zone } from '../model/zone.ts';
import type { FactColumn, QueryPlan } from './fact-query.ts';
import { type Ownership, ownerChanges } from './ownership.ts';
import type { Rates } from './rates.ts';

/** What facts that count alike add up to: their cell's numbers. */
export interface GroupSums {
  readonly seen: number;
  readonly n: number;
  readonly num: number;
  readonly den: number;
  readonly takenOff: number;
}

export interface GroupPlan {
  readonly query: FactQuery;
  /** `one`: a fact like any other. `others`: there are facts to be looked at, which only the second query shows. */
  readonly read: (row: readonly SqlValue[]) => GroupSums | 'one' | 'others';
  readonly others: FactQuery;
}

interface GroupInput {
  readonly kpi: Kpi;
  readonly plan: QueryPlan;
  readonly objects: readonly string[];
  readonly kinds: readonly string[];
  /** Between two of them facts count in the same periods. */
  readonly bounds: readonly number[];
  readonly zone: Zone;
  readonly asOf: number;
  readonly rates: Rates;
  readonly ownership: Ownership;
  readonly hasBackdated: boolean;
}

/**
 * Events that only add up are counted by the database: a row for all facts with the same dimensions between two bounds,
 * at which something else begins to hold (a period, a team). Each group shows its first fact, so that periods and
 * segments are told as of any fact. What must be looked at one by one comes as it is: records that changed hands later,
 * foreign amounts, fractions, odd dates. Null where facts do more than add up, or are put together from several tables:
 * to sort those costs more than it saves.
 */
export function planGroups(input: GroupInput): GroupPlan | null {
  const { kpi, plan, objects, rates } = input;
  const { has, width } = plan.layout;
  const [object] = objects;
  if (object === undefined || !plan.readsRecords || has('at') === has('day')) return null;
  if (kpi.unit === 'hours' || kpi.unit === 'points' || kpi.quantiles || kpi.complete === 'cost') return null;
  if (!has('num') || onlyAlone.some(has)) return null;
  if (kpi.money.length > 0 && !(has('currency') && rates.reportsOwn)) return null;
  const bounds = allBounds(input);
  if (bounds.length > mostBounds) return null;
  const names = Array.from({ length: width }, (_, place) => `c${place}`).join(', ');
  const reasons = reasonsToLook(input, object);
  const told = `select ${names}, ${stretchOf(input, bounds, reasons)} as stretch from listed`;
  const withTold = (how: string) => `with listed (${names}) as (${plan.query.sql}), told as ${how} (${told})`;
  const ones = `select ${names}, null, null, null, null, null, null from told where stretch = ${alone}`;
  const groups = (where: string) => groupsOf(input, where);
  const params = { ...plan.query.params, own_object: object, reporting: rates.reporting };
  // Where many are to be looked at, all facts are put down and read twice: it costs less than to find them again.
  const sql =
    reasons.length > 0
      ? `${withTold('materialized')} ${groups('stretch >= 0')} union all ${ones}`
      : `${withTold('')} ${groups('stretch is not null')}`;
  return {
    query: { sql, params },
    read: (row) => readGroup(row, width),
    others: { sql: `${withTold('')} ${ones}`, params },
  };
}

/** Columns with which a fact is more, or less, than a number at an instant. */
const onlyAlone: readonly FactColumn[] = [
  ...(['period', 'since', 'until', 'part', 'start_at', 'end_at', 'observed_until'] as const),
  ...(['mature_at', 'value', 'censored', 'inferred'] as const),
];

const alone = -1;
/** SQLite compares each constant of a statement with all others: 1,000 would take longer than to read the facts. */
const mostBounds = 200;

function groupsOf({ plan: { layout } }: GroupInput, where: string): string {
  const { width, placeOf, has, dimensions, ownTeam } = layout;
  const keys = new Set([...dimensions.values(), ownTeam ?? -1, placeOf('source_id')]);
  const shown = Array.from({ length: width }, (_, place) => {
    if (place === placeOf('object')) return ':own_object';
    if (place === placeOf(has('at') ? 'at' : 'day')) return `min(c${place})`;
    return keys.has(place) ? `c${place}` : 'null';
  });
  const num = `c${placeOf('num')}`;
  const den = `c${placeOf('den')}`;
  const sums = has('den')
    ? `count(${num} + ${den}), total(case when ${den} is not null then ${num} end),
       total(case when ${num} is not null then ${den} end), total(${den} < 0 and ${num} is not null)`
    : `count(${num}), total(${num}), 0, 0`;
  const by = ['stretch', ...[...keys].filter((place) => place >= 0).map((place) => `c${place}`)];
  return `select ${shown.join(', ')}, count(*), ${sums}, stretch from told where ${where} group by ${by.join(', ')}`;
}

function readGroup(row: readonly SqlValue[], width: number): ReturnType<GroupPlan['read']> {
  const seen = row[width] ?? null;
  if (seen === null) return 'one';
  const [n = 0, num = 0, den = 0, takenOff = 0, stretch] = row.slice(width + 1).map(Number);
  return stretch === alone ? 'others' : { seen: Number(seen), n, num, den, takenOff };
}

/** Which stretch of time a fact lies in; null: in none. */
function stretchOf(input: GroupInput, bounds: readonly number[], reasons: readonly string[]): string {
  const { placeOf, has } = input.plan.layout;
  const isDay = has('day');
  const anchor = `c${placeOf(isDay ? 'day' : 'at')}`;
  const chosen = isDay ? chooseStretch(anchor, daysFrom(bounds, input)) : chooseStretch(anchor, bounds);
  const odd = isDay ? `${anchor} is not date(${anchor})` : `typeof(${anchor}) <> 'integer'`;
  const fractions = (['num', 'den'] as const).flatMap((name) => {
    const value = `c${placeOf(name)}`;
    return has(name) ? `cast(${value} as integer) is not ${value}` : [];
  });
  const all = [odd, ...fractions, ...reasons].join(' or ');
  return `case when ${anchor} is null then null when ${all} then ${alone} else ${chosen} end`;
}

/** Why some records are to be looked at one by one. */
function reasonsToLook(input: GroupInput, object: string): readonly string[] {
  const { kpi, ownership, hasBackdated } = input;
  const { placeOf, dimensions, ownOwner } = input.plan.layout;
  const id = `c${placeOf('id')}`;
  const reasons: string[] = [];
  if (kpi.money.length > 0) reasons.push(`c${placeOf('currency')} <> :reporting`);
  if (dimensions.has('owner') && !ownOwner && ownership.haveMoved(object)) {
    const ofObject = `${ownerChanges} and object = :own_object`;
    // By the id alone: of one in another source with the same id it is enough that it is looked at.
    const later = `source_id = c${placeOf('source_id')} and record_id = ${id} and at >= ${earliestOf(input)}`;
    reasons.push(
      `(${id} in (select record_id from ${ofObject}) and exists (select 1 from ${ofObject} and ${later}))`,
    );
  }
  if (hasBackdated && object === 'deal') reasons.push(`${id} in (select id from backdated_deal)`);
  return reasons;
}

/** An instant that is not after the fact, wherever its local day begins. */
function earliestOf({ plan: { layout } }: GroupInput): string {
  return layout.has('at')
    ? `c${layout.placeOf('at')}`
    : `unixepoch(c${layout.placeOf('day')}) * 1000 - 86400000`;
}

function allBounds({ kpi, kinds, bounds, asOf, ownership }: GroupInput): readonly number[] {
  const all = new Set([...bounds, asOf]);
  if (kpi.maturesMs !== null) for (const after of [0, 1]) all.add(asOf - kpi.maturesMs + after);
  const first = Math.min(...bounds);
  const turns = kinds.includes('team') ? ownership.teamTurns : [];
  for (const at of turns) if (at > first && at < asOf) all.add(at);
  return [...all].sort((a, b) => a - b);
}

/** A day is looked at from its last instant, and has begun by as_of or not. */
function daysFrom(bounds: readonly number[], { zone, asOf }: GroupInput): readonly string[] {
  return [...new Set([...bounds.map(zone.dateOf), addDays(zone.dateOf(asOf - 1), 1)])].sort();
}

/** How many of the bounds are not after a value, by halving. */
function chooseStretch(value: string, bounds: readonly (number | string)[]): string {
  const choose = (from: number, until: number): string => {
    if (from === until) return String(from);
    const middle = (from + until) >>> 1;
    const bound = bounds[middle];
    const text = typeof bound === 'string' ? `'${bound}'` : String(bound);
    return `case when ${value} < ${text} then ${choose(from, middle)} else ${choose(middle + 1, until)} end`;
  };
  return choose(0, bounds.length);
}
