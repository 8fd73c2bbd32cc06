import type { Labels } from '../model/kpi.ts';
import { type Bench, dayMs } from './bench.ts';
import { type Detector, type Found, joinFound, nothing, silent, wholeCompany } from './detector.ts';
import { type Case, createTally, numberOf, type Tally } from './tally.ts';

const idleDays = 30;
/** Teams are counted in people. */
const smallestTeam = 5;
const fewest = 5;

/** Last own write of each person within the window. */
const sql = `
  with written as (
    select source_id, actor_id, max(at) as at from change
    where actor_id is not null and at >= :from and at < :as_of group by source_id, actor_id
    union all
    select source_id, created_by_id, max(created_at) from deal
    where created_by_id is not null and created_at >= :from and created_at < :as_of group by source_id, created_by_id
    union all
    select source_id, created_by_id, max(created_at) from ticket
    where created_by_id is not null and created_at >= :from and created_at < :as_of group by source_id, created_by_id
    union all
    select source_id, created_by_id, max(created_at) from activity
    where created_by_id is not null and coalesce(automated, 0) = 0 and created_at >= :from and created_at < :as_of
    group by source_id, created_by_id
    union all
    -- Where the author is not told, what a person did is taken to be logged by that person.
    select source_id, owner_id, max(done_at) from activity
    where created_by_id is null and owner_id is not null and coalesce(automated, 0) = 0 and done_at >= :from and done_at < :as_of
    group by source_id, owner_id
  ),
  last_write as (select source_id, actor_id, max(at) as at from written group by source_id, actor_id),
  telling as (select distinct source_id from last_write)
  select a.source_id, a.id, a.licensed, a.created_at, w.at, k.source_id, a.last_login_at
  from actor a
  left join actor_state s on s.source_id = a.source_id and s.id = a.id and s.from_at < :as_of
    and (s.to_at is null or s.to_at >= :as_of)
  left join last_write w on w.source_id = a.source_id and w.actor_id = a.id
  left join telling k on k.source_id = a.source_id
  where coalesce(a.kind, 'user') = 'user' and coalesce(s.active, a.active, 1) = 1
    and coalesce(s.licensed, a.licensed, 1) = 1`;

export const idleUsers: Detector = {
  id: 'idle_users',
  kind: 'underuse',
  effort: 'S',
  kpis: ['active_user_rate', 'crm_user_satisfaction', 'activities_completed'],
  reading: {
    of: 'actor',
    tables: ['deal', 'ticket', 'activity'],
    columns: [
      'deal.created_by_id',
      'ticket.created_by_id',
      'activity.created_by_id',
      'activity.owner_id',
      'activity.done_at',
    ],
  },
  rule: {
    en: 'A licensed person has created or changed nothing in 30 days and is not new (30 days). Who is on leave no CRM tells: look before you ask.',
    es: 'Una persona con licencia no ha creado ni modificado nada en 30 días y no es nueva (30 días). Ningún CRM dice quién está de baja o de permiso: conviene comprobarlo antes de preguntar.',
  },
  async find(bench): Promise<Found> {
    const states = await readPeople(bench);
    return joinFound([judge(bench, states), ...states.silences.map((reason) => silent(reason))]);
  },
};

interface People {
  readonly tally: Tally;
  readonly neverIn: number;
  readonly loginsTold: number;
  readonly silences: readonly Labels[];
}

async function readPeople(bench: Bench): Promise<People> {
  const tally = createTally(bench, 'actor');
  const unlicensed = new Set<string>();
  const untold = new Set<string>();
  let neverIn = 0;
  let loginsTold = 0;
  await bench.each(sql, ([source, id, licensed, createdAt, writtenAt, telling, loginAt]) => {
    const name = String(source);
    if (telling === null) return void untold.add(name);
    // Where the CRM does not tell licences, all who may sign in count.
    if (licensed === null) unlicensed.add(name);
    if (bench.cutoff - (numberOf(createdAt) ?? 0) < idleDays * dayMs) return;
    const since = numberOf(writtenAt);
    const days = since === null ? null : (bench.cutoff - since) / dayMs;
    const bad = days === null || days > idleDays;
    const person: Case = { source: name, id: String(id), owner: String(id), bad, measure: days ?? 180 };
    tally.add(person);
    const login = numberOf(loginAt);
    if (login !== null) loginsTold++;
    if (bad && login !== null && bench.cutoff - login > idleDays * dayMs) neverIn++;
  });
  return {
    tally,
    neverIn,
    loginsTold,
    silences: [...[...unlicensed].map(withoutLicences), ...[...untold].map(withoutWriters)],
  };
}

function withoutLicences(source: string): Labels {
  return {
    en: `${source} does not tell who holds a licence: all active users were counted.`,
    es: `${source} no dice quién tiene licencia: se contaron todos los usuarios activos.`,
  };
}

function withoutWriters(source: string): Labels {
  return {
    en: `${source} does not tell who created or changed its records.`,
    es: `${source} no dice quién creó o modificó sus registros.`,
  };
}

function judge({ speak }: Bench, { tally, neverIn, loginsTold }: People): Found {
  if (tally.den < fewest || tally.num === 0) return nothing;
  const draft = {
    segment: wholeCompany,
    subject: null,
    title: speak({
      en: (w) =>
        `${tally.num} of ${tally.den} licensed people (${w.share(tally.share)}) have written nothing in 30 days.`,
      es: (w) =>
        `${tally.num} de ${tally.den} personas con licencia (${w.share(tally.share)}) no han escrito nada en 30 días.`,
    }),
    evidence: {
      idle: tally.num,
      licensed: tally.den,
      share: tally.share,
      // Only some CRMs tell when a person last signed in.
      not_signed_in_30_days: loginsTold > 0 ? neverIn : null,
      measure: 'days',
    },
    records: tally.records(),
    teams: tally.teams(),
    smallestTeam,
    reach: tally.share,
  };
  return { drafts: [draft], silences: [] };
}
