import { medianInterval, quantile } from '../statistics/intervals.ts';
import { type Bench, hoursOf, type Team } from './bench.ts';
import { type Detector, type Draft, type Found, nothing, silent, tooFew, wholeCompany } from './detector.ts';
import { caseOf, createTally, textOf } from './tally.ts';

const limitHours = 48;
const fewest = 20;

const sql = `
  select a.source_id, a.id, coalesce(a.created_by_id, a.owner_id), a.created_at - coalesce(a.starts_at, a.done_at)
  from activity a
  where a.kind in ('call', 'meeting', 'email') and a.status is distinct from 'cancelled' and coalesce(a.automated, 0) = 0
    and a.created_at >= :from and a.created_at < :as_of and coalesce(a.starts_at, a.done_at) is not null
    and (a.done_at < :as_of or a.status = 'done')`;

export const lateLogging: Detector = {
  id: 'late_logging',
  kind: 'inefficiency',
  effort: 'S',
  kpis: ['activities_completed', 'active_user_rate'],
  reading: {
    of: 'activity',
    columns: ['activity.kind', 'activity.starts_at', 'activity.done_at', 'activity.status'],
  },
  rule: {
    en: 'Half of the calls, meetings and e-mails are logged more than 48 hours after they happened, in the company or in one team (20 activities at least, 180 days; a team only where the interval of its median lies above 48 hours).',
    es: 'La mitad de las llamadas, reuniones y correos se registran más de 48 horas después de ocurrir, en la empresa o en un equipo (al menos 20 actividades, 180 días; un equipo solo si el intervalo de su mediana está por encima de 48 horas).',
  },
  find: findLate,
};

async function findLate(bench: Bench): Promise<Found> {
  const tally = createTally(bench, 'activity');
  const delays: number[] = [];
  const ofTeams = new Map<Team, number[]>();
  await bench.each(sql, (row) => {
    const hours = hoursOf(Number(row[3]));
    tally.add(caseOf(row, hours > limitHours, hours));
    delays.push(hours);
    const team = bench.teamOf(String(row[0]), textOf(row[2]));
    if (!team) return;
    const list = ofTeams.get(team) ?? [];
    ofTeams.set(team, list);
    list.push(hours);
  });
  const what = { en: 'logged calls, meetings and e-mails', es: 'llamadas, reuniones y correos registrados' };
  if (delays.length < fewest) return silent(tooFew(what, delays.length, fewest));
  const median = medianOf(delays);
  if (median > limitHours) {
    const evidence = {
      median_hours: median,
      activities: tally.den,
      late: tally.num,
      share: tally.share,
      measure: 'hours',
    };
    const draft = { segment: wholeCompany, subject: null, title: titleOf(bench, median, null), evidence };
    return {
      drafts: [{ ...draft, records: tally.records(), teams: tally.teams(), reach: tally.share }],
      silences: [],
    };
  }
  const slow = [...ofTeams].filter(([, hours]) => isSlow(hours)).map(([team]) => team);
  return slow.length > 0 ? { drafts: await draftTeams(bench, slow, ofTeams), silences: [] } : nothing;
}

function medianOf(hours: readonly number[]): number {
  return quantile(Float64Array.from(hours).sort(), 0.5) ?? 0;
}

function isSlow(hours: readonly number[]): boolean {
  const interval = medianInterval(Float64Array.from(hours).sort());
  return hours.length >= fewest && interval !== null && interval.low > limitHours;
}

function titleOf({ speak }: Bench, median: number, team: string | null): Draft['title'] {
  const [inTeam, enEquipo] = team === null ? ['', ''] : [` in ${team}`, ` en ${team}`];
  return speak({
    en: (w) => `Activities are logged late${inTeam}: ${w.hours(median)} after they happened (median).`,
    es: (w) =>
      `Las actividades se registran tarde${enEquipo}: ${w.hours(median)} después de ocurrir (mediana).`,
  });
}

async function draftTeams(
  bench: Bench,
  slow: readonly Team[],
  ofTeams: ReadonlyMap<Team, readonly number[]>,
): Promise<readonly Draft[]> {
  const tallies = new Map(slow.map((team) => [team, createTally(bench, 'activity')]));
  let all = 0;
  await bench.each(sql, (row) => {
    all++;
    const team = bench.teamOf(String(row[0]), textOf(row[2]));
    const hours = hoursOf(Number(row[3]));
    if (team) tallies.get(team)?.add(caseOf(row, hours > limitHours, hours));
  });
  return [...tallies].map(([team, tally]) => {
    const { source, id, name } = team;
    const median = medianOf(ofTeams.get(team) ?? []);
    return {
      segment: { kind: 'team', id, name, source },
      subject: null,
      title: titleOf(bench, median, name ?? id),
      evidence: {
        median_hours: median,
        activities: tally.den,
        late: tally.num,
        share: tally.share,
        measure: 'hours',
      },
      records: tally.records(),
      teams: [],
      reach: tally.den / all,
    };
  });
}
