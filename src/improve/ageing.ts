import { quantile } from '../statistics/intervals.ts';
import { type Bench, dayMs } from './bench.ts';
import {
  type Detector,
  type Draft,
  type Found,
  joinFound,
  silent,
  tooFew,
  wholeCompany,
} from './detector.ts';
import { findReadable } from './readable.ts';
import { caseOf, createTally, numberOf, type Tally } from './tally.ts';

const leastShare = 0.2;
const enoughClosed = 20;
const leastClosed = 8;
const leastOpen = 10;

interface Kind {
  readonly table: 'deal' | 'ticket';
  readonly segment: 'pipeline' | 'case_category';
  /** source, group, created, closed */
  readonly closed: string;
  /** source, id, owner, group, created */
  readonly open: string;
  readonly columns: readonly string[];
  readonly what: { readonly en: string; readonly es: string };
}

const deals: Kind = {
  table: 'deal',
  segment: 'pipeline',
  closed: `select source_id, coalesce(pipeline, ''), created_at, closed_at, created_on, closed_on
    from deal where outcome in ('won', 'lost') and closed_on >= :from_on and closed_on <= :today and created_at is not null`,
  open: `select s.source_id, s.id, s.owner_id, coalesce(s.pipeline, ''), d.created_at from deal_state s
    join deal d on d.source_id = s.source_id and d.id = s.id
    where s.outcome = 'open' and s.from_at < :as_of and (s.to_at is null or s.to_at >= :as_of) and d.created_at is not null`,
  columns: ['deal.outcome', 'deal.closed_on', 'deal.pipeline'],
  what: { en: 'open deals', es: 'oportunidades abiertas' },
};

const tickets: Kind = {
  table: 'ticket',
  segment: 'case_category',
  closed: `select source_id, coalesce(category, ''), created_at, last_closed_at, null, null
    from ticket where is_closed = 1 and last_closed_at >= :from and last_closed_at < :as_of and created_at is not null`,
  open: `select s.source_id, s.id, s.owner_id, coalesce(s.category, ''), t.created_at from ticket_state s
    join ticket t on t.source_id = s.source_id and t.id = s.id
    where s.is_closed = 0 and s.from_at < :as_of and (s.to_at is null or s.to_at >= :as_of) and t.created_at is not null`,
  columns: ['ticket.is_closed', 'ticket.last_closed_at', 'ticket.category'],
  what: { en: 'open cases', es: 'casos abiertos' },
};

export const ageing: Detector = {
  id: 'ageing',
  kind: 'inefficiency',
  effort: 'M',
  kpis: ['sales_cycle_hours', 'case_resolution_hours', 'open_deals', 'open_cases', 'overdue_cases'],
  rule: {
    en: '20 % or more of the open items are older than nine in ten were when they closed, in the same pipeline or category (20 closed in 180 days; from 8 on: older than twice the median).',
    es: 'El 20 % o más de los elementos abiertos tienen más antigüedad que nueve de cada diez al cerrarse, en el mismo embudo o categoría (20 cerrados en 180 días; desde 8: más del doble de la mediana).',
  },
  find: async (bench) => {
    const look = (kind: Kind) =>
      findReadable(bench, { of: kind.table, columns: kind.columns }, (seen) => findOld(seen, kind));
    return joinFound([await look(deals), await look(tickets)]);
  },
};

interface Limit {
  readonly days: number;
  readonly closed: number;
}

