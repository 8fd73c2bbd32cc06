import type { Goal, GoalTargets, TargetValue } from '../../src/model/goal.ts';
import type { CalendarRules } from '../../src/model/period.ts';
import { type Counter, formOf, type KpiId, type Segment } from './goals-oracle-count.ts';
import { businessDaysIn, type Span, spanOf } from './goals-oracle-periods.ts';
import { parentOf, teamOf } from './goals-oracle-world.ts';
import { plusDays } from './oracle-clock.ts';

/** What is promised for a period and a segment; amounts in minor units. */

/** As it stands in a CRM: for a person, or for a team; the last day included. */
export interface Quota {
  readonly owner: string | null;
  readonly team: string | null;
  readonly fromOn: string;
  readonly toOn: string;
  /** Minor units. */
  readonly amount: number;
}

export interface Asked {
  readonly quotas: readonly Quota[];
  readonly goal: Goal;
  readonly kpi: KpiId;
  readonly label: string;
  readonly span: Span;
  readonly segment: Segment;
  readonly counter: Counter;
  readonly asOf: number;
  readonly rules: CalendarRules;
  readonly holidays: ReadonlySet<string>;
}

export interface Promised {
  readonly target: TargetValue;
  readonly from?: string;
}

const adds = (kpi: KpiId) => ['count', 'money', 'stock'].includes(formOf(kpi).form);

function scaled(asked: Asked, target: TargetValue): TargetValue {
  const { form } = formOf(asked.kpi);
  if (form !== 'money' && form !== 'mean') return target;
  if (typeof target === 'number') return Math.round(target * 100);
  return { lo: Math.round(target.lo * 100), hi: Math.round(target.hi * 100) };
}

export function promised(asked: Asked): Promised | null {
  const { goal, kpi, segment, label } = asked;
  const { targets } = goal;
  const list = listOf(asked);
  if (list) return listed(asked, list);
  if (segment.kind !== 'company' && adds(kpi)) return null;
  if (targets.kind === 'constant') return { target: scaled(asked, targets.value) };
  if (targets.kind === 'by_period') {
    const value = targets.values[label];
    return value === undefined ? null : { target: scaled(asked, value) };
  }
  return targets.kind === 'yearly' ? { target: partOfYear(asked, targets) } : null;
}

function partOfYear(
  { goal, kpi, span, rules, holidays }: Asked,
  { year, spread }: Extract<GoalTargets, { kind: 'yearly' }>,
): number {
  const whole = spanOf(rules, 'year', span.startOn);
  const parts: Span[] = [];
  for (let day = whole.startOn; day < whole.endOn; day = parts.at(-1)?.endOn ?? whole.endOn)
    parts.push(spanOf(rules, goal.every, day));
  const weigh = (part: Span) => (spread === 'even' ? 1 : businessDaysIn(part, holidays));
  let [before, own, all] = [0, 0, 0];
  for (const part of parts) {
    const weight = weigh(part);
    if (part.startOn < span.startOn) before += weight;
    if (part.startOn === span.startOn) own = weight;
    all += weight;
  }
  if (formOf(kpi).form !== 'money') return (year * own) / all;
  const minor = year * 100;
  return Math.round((minor * (before + own)) / all) - Math.round((minor * before) / all);
}

type List = Extract<GoalTargets, { kind: 'list' }>;

/** Of the CRMs' quotas those that cover the period to the day. */
function listOf({ goal: { targets }, quotas, span, label }: Asked): List | null {
  if (targets.kind === 'list') return targets;
  if (targets.kind !== 'quotas') return null;
  const fitting = quotas.filter(
    ({ fromOn, toOn }) => fromOn === span.startOn && plusDays(toOn, 1) === span.endOn,
  );
  const rows = fitting.map(({ owner, team, amount }) => ({
    period: label,
    segmentKind: owner === null ? 'team' : 'owner',
    segmentId: owner ?? team ?? '',
    target: amount / 100,
  }));
  return { kind: 'list', rows };
}

