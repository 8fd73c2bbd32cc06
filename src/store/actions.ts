import type {
  Action,
  ActionEvent,
  ActionOwner,
  ActionPatch,
  ActionStore,
  ActionTask,
  EffectPlan,
  NewAction,
  Recheck,
  StoredEffect,
  Verdict,
} from '../model/action.ts';
import type { SqlValue } from '../model/entities.ts';
import type { Handle } from './database.ts';
import { noteOwnTask } from './own-tasks.ts';

type Row = Readonly<Record<string, SqlValue>>;
type Entered = Omit<ActionEvent, 'state'>;

/** Actions with their history, and what was measured of their effect. */
export function createActionStore(handle: Handle): ActionStore {
  return {
    actions: () => handle.prepare<unknown[], Row>('SELECT * FROM action ORDER BY id').all().map(fromRow),
    actionHistory: (id) =>
      handle
        .prepare<unknown[], ActionEvent>(
          'SELECT state, at, author, note FROM action_event WHERE action_id = ? ORDER BY number',
        )
        .all(id),
    addAction: (action, event) => addAction(handle, action, event),
    changeAction: (id, patch, event) => changeAction(handle, { id, patch, event: event ?? null }),
    effects: (id) => readEffects(handle, id),
    saveEffect: (id, effect) => saveEffect(handle, id, effect),
  };
}

function addAction(handle: Handle, action: NewAction, event: Entered): number {
  const row = { state: 'proposed', ...toRow(action) };
  const columns = Object.keys(row);
  const insert = handle.prepare(
    `INSERT INTO action (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
  );
  return handle
    .transaction(() => {
      const id = Number(insert.run(Object.values(row)).lastInsertRowid);
      addEvent(handle, id, { state: 'proposed', ...event });
      return id;
    })
    .immediate();
}

function addEvent(handle: Handle, id: number, { state, at, author, note }: ActionEvent): void {
  handle
    .prepare(
      `INSERT INTO action_event SELECT ?, coalesce(max(number), 0) + 1, ?, ?, ?, ? FROM action_event WHERE action_id = ?`,
    )
    .run(id, state, at, author, note, id);
}

interface Change {
  readonly id: number;
  readonly patch: ActionPatch;
  readonly event: Entered | null;
}

function changeAction(handle: Handle, { id, patch, event }: Change): void {
  const row = toRow(patch);
  const columns = Object.keys(row);
  handle
    .transaction(() => {
      if (columns.length > 0) {
        handle
          .prepare(`UPDATE action SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`)
          .run(...Object.values(row), id);
      }
      const { source = null, remoteId = null } = patch.task ?? {};
      if (source !== null && remoteId !== null) noteOwnTask(handle, { source, id: remoteId });
      if (patch.state && event) addEvent(handle, id, { state: patch.state, ...event });
    })
    .immediate();
}

/** The columns of the properties that are given. */
function toRow(action: Partial<Action>): Record<string, SqlValue> {
  const { title, reason, hypothesis, segment, owner, task, plan } = action;
  return {
    ...plainColumns(action),
    ...(title && { title_en: title.en, title_es: title.es }),
    ...(reason && { reason_en: reason.en, reason_es: reason.es }),
    ...(hypothesis && { hypothesis_en: hypothesis.en, hypothesis_es: hypothesis.es }),
    ...(segment && {
      segment_kind: segment.kind,
      segment_id: segment.id,
      segment_source: segment.source,
      segment_name: segment.name,
    }),
    ...(owner !== undefined && {
      owner_source: owner?.source ?? null,
      owner_id: owner?.id ?? null,
      owner_name: owner?.name ?? null,
    }),
    ...(task !== undefined && {
      task_source: task?.source ?? null,
      task_key: task?.key ?? null,
      task_remote_id: task?.remoteId ?? null,
      task_problem: task?.problem ?? null,
    }),
    ...(plan !== undefined && { plan: plan && JSON.stringify(plan) }),
  };
}

const plain = {
  finding: 'finding',
  detector: 'detector',
  type: 'type',
  effort: 'effort',
  state: 'state',
  kpi: 'kpi',
  goal: 'goal',
  subject: 'subject',
  dueOn: 'due_on',
  startedOn: 'started_on',
  finishedOn: 'finished_on',
} as const satisfies Partial<Record<keyof Action, string>>;

function plainColumns(action: Partial<Action>): Record<string, SqlValue> {
  const columns: Record<string, SqlValue> = {};
  for (const [name, column] of Object.entries(plain)) {
    const value = action[name as keyof typeof plain];
    if (value !== undefined) columns[column] = value;
  }
  return columns;
}

function text(value: SqlValue | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}

function fromRow(row: Row): Action {
  return {
    id: Number(row.id),
    finding: text(row.finding),
    detector: text(row.detector),
    type: row.type as Action['type'],
    effort: row.effort as Action['effort'],
    state: row.state as Action['state'],
    title: { en: String(row.title_en), es: String(row.title_es) },
    reason: { en: String(row.reason_en), es: String(row.reason_es) },
    hypothesis: { en: String(row.hypothesis_en), es: String(row.hypothesis_es) },
    kpi: text(row.kpi),
    goal: text(row.goal),
    segment: {
      kind: String(row.segment_kind),
      id: text(row.segment_id),
      source: text(row.segment_source),
      name: text(row.segment_name),
    },
    subject: text(row.subject),
    owner: ownerOf(row),
    dueOn: text(row.due_on),
    startedOn: text(row.started_on),
    finishedOn: text(row.finished_on),
    measuredAt: row.measured_at === null ? null : Number(row.measured_at),
    verdict: text(row.verdict) as Verdict | null,
    recheck: text(row.recheck) as Recheck | null,
    plan: row.plan === null ? null : (JSON.parse(String(row.plan)) as EffectPlan),
    task: taskOf(row),
  };
}

function ownerOf(row: Row): ActionOwner | null {
  const name = text(row.owner_name);
  return name === null ? null : { source: text(row.owner_source), id: text(row.owner_id), name };
}

function taskOf(row: Row): ActionTask | null {
  const [source, key] = [text(row.task_source), text(row.task_key)];
  if (source === null || key === null) return null;
  return { source, key, remoteId: text(row.task_remote_id), problem: text(row.task_problem) };
}

function readEffects(handle: Handle, id: number): readonly StoredEffect[] {
  return handle
    .prepare<unknown[], { asOf: number; report: string }>(
      'SELECT as_of AS asOf, report FROM action_effect WHERE action_id = ? ORDER BY as_of',
    )
    .all(id)
    .map(({ asOf, report }) => ({ ...(JSON.parse(report) as Omit<StoredEffect, 'asOf'>), asOf }));
}

function saveEffect(handle: Handle, id: number, { asOf, ...effect }: StoredEffect): void {
  const report = JSON.stringify(effect);
  const newest = handle
    .prepare<unknown[], string>(
      'SELECT report FROM action_effect WHERE action_id = ? AND as_of <= ? ORDER BY as_of DESC LIMIT 1',
    )
    .pluck();
  handle
    .transaction(() => {
      if (newest.get(id, asOf) !== report) {
        handle
          .prepare('INSERT OR REPLACE INTO action_effect VALUES (?, ?, ?, ?, ?)')
          .run(id, asOf, effect.verdict, effect.recheck, report);
      }
      handle
        .prepare('UPDATE action SET measured_at = ?, verdict = ?, recheck = ? WHERE id = ?')
        .run(asOf, effect.verdict, effect.recheck, id);
    })
    .immediate();
}