async function findOld(bench: Bench, kind: Kind): Promise<Found> {
  const limits = await readLimits(bench, kind);
  const tallies = new Map<string, Tally>();
  await bench.each(kind.open, (row) => {
    const group = groupOf(kind, row[0], row[3]);
    const limit = limits.get(group);
    if (!limit) return;
    const tally = tallies.get(group) ?? createTally(bench, kind.table);
    tallies.set(group, tally);
    const days = (bench.cutoff - Number(row[4])) / dayMs;
    tally.add(caseOf(row, days > limit.days, days));
  });
  const open = [...tallies.values()].reduce((sum, { den }) => sum + den, 0);
  if (limits.size === 0 || open < leastOpen) return silent(tooFew(kind.what, open, leastOpen));
  const drafts = [...tallies]
    .filter(([, tally]) => tally.den >= leastOpen && tally.share >= leastShare)
    .map(([group, tally]) => draftOf(bench, { kind, group, tally, limit: limits.get(group), open }));
  return { drafts, silences: [] };
}

/** Pipelines belong to one CRM; categories mean the same everywhere. */
function groupOf({ segment }: Kind, source: unknown, group: unknown): string {
  return segment === 'pipeline' ? `${source}\n${group}` : `\n${group}`;
}

async function readLimits(bench: Bench, kind: Kind): Promise<ReadonlyMap<string, Limit>> {
  const ages = new Map<string, number[]>();
  await bench.each(kind.closed, ([source, name, createdAt, closedAt, createdOn, closedOn]) => {
    const group = groupOf(kind, source, name);
    const age = daysOpen({
      createdAt: numberOf(createdAt),
      closedAt: numberOf(closedAt),
      createdOn,
      closedOn,
    });
    if (age === null || !(age >= 0)) return;
    const list = ages.get(group) ?? [];
    ages.set(group, list);
    list.push(age);
  });
  const limits = new Map<string, Limit>();
  for (const [group, list] of ages) {
    if (list.length < leastClosed) continue;
    const sorted = Float64Array.from(list).sort();
    const days =
      list.length >= enoughClosed ? quantile(sorted, 0.9) : 2 * (quantile(sorted, 0.5) ?? Number.NaN);
    if (days !== null) limits.set(group, { days, closed: list.length });
  }
  return limits;
}

interface Dates {
  readonly createdAt: number | null;
  readonly closedAt: number | null;
  readonly createdOn: unknown;
  readonly closedOn: unknown;
}

/** By dates where only the day of the closing is known. */
function daysOpen({ createdAt, closedAt, createdOn, closedOn }: Dates): number | null {
  if (typeof createdOn === 'string' && typeof closedOn === 'string')
    return (Date.parse(`${closedOn}T00:00:00Z`) - Date.parse(`${createdOn}T00:00:00Z`)) / dayMs;
  return createdAt === null || closedAt === null ? null : (closedAt - createdAt) / dayMs;
}

interface Old {
  readonly kind: Kind;
  readonly group: string;
  readonly tally: Tally;
  readonly limit: Limit | undefined;
  readonly open: number;
}

function draftOf({ speak }: Bench, { kind, group, tally, limit, open }: Old): Draft {
  const [source, id] = group.split('\n');
  const days = limit?.days ?? 0;
  const of = {
    en: id ? `${kind.what.en} of ${id}` : kind.what.en,
    es: id ? `${kind.what.es} de ${id}` : kind.what.es,
  };
  return {
    segment: id ? { kind: kind.segment, id, name: id, source: source || null } : wholeCompany,
    subject: kind.table,
    title: speak({
      en: (w) =>
        `${w.share(tally.share)} of the ${of.en} are old: ${tally.num} of ${tally.den} for more than ${w.days(days)} days.`,
      es: (w) =>
        `El ${w.share(tally.share)} de ${of.es} son antiguos: ${tally.num} de ${tally.den} con más de ${w.days(days)} días.`,
    }),
    evidence: {
      old: tally.num,
      open: tally.den,
      share: tally.share,
      limit_days: days,
      limit_by: (limit?.closed ?? 0) >= enoughClosed ? 'p90' : '2 x median',
      closed: limit?.closed ?? 0,
      measure: 'days',
    },
    records: tally.records(),
    teams: tally.teams(),
    reach: open > 0 ? tally.num / open : 0,
  };
}
