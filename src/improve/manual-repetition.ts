import { type Bench, dayMs, windowDays } from './bench.ts';
import { type Detector, type Draft, type Found, silent, wholeCompany } from './detector.ts';
import { type Case, caseOf, createTally, type Tally } from './tally.ts';

const leastAMonth = 20;
const monthDays = 30;
const mostSubjects = 20;
/** Different subjects held at once. */
const mostHeld = 100_000;

const byPerson = `
  from activity a
  left join actor c on c.source_id = a.source_id and c.id = a.created_by_id
  where a.kind = 'task' and a.subject is not null and a.created_at >= :from and a.created_at < :as_of
    and (a.automated = 0 or (a.automated is null and coalesce(c.kind, 'user') = 'user' and a.created_by_id is not null))
    and c.kind is distinct from 'integration'`;

const countSql = `
  select lower(trim(a.subject)) as subject, count(*), min(a.created_at)
  ${byPerson}
  group by lower(trim(a.subject))`;

const recordSql = `select a.source_id, a.id, a.created_by_id, lower(trim(a.subject)), a.created_at ${byPerson}`;

export const manualRepetition: Detector = {
  id: 'manual_repetition',
  kind: 'inefficiency',
  effort: 'M',
  kpis: ['manual_task_share', 'activities_completed'],
  reading: {
    of: 'activity',
    columns: ['activity.kind', 'activity.subject', 'activity.created_by_id', 'activity.automated'],
  },
  rule: {
    en: 'People create tasks with the same subject (figures and punctuation aside) 20 times a month or more, over 180 days.',
    es: 'Las personas crean tareas con el mismo asunto (sin contar cifras ni puntuación) 20 veces al mes o más, en 180 días.',
  },
  find: findRepetition,
};

interface Repeated {
  readonly subject: string;
  count: number;
  firstAt: number;
}

async function findRepetition(bench: Bench): Promise<Found> {
  const subjects = new Map<string, Repeated>();
  let all = 0;
  await bench.each(countSql, ([text, count, firstAt]) => {
    all += Number(count);
    const subject = normalise(String(text));
    if (subject === '') return;
    const known = subjects.get(subject) ?? { subject, count: 0, firstAt: Number(firstAt) };
    subjects.set(subject, known);
    known.count += Number(count);
    known.firstAt = Math.min(known.firstAt, Number(firstAt));
    if (subjects.size > mostHeld) dropRarest(subjects);
  });
  if (all === 0)
    return silent({
      en: 'No tasks of which the CRM says that a person created them.',
      es: 'No hay tareas de las que el CRM diga que las creó una persona.',
    });
  const often = [...subjects.values()]
    .filter((one) => perMonth(bench, one) >= leastAMonth)
    .sort((a, b) => b.count - a.count || (a.subject < b.subject ? -1 : 1))
    .slice(0, mostSubjects);
  const tallies = await tallyCreators(bench, often);
  return {
    drafts: often.map((one) => draftOf(bench, { one, all, tally: tallies.get(one.subject) })),
    silences: [],
  };
}

/** What is rare among so many is no repetition. */
function dropRarest(subjects: Map<string, Repeated>): void {
  for (let count = 1; subjects.size > mostHeld / 2; count++)
    for (const one of subjects.values()) if (one.count <= count) subjects.delete(one.subject);
}

/** Since it began, one month at least. */
function perMonth({ cutoff }: Bench, { count, firstAt }: Repeated): number {
  const days = Math.min(windowDays, Math.max(monthDays, (cutoff - firstAt) / dayMs));
  return (count / days) * monthDays;
}

/** Case numbers, dates and punctuation make no other subject. */
function normalise(subject: string): string {
  return subject
    .replace(/[\d#]+/g, '#')
    .replace(/[^\p{L}#]+/gu, ' ')
    .trim();
}

/** By team: how many of all its tasks have the subject. */
async function tallyCreators(bench: Bench, often: readonly Repeated[]): Promise<ReadonlyMap<string, Tally>> {
  const tallies = new Map(often.map(({ subject }) => [subject, createTally(bench, 'activity')]));
  if (tallies.size === 0) return tallies;
  const others = new Map<
    string,
    { readonly one: Case; readonly subjects: Map<string, number>; all: number }
  >();
  await bench.each(recordSql, (row) => {
    const subject = normalise(String(row[3]));
    const one = caseOf(row, true, Number(row[4]));
    const creator = `${one.source}\n${one.owner}`;
    const counts = others.get(creator) ?? { one, subjects: new Map<string, number>(), all: 0 };
    others.set(creator, counts);
    counts.all++;
    const tally = tallies.get(subject);
    if (!tally) return;
    tally.add(one);
    counts.subjects.set(subject, (counts.subjects.get(subject) ?? 0) + 1);
  });
  for (const { one, subjects, all } of others.values()) {
    for (const [subject, tally] of tallies)
      tally.addCounts(one.source, one.owner, { num: 0, den: all - (subjects.get(subject) ?? 0) });
  }
  return tallies;
}

interface Counted {
  readonly one: Repeated;
  readonly all: number;
  readonly tally: Tally | undefined;
}

function draftOf(bench: Bench, { one, all, tally }: Counted): Draft {
  const monthly = perMonth(bench, one);
  return {
    segment: wholeCompany,
    subject: one.subject,
    title: bench.speak({
      en: (w) => `“${one.subject}” is created by hand ${w.count(monthly)} times a month.`,
      es: (w) => `«${one.subject}» se crea a mano ${w.count(monthly)} veces al mes.`,
    }),
    evidence: {
      count: one.count,
      per_month: monthly,
      tasks: all,
      share: one.count / all,
      measure: 'created_at',
    },
    records: tally?.records() ?? [],
    teams: tally?.teams() ?? [],
    reach: one.count / all,
  };
}