/** The row that names period and segment most closely. */
function rowFor({ rows }: List, label: string, { kind, id }: Segment): number | null {
  const own = rows.filter(
    (row) =>
      row.segmentKind === kind &&
      (kind === 'company' || row.segmentId === id || row.segmentId === '*') &&
      (row.period === label || row.period === '*'),
  );
  const rank = (row: List['rows'][number]) => (row.segmentId === '*' ? 0 : 2) + (row.period === '*' ? 0 : 1);
  return own.toSorted((a, b) => rank(b) - rank(a))[0]?.target ?? null;
}

/** Those that have a target in the period and are named. */
function namedIds(list: List, kind: string, label: string): string[] {
  const named = list.rows.filter((row) => row.segmentKind === kind && row.segmentId !== '*');
  const ids = [...new Set(named.map((row) => row.segmentId))];
  return ids.filter((id) => rowFor(list, label, { kind, id }) !== null);
}

/** Those with targets of their own right below a segment: not below one another. */
function childrenOf({ segment, label }: Asked, list: List, kind: string): string[] {
  const ids = namedIds(list, kind, label);
  if (kind === 'owner')
    return ids.filter((id) => segment.kind === 'company' || isWithin(teamOf[id] ?? null, segment.id));
  const within = ids.filter(
    (id) => segment.kind === 'company' || (id !== segment.id && isWithin(parentOf[id] ?? null, segment.id)),
  );
  return within.filter(
    (id) => !within.some((other) => other !== id && isWithin(parentOf[id] ?? null, other)),
  );
}

function isWithin(team: string | null, above: string | null): boolean {
  for (let one: string | null = team; one; one = parentOf[one] ?? null) if (one === above) return true;
  return false;
}

function listed(asked: Asked, list: List): Promised | null {
  const { segment, label } = asked;
  const own = rowFor(list, label, segment);
  if (own !== null) return { target: scaled(asked, own) };
  if (segment.kind === 'owner') return null;
  const teams = childrenOf(asked, list, 'team').map((id) => ({ kind: 'team', id }));
  const people = childrenOf(asked, list, 'owner').map((id) => ({ kind: 'owner', id }));
  const alone = people.filter(({ id }) => !teams.some((team) => isWithin(teamOf[id] ?? null, team.id)));
  const hasTeams = people.some(({ id }) => teamOf[id] !== undefined);
  const children = teams.length === 0 ? people : [...teams, ...(hasTeams ? alone : [])];
  const target = pooled(asked, list, children);
  return target === null
    ? null
    : { target: scaled(asked, target), from: teams.length > 0 ? 'team' : 'owner' };
}

/** The sum of the children's targets, or their mean by what they counted. */
function pooled(asked: Asked, list: List, children: readonly Segment[]): number | null {
  const { kpi, span, counter, asOf, label } = asked;
  let [sum, weights] = [0, 0];
  let isAny = false;
  for (const child of children) {
    const target = rowFor(list, label, child);
    if (target === null) continue;
    isAny = true;
    const weight = adds(kpi) ? 1 : counter.itemsIn(kpi, child, { ...span, asOf }).length;
    sum += weight * target;
    weights += weight;
  }
  if (!isAny) return null;
  if (adds(kpi)) return sum;
  return weights === 0 ? null : sum / weights;
}

/** The target that was given less those of the segments below, for each kind that has any. */
export function unallocated(asked: Asked): Readonly<Record<string, number>> {
  const { kpi, segment, label } = asked;
  const targets = listOf(asked);
  if (!targets || !adds(kpi)) return {};
  const own = rowFor(targets, label, segment);
  if (own === null) return {};
  const left: Record<string, number> = {};
  for (const kind of ['team', 'owner']) {
    if (segment.kind === 'owner') continue;
    const children = childrenOf(asked, targets, kind).map((id) => ({ kind, id }));
    const sum = pooled(asked, targets, children);
    if (sum === null) continue;
    const difference = Number(scaled(asked, own)) - Number(scaled(asked, sum));
    if (difference !== 0) left[kind] = difference;
  }
  return left;
}
