import type { Goal } from '../model/goal.ts';
import type { Labels } from '../model/kpi.ts';
import type { Segment } from '../model/result.ts';
import { wilson } from '../statistics/intervals.ts';
import { kaplanMeierSteps, survivalQuantile } from '../statistics/survival.ts';
import { type Bench, hoursOf } from './bench.ts';
import { type Detector, type Draft, type Found, silent, tooFew, wholeCompany } from './detector.ts';
import { type Cell, findSlowCells, type Reply } from './response-cells.ts';
import { createClock, createGroups, type Groups } from './response-groups.ts';
import { caseOf, createTally, numberOf, type Tally } from './tally.ts';
import { dayIds, dayNames, hourSpans } from './weekdays.ts';

const fewest = 20;
/** Where no goal says what is in time. */
const defaultHours = 24;
const defaultTarget = 'default';

/** The queue of a case is its first owner, where that is one. */
const sql = `
  with first_owner as (
    select s.source_id, s.id, s.owner_id from ticket_state s
    join (select source_id, id, min(from_at) as from_at from ticket_state group by source_id, id) f
      on f.source_id = s.source_id and f.id = s.id and f.from_at = s.from_at
  ),
  replying as (select distinct source_id from ticket where first_reply_at is not null)
  select t.source_id, t.id, t.owner_id, t.created_at,
         case when t.first_reply_at < :as_of then t.first_reply_at end,
         case when t.last_closed_at < :as_of then t.last_closed_at end,
         t.pipeline, t.channel, t.category, q.id, q.name
  from ticket t
  join replying r on r.source_id = t.source_id
  left join first_owner o on o.source_id = t.source_id and o.id = t.id
  left join actor q on q.source_id = t.source_id and q.id = coalesce(o.owner_id, t.owner_id) and q.kind = 'queue'
  where t.created_at >= :from and t.created_at < :as_of`;

export const responseLag: Detector = {
  id: 'response_lag',
  kind: 'inefficiency',
  effort: 'M',
  kpis: ['first_response_hours', 'sla_met_rate', 'case_resolution_hours', 'csat'],
  reading: { of: 'ticket', columns: ['ticket.first_reply_at', 'ticket.last_closed_at'] },
  rule: {
    en: 'More than one in ten first replies comes later than the goal for the response time (24 hours where there is none), over all cases or in one queue, team, pipeline, channel or category, or on one weekday of it, with evidence; 180 days, 10 cases at least.',
    es: 'Más de una de cada diez primeras respuestas llega después del objetivo de tiempo de respuesta (24 horas si no lo hay), en todos los casos o en una cola, equipo, embudo, canal o categoría, o en uno de sus días de la semana, con evidencia; 180 días, al menos 10 casos.',
  },
  find: findLag,
};

async function findLag(bench: Bench): Promise<Found> {
  const target = targetOf(bench);
  const groups = createGroups(bench);
  const replies = await readReplies(bench, groups, target.hours);
  const what = {
    en: 'cases with a reply, or waiting for one',
    es: 'casos con respuesta, o en espera de una',
  };
  if (replies.length < fewest) return silent(tooFew(what, replies.length, fewest));
  const drafts = findSlowCells(replies, groups.list.length).map((cell) =>
    draftOf(bench, { cell, target, all: replies.length, segment: groups.list[cell.group] ?? wholeCompany }),
  );
  return { drafts, silences: [] };
}

interface Target {
  readonly hours: number;
  readonly from: string;
}

function targetOf({ goals }: Pick<Bench, 'goals'>): Target {
  const goal = goals.find(({ kpi }) => kpi === 'first_response_hours');
  const hours = goal ? constantOf(goal) : null;
  return goal && hours !== null ? { hours, from: goal.id } : { hours: defaultHours, from: defaultTarget };
}

function constantOf({ targets }: Goal): number | null {
  const value =
    targets.kind === 'constant'
      ? targets.value
      : targets.kind === 'by_period'
        ? Object.entries(targets.values)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .at(-1)?.[1]
        : null;
  if (value === null || value === undefined) return null;
  return typeof value === 'number' ? value : value.hi;
}

async function readReplies(bench: Bench, groups: Groups, limitHours: number): Promise<readonly Reply[]> {
  const clock = createClock(bench.zone);
  const replies: Reply[] = [];
  await bench.each(sql, (row) => {
    const [createdAt, repliedAt, closedAt] = [Number(row[3]), numberOf(row[4]), numberOf(row[5])];
    const hours = hoursOf((repliedAt ?? closedAt ?? bench.cutoff) - createdAt);
    const isWaiting = repliedAt === null;
    const isSlow = hours > limitHours;
    // Without a reply and not yet late, or closed before it was: it tells nothing.
    if (hours < 0 || (isWaiting && !isSlow)) return;
    const { source, id, owner } = caseOf(row, isSlow, hours);
    const when = clock(createdAt);
    replies.push({ source, id, owner, hours, isSlow, isWaiting, ...when, groups: groups.placesOf(row) });
  });
  return replies;
}

interface Lag {
  readonly cell: Cell;
  readonly target: Target;
  readonly all: number;
  readonly segment: Segment;
}

function draftOf(bench: Bench, { cell, target, all, segment }: Lag): Draft {
  const tally = createTally(bench, 'ticket');
  for (const { source, id, owner, isSlow, hours } of cell.replies)
    tally.add({ source, id, owner, bad: isSlow, measure: hours });
  const waiting = cell.replies.map(({ isWaiting }) => isWaiting);
  const steps = kaplanMeierSteps(
    cell.replies.map(({ hours }) => hours),
    waiting,
  );
  const p90 = survivalQuantile(steps, 0.9);
  const day = cell.weekday === null ? null : (dayIds[cell.weekday] ?? null);
  return {
    segment,
    subject: day,
    title: titleOf(bench, tally, { cell, target, segment }),
    evidence: {
      late: tally.num,
      cases: tally.den,
      share: tally.share,
      low: wilson(tally.num, tally.den).low,
      p50_hours: survivalQuantile(steps, 0.5),
      p90_hours: p90,
      target_hours: target.hours,
      target_from: target.from,
      weekday: day,
      late_when: hourSpans(cell.replies),
      measure: 'hours',
    },
    records: tally.records(),
    teams: segment.kind === 'team' ? [] : tally.teams(),
    reach: tally.den / all,
    ...(target.from !== defaultTarget && p90 !== null && { deviation: (p90 - target.hours) / target.hours }),
  };
}

function titleOf(
  { speak }: Bench,
  { num, den, share }: Tally,
  { cell, target, segment }: Omit<Lag, 'all'>,
): Labels {
  const name = segment.kind === 'company' ? null : segment.name;
  const { weekday } = cell;
  const where = {
    en: `${name === null ? '' : ` in ${name}`}${weekday === null ? '' : ` on ${dayNames.en[weekday]}`}`,
    es: `${name === null ? '' : ` en ${name}`}${weekday === null ? '' : ` los ${dayNames.es[weekday]}`}`,
  };
  return speak({
    en: (w) =>
      `First replies come late${where.en}: ${num} of ${den} after more than ${w.hours(target.hours)} (${w.share(share)}).`,
    es: (w) =>
      `Las primeras respuestas llegan tarde${where.es}: ${num} de ${den} después de más de ${w.hours(target.hours)} (${w.share(share)}).`,
  });
}
