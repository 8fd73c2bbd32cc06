import { wilson } from '../statistics/intervals.ts';
import { type Bench, dayMs } from './bench.ts';
import {
  type Detector,
  type Draft,
  type Found,
  joinFound,
  type Reading,
  silent,
  tooFew,
  wholeCompany,
} from './detector.ts';
import { findReadable } from './readable.ts';
import { caseOf, createTally, numberOf } from './tally.ts';

const fewest = 20;
const reopenDays = 14;

/** First closings of the last 540 days that have been watched for 14 days. */
const reopenSql = `
  with told as (
    select source_id, id, min(from_at) as closed_at from ticket_state
    where is_closed = 1 and inferred = 0 group by source_id, id
  )
  select t.source_id, t.id, t.owner_id, f.closed_at,
         (select min(s.from_at) from ticket_state s where s.source_id = f.source_id and s.id = f.id
          and s.is_closed = 0 and s.from_at > f.closed_at) as opened_at
  from told f
  join ticket t on t.source_id = f.source_id and t.id = f.id
  where f.closed_at >= :long_ago and f.closed_at < :as_of - ${reopenDays * dayMs}`;

const reopenReading: Reading = { of: 'ticket', columns: ['ticket.is_closed', 'ticket.status'] };
const moveReading: Reading = { of: 'deal', columns: ['deal.stage', 'deal.pipeline'] };

const moveSql = `
  select source_id, id, owner_id, entered_at, case when position < was_position then 1 else 0 end as back
  from (
    select v.source_id, v.id, d.owner_id, v.entered_at, v.position, v.inferred, v.pipeline,
           lag(v.position) over (partition by v.source_id, v.id order by v.entered_at) as was_position,
           lag(v.pipeline) over (partition by v.source_id, v.id order by v.entered_at) as was_pipeline
    from stage_visit v
    join deal d on d.source_id = v.source_id and d.id = v.id
    where v.entered_at < :as_of
  ) m
  where position is not null and was_position is not null and inferred = 0 and entered_at >= :long_ago
    and pipeline is not distinct from was_pipeline`;

export const rework: Detector = {
  id: 'rework',
  kind: 'inefficiency',
  effort: 'M',
  kpis: ['reopen_rate', 'fcr_rate', 'case_resolution_hours', 'stage_conversion_rate', 'sales_cycle_hours'],
  rule: {
    en: 'The share of cases opened again within 14 days, or of stage moves that lead backwards, has its 95 % interval above the rate of the year before the window of 180 days (20 records in each).',
    es: 'La parte de casos reabiertos en 14 días, o de cambios de etapa hacia atrás, tiene su intervalo del 95 % por encima de la tasa del año anterior a la ventana de 180 días (20 registros en cada uno).',
  },
  find: async (bench) =>
    joinFound([
      await findReadable(bench, reopenReading, findReopened),
      await findReadable(bench, moveReading, findBackward),
    ]),
};

async function findReopened(bench: Bench): Promise<Found> {
  const both = splitByWindow(bench, 'ticket');
  await bench.each(reopenSql, (row) => {
    const [closedAt, openedAt] = [Number(row[3]), numberOf(row[4])];
    const days = openedAt === null || openedAt >= bench.cutoff ? null : (openedAt - closedAt) / dayMs;
    // The sooner it came back, the worse.
    const bad = days !== null && days <= reopenDays;
    both.add(closedAt, caseOf(row, bad, bad ? reopenDays - (days ?? 0) : null));
  });
  return judge(both, {
    subject: 'reopened',
    what: { en: 'closed cases with a history', es: 'casos cerrados con historial' },
    title: (figures) =>
      bench.speak({
        en: (w) =>
          `More cases are opened again: ${w.share(figures.share)} within 14 days, ${w.share(figures.baseline)} before.`,
        es: (w) =>
          `Se reabren más casos: ${w.share(figures.share)} en 14 días, antes ${w.share(figures.baseline)}.`,
      }),
  });
}

async function findBackward(bench: Bench): Promise<Found> {
  const both = splitByWindow(bench, 'deal');
  await bench.each(moveSql, (row) => both.add(Number(row[3]), caseOf(row, row[4] === 1, Number(row[4]))));
  return judge(both, {
    subject: 'backward_moves',
    what: { en: 'stage moves with a history', es: 'cambios de etapa con historial' },
    title: (figures) =>
      bench.speak({
        en: (w) =>
          `More stage moves lead backwards: ${w.share(figures.share)}, ${w.share(figures.baseline)} before.`,
        es: (w) =>
          `Más cambios de etapa van hacia atrás: ${w.share(figures.share)}, antes ${w.share(figures.baseline)}.`,
      }),
  });
}

type Both = ReturnType<typeof splitByWindow>;

/** The window, and all that came before it as the baseline. */
function splitByWindow(bench: Bench, table: 'deal' | 'ticket') {
  const now = createTally(bench, table);
  const earlier = createTally(bench, table);
  return {
    now,
    earlier,
    add: (at: number, one: ReturnType<typeof caseOf>) => (at >= bench.from ? now : earlier).add(one),
  };
}

interface Judging {
  readonly subject: string;
  readonly what: { readonly en: string; readonly es: string };
  readonly title: (figures: { readonly share: number; readonly baseline: number }) => Draft['title'];
}

function judge({ now, earlier }: Both, { subject, what, title }: Judging): Found {
  const n = Math.min(now.den, earlier.den);
  if (n < fewest) return silent(tooFew(what, n, fewest));
  const { low, high } = wilson(now.num, now.den);
  if (low <= earlier.share) return { drafts: [], silences: [] };
  const draft: Draft = {
    segment: wholeCompany,
    subject,
    title: title({ share: now.share, baseline: earlier.share }),
    evidence: {
      num: now.num,
      den: now.den,
      share: now.share,
      low,
      high,
      baseline_num: earlier.num,
      baseline_den: earlier.den,
      baseline: earlier.share,
      measure: subject === 'reopened' ? 'days_before_limit' : 'moves',
    },
    records: now.records(),
    teams: now.teams(),
    reach: now.share,
  };
  return { drafts: [draft], silences: [] };
}
