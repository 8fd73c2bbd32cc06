import type { AlertMessage, Notice, OpenAlert, OperationsStore } from '../model/operations.ts';
import type { Handle } from './database.ts';

type AlertStore = Pick<
  OperationsStore,
  'openAlerts' | 'turnAlerts' | 'alertMessages' | 'removeAlertMessages' | 'noteFailedDelivery'
>;

/** Open problems, and the messages about them that have not arrived yet. */
export function createAlertStore(handle: Handle): AlertStore {
  return {
    openAlerts: () =>
      handle
        .prepare<unknown[], { key: string; notice: string }>(
          'SELECT key, notice FROM alert ORDER BY since, key',
        )
        .all()
        .map(({ key, notice }): OpenAlert => ({ key, notice: readNotice(notice) })),

    turnAlerts: (turn) => turnAlerts(handle, turn),

    alertMessages: () =>
      handle
        .prepare<unknown[], Omit<AlertMessage, 'notice'> & { notice: string }>(
          `SELECT id, target, key, notice, not_before AS notBefore, attempts, tried_at AS triedAt, problem
           FROM alert_message ORDER BY id`,
        )
        .all()
        .map((message) => ({ ...message, notice: readNotice(message.notice) })),

    removeAlertMessages: (ids) =>
      each(
        handle,
        'DELETE FROM alert_message WHERE id = ?',
        ids.map((id) => [id]),
      ),

    noteFailedDelivery: (ids, problem, at) =>
      each(
        handle,
        'UPDATE alert_message SET attempts = attempts + 1, tried_at = ?, problem = ? WHERE id = ?',
        ids.map((id) => [at, problem, id]),
      ),
  };
}

function turnAlerts(handle: Handle, turn: Parameters<OperationsStore['turnAlerts']>[0]): void {
  const open = handle.prepare(
    `INSERT INTO alert (key, events, notice, since) VALUES (?, ?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET events = excluded.events, notice = excluded.notice, since = excluded.since`,
  );
  const close = handle.prepare('DELETE FROM alert WHERE key = ?');
  const file = handle.prepare(
    'INSERT INTO alert_message (target, key, notice, not_before) VALUES (?, ?, ?, ?)',
  );
  handle
    .transaction(() => {
      for (const { key, notice } of turn.opened)
        open.run(key, notice.events.join(','), JSON.stringify(notice), notice.since);
      for (const key of turn.closed) close.run(key);
      for (const { target, key, notice, notBefore } of turn.messages)
        file.run(target, key, JSON.stringify(notice), notBefore);
    })
    .immediate();
}

function each(handle: Handle, sql: string, rows: readonly (readonly (string | number)[])[]): void {
  const statement = handle.prepare(sql);
  handle.transaction(() => {
    for (const row of rows) statement.run(...row);
  })();
}

/** Only turnAlerts writes this column. */
function readNotice(json: string): Notice {
  return JSON.parse(json);
}
