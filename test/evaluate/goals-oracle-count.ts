import type { Span } from './goals-oracle-periods.ts';
import { type Office, parentOf, teamOf } from './goals-oracle-world.ts';
import { dayMs, hourMs, localDay, midnight, plusDays } from './oracle-clock.ts';
import { middle } from './oracle-count.ts';

/** What each KPI counts, over plain lists. */

export type Mode = 'cumulative' | 'rate' | 'snapshot';
export type Form = 'count' | 'money' | 'ratio' | 'mean' | 'hours' | 'stock';

export interface Item {
  readonly owner: string | null;
  readonly num: number;
  readonly den: number;
  /** By date or by instant; of a stock since when and until when. */
  readonly on?: string;
  readonly at?: number;
  readonly until?: number;
}

export interface KpiForm {
  readonly form: Form;
  readonly mode: Mode;
  readonly better: 'higher' | 'lower';
  readonly segments: readonly string[];
  readonly items: (office: Office) => readonly Item[];
}

const item = (owner: string | null, more: Omit<Item, 'owner' | 'num' | 'den'> & Partial<Item>): Item => ({
  num: 1,
  den: 1,
  ...more,
  owner,
});

const dealItems = ({ deals }: Office, sizeOf: (deal: Office['deals'][number]) => number | null) =>
  deals.flatMap((deal) => {
    const num = sizeOf(deal);
    return num === null ? [] : [item(deal.owner, { on: localDay(deal.closesAt), at: deal.closesAt, num })];
  });

const people = ['company', 'team', 'owner'] as const;

export const kpiForms = {
  deals_won: {
    ...{ form: 'count', mode: 'cumulative', better: 'higher', segments: people },
    items: (office) => dealItems(office, ({ outcome }) => (outcome === 'won' ? 1 : null)),
  },
  revenue_won: {
    ...{ form: 'money', mode: 'cumulative', better: 'higher', segments: people },
    items: (office) => dealItems(office, ({ outcome, amount }) => (outcome === 'won' ? amount : null)),
  },
  cases_created: {
    ...{ form: 'count', mode: 'cumulative', better: 'lower', segments: ['company', 'team'] },
    items: ({ tickets }) => tickets.map(({ owner, createdAt }) => item(owner, { at: createdAt })),
  },
  win_rate: {
    ...{ form: 'ratio', mode: 'rate', better: 'higher', segments: people },
    items: (office) => dealItems(office, ({ outcome }) => (outcome === 'won' ? 1 : 0)),
  },
  csat: {
    ...{ form: 'ratio', mode: 'rate', better: 'higher', segments: people },
    items: ({ answers }) =>
      answers.map(({ owner, answeredAt, score }) => item(owner, { at: answeredAt, num: score >= 4 ? 1 : 0 })),
  },
  avg_deal_value: {
    ...{ form: 'mean', mode: 'rate', better: 'higher', segments: people },
    items: (office) => dealItems(office, ({ outcome, amount }) => (outcome === 'won' ? amount : null)),
  },
  case_resolution_hours: {
    ...{ form: 'hours', mode: 'rate', better: 'lower', segments: people },
    items: ({ tickets }) =>
      tickets.map(({ owner, createdAt, closesAt }) =>
        item(owner, { at: closesAt, num: (closesAt - createdAt) / hourMs }),
      ),
  },
  open_cases: {
    ...{ form: 'stock', mode: 'snapshot', better: 'lower', segments: people },
    items: ({ tickets }) =>
      tickets.map(({ owner, createdAt, closesAt }) => item(owner, { at: createdAt, until: closesAt })),
  },
} as const satisfies Readonly<Record<string, KpiForm>>;

export type KpiId = keyof typeof kpiForms;
export const formOf = (kpi: KpiId): KpiForm => kpiForms[kpi];

/** Half-open days, cut off at an instant. */
export interface Cut {
  readonly startOn: string;
  readonly endOn: string;
  readonly asOf: number;
}

function belongs(owner: string | null, kind: string, id: string | null): boolean {
  if (kind === 'company') return true;
  if (kind === 'owner') return (owner ?? '(none)') === id;
  const teams: string[] = [];
  for (let team = owner === null ? null : teamOf[owner]; team; team = parentOf[team]) teams.push(team);
  return id === '(none)' ? teams.length === 0 : teams.includes(id ?? '');
}

export interface Segment {
  readonly kind: string;
  readonly id: string | null;
}

type ByDay = ReadonlyMap<string, readonly Item[]>;

/** What an office holds, by KPI and segment. */
export interface Counter {
  itemsIn(kpi: KpiId, segment: Segment, cut: Cut): readonly Item[];
  /** Of the records of a segment the first that ever counted. */
  firstDay(kpi: KpiId, segment: Segment, asOf: number): string | null;
}

export function createCounter(office: Office): Counter {
  const known = new Map<string, ByDay>();

  function daysOf(kpi: KpiId, { kind, id }: Segment): ByDay {
    const key = `${kpi} ${kind} ${id}`;
    const own = formOf(kpi)
      .items(office)
      .filter(({ owner }) => belongs(owner, kind, id));
    const days = known.get(key) ?? Map.groupBy(own, ({ on, at = 0 }) => on ?? localDay(at));
    known.set(key, days);
    return days;
  }

  function standing(days: ByDay, { endOn, asOf }: Cut): readonly Item[] {
    const last = Math.min(midnight(endOn), asOf) - 1;
    const all = [...days.values()].flat();
    return all.filter(({ at = 0, until = 0 }) => at <= last && last < until);
  }

  return {
    itemsIn(kpi, segment, cut) {
      const days = daysOf(kpi, segment);
      if (formOf(kpi).form === 'stock') return standing(days, cut);
      const items: Item[] = [];
      for (let day = cut.startOn; day < cut.endOn; day = plusDays(day, 1))
        for (const one of days.get(day) ?? []) if ((one.at ?? 0) < cut.asOf) items.push(one);
      return items;
    },
    firstDay(kpi, segment, asOf) {
      const days = [...daysOf(kpi, segment)].filter(([, items]) => items.some(({ at = 0 }) => at < asOf));
      return days.map(([day]) => day).sort()[0] ?? null;
    },
  };
}

export interface Figure {
  readonly num: number;
  readonly den: number;
  readonly value: number | null;
}

export function figureOf(form: Form, items: readonly Item[], statistic: 'p50' | 'p90' | 'mean'): Figure {
  let num = 0;
  for (const one of items) num += one.num;
  const den = items.length;
  if (form === 'count' || form === 'money' || form === 'stock') return { num, den, value: num };
  if (form !== 'hours' || statistic === 'mean') return { num, den, value: den === 0 ? null : num / den };
  const hours = items.map((one) => one.num);
  return { num, den, value: middle(hours, statistic === 'p90' ? 0.9 : 0.5) };
}

/** When the CRM's first record of what the KPI is about was created. */
export function firstRecord(kpi: KpiId, { deals, tickets, answers }: Office): number | null {
  if (kpi === 'csat')
    return answers.length === 0 ? null : Math.min(...answers.map(({ answeredAt }) => answeredAt));
  const records = kpi.includes('case') ? tickets : deals;
  return records.length === 0 ? null : Math.min(...records.map(({ createdAt }) => createdAt));
}

export const isOver = (span: Span, asOf: number) => midnight(span.endOn) <= asOf;
/** Ten days after its end. */
export const isOfficial = ({ endOn }: Span, asOf: number) => midnight(endOn) + 10 * dayMs <= asOf;
