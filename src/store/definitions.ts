import type { Goal } from '../model/goal.ts';
import type { Kpi } from '../model/kpi.ts';
import type { GoalVersion, ResultStore } from '../model/result-store.ts';
import type { Handle } from './database.ts';

type DefinitionStore = Pick<ResultStore, 'saveGoals' | 'saveKpis'>;

/** KPI definitions and goal versions as they were used; versions are never changed, a new one closes the old. */
export function createDefinitionStore(handle: Handle): DefinitionStore {
  return {
    saveKpis: (kpis, at) => saveKpis(handle, kpis, at),
    saveGoals: (goals, { periodStart }) => saveGoals(handle, goals, periodStart),
  };
}

function saveKpis(handle: Handle, kpis: readonly Kpi[], at: number): void {
  const save = handle.prepare('INSERT OR IGNORE INTO kpi_def VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  handle
    .transaction(() => {
      for (const { id, version, label, domain, unit, better, kind, sql } of kpis)
        save.run(id, version, label.en, label.es, domain, unit, better, kind, sql, at);
    })
    .immediate();
}

function saveGoals(
  handle: Handle,
  goals: readonly Goal[],
  periodStart: (goal: Goal) => string,
): readonly GoalVersion[] {
  const save = handle.prepare(
    `INSERT INTO goal VALUES (?, ?, ?, 1)
     ON CONFLICT (id) DO UPDATE SET kpi = excluded.kpi, every = excluded.every, current = 1`,
  );
  const saveAll = handle.transaction(() => {
    handle.exec('UPDATE goal SET current = 0');
    return goals.flatMap((goal) => {
      save.run(goal.id, goal.kpi, goal.every);
      saveVersion(handle, goal, periodStart(goal));
      return versionsOf(handle, goal.id);
    });
  });
  return saveAll.immediate();
}

function saveVersion(handle: Handle, goal: Goal, from: string): void {
  const definition = JSON.stringify(goal);
  const versions = versionsOf(handle, goal.id);
  const newest = versions.at(-1);
  if (!newest) {
    insertVersion(handle, { goal, version: 1, from: null });
    return;
  }
  if (JSON.stringify(newest.goal) === definition) return;
  // Changed again within the period in which it began: the earlier text never came into force for a whole one.
  if (newest.validFrom !== null && newest.validFrom >= from) {
    handle.prepare('UPDATE goal_version SET valid_to = valid_from WHERE id = ?').run(newest.id);
    insertVersion(handle, { goal, version: newest.version + 1, from: newest.validFrom });
    return;
  }
  handle.prepare('UPDATE goal_version SET valid_to = ? WHERE id = ?').run(from, newest.id);
  insertVersion(handle, { goal, version: newest.version + 1, from });
}

function insertVersion(
  handle: Handle,
  { goal, version, from }: { goal: Goal; version: number; from: string | null },
): void {
  handle
    .prepare('INSERT INTO goal_version (goal_id, version, valid_from, definition) VALUES (?, ?, ?, ?)')
    .run(goal.id, version, from, JSON.stringify(goal));
}

function versionsOf(handle: Handle, goalId: string): readonly GoalVersion[] {
  return handle
    .prepare<
      unknown[],
      { id: number; version: number; valid_from: string | null; valid_to: string | null; definition: string }
    >(
      'SELECT id, version, valid_from, valid_to, definition FROM goal_version WHERE goal_id = ? ORDER BY version',
    )
    .all(goalId)
    .map((row) => ({
      id: row.id,
      version: row.version,
      goal: JSON.parse(row.definition) as Goal,
      validFrom: row.valid_from,
      validTo: row.valid_to,
    }));
}
