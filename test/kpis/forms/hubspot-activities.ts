import { instantText, noonOf, Untellable } from './form.ts';
import type { Teller } from './hubspot-ids.ts';

const outcomes = { done: 'COMPLETED', open: 'SCHEDULED', cancelled: 'CANCELED' } as const;
const mails = { done: 'SENT', open: 'SCHEDULED', cancelled: 'FAILED' } as const;
const sources: Readonly<Record<string, string>> = { 1: 'AUTOMATION_PLATFORM', 0: 'CRM_UI' };
const calls = { done: 'COMPLETED', open: 'QUEUED', cancelled: 'NO_ANSWER' } as const;

export const tellActivity: Teller = (row, { link }) => {
  const done = row.status === 'done' || (row.status === undefined && (row.done_at ?? null) !== null);
  const status = done ? 'done' : row.status === 'cancelled' ? 'cancelled' : 'open';
  const at = instantText(row.done_at) ?? instantText(row.starts_at) ?? noonOf(row.due_on);
  const shared = {
    hubspot_owner_id: link('actor', row.owner_id),
    hs_object_source: sources[String(row.automated)] ?? null,
  };
  if (row.kind === 'task' && row.status === 'cancelled') throw new Untellable('no task is cancelled');
  if (row.kind === 'task')
    return {
      ...shared,
      hs_task_subject: row.subject ?? 'Task',
      hs_task_status: done ? 'COMPLETED' : 'NOT_STARTED',
      hs_timestamp: noonOf(row.due_on),
      hs_task_completion_date: instantText(row.done_at),
    };
  if (row.kind === 'meeting')
    return {
      ...shared,
      hs_timestamp: at,
      hs_meeting_start_time: instantText(row.starts_at) ?? at,
      hs_meeting_end_time: at,
      hs_meeting_outcome: outcomes[status],
    };
  if (row.kind === 'email')
    return {
      ...shared,
      hs_timestamp: at,
      hs_email_direction: row.direction === 'inbound' ? 'INCOMING_EMAIL' : 'EMAIL',
      hs_email_status: mails[status],
    };
  return {
    ...shared,
    hs_timestamp: at,
    hs_call_status: calls[status],
    hs_call_direction: row.direction ? String(row.direction).toUpperCase() : null,
  };
};
