import { daysBetween } from '../model/zone.ts';
import { type Detector, type Found, foundOne, nothing, silent, tooFew, wholeCompany } from './detector.ts';
import { caseOf, createTally } from './tally.ts';

const leastShare = 0.2;
const leastTasks = 10;

const sql = `
  select source_id, id, owner_id, due_on from activity
  where kind = 'task' and due_on is not null and created_at < :as_of and (done_at is null or done_at >= :as_of)
    and status is distinct from 'cancelled' and (status is distinct from 'done' or done_at is not null)`;

export const overdueTasks: Detector = {
  id: 'overdue_tasks',
  kind: 'inefficiency',
  effort: 'S',
  kpis: ['overdue_task_rate', 'activities_completed'],
  reading: {
    of: 'activity',
    columns: ['activity.kind', 'activity.due_on', 'activity.done_at', 'activity.status'],
  },
  rule: {
    en: '20 % or more of the open tasks with a due date are overdue (10 tasks at least).',
    es: 'El 20 % o más de las tareas abiertas con fecha de vencimiento están vencidas (al menos 10 tareas).',
  },
  async find(bench): Promise<Found> {
    const tally = createTally(bench, 'activity');
    await bench.each(sql, (row) => {
      const due = String(row[3]);
      const bad = due < bench.today;
      tally.add(caseOf(row, bad, bad ? daysBetween(due, bench.today) : null));
    });
    const what = { en: 'open tasks with a due date', es: 'tareas abiertas con vencimiento' };
    if (tally.den < leastTasks) return silent(tooFew(what, tally.den, leastTasks));
    if (tally.share < leastShare) return nothing;
    return foundOne({
      segment: wholeCompany,
      subject: null,
      title: bench.speak({
        en: (w) => `${w.share(tally.share)} of the open tasks are overdue: ${tally.num} of ${tally.den}.`,
        es: (w) =>
          `El ${w.share(tally.share)} de las tareas abiertas están vencidas: ${tally.num} de ${tally.den}.`,
      }),
      evidence: { overdue: tally.num, open_tasks: tally.den, share: tally.share, measure: 'days' },
      records: tally.records(),
      teams: tally.teams(),
      reach: tally.share,
    });
  },
};
