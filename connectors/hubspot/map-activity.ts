import type { EntityRow } from '../../src/model/entities.ts';
import { pickLink } from './links.ts';
import { commonOf, isAutomated, type MapContext, readerOf, type Source } from './map.ts';
import { isOwnTask } from './task-mark.ts';
import { toBit } from './values.ts';

type Status = 'open' | 'done' | 'cancelled';
type Own = Pick<
  EntityRow<'activity'>,
  'kind' | 'subject' | 'starts_at' | 'due_on' | 'done_at' | 'status' | 'direction'
>;
export type ActivityName = 'calls' | 'emails' | 'meetings' | 'tasks' | 'notes';

export function mapActivity(name: ActivityName, source: Source, context: MapContext): EntityRow<'activity'> {
  const { record, links } = source;
  const read = readerOf(record, context.zone);
  const created = read.text('hs_createdate') === null ? 'createdate' : 'hs_createdate';
  return {
    id: record.id,
    ...commonOf(record, context.zone, created),
    ...ownPart[name](source, context),
    owner_id: read.text('hubspot_owner_id'),
    account_id: pickLink(links, 'companies'),
    deal_id: pickLink(links, 'deals'),
    ticket_id: pickLink(links, 'tickets'),
    person_id: pickLink(links, 'contacts'),
    automated: toBit(isAutomated(read.text('hs_object_source'))),
    is_test: toBit(isOwn(name, source, context)),
  };
}

const ownPart: Readonly<Record<ActivityName, (source: Source, context: MapContext) => Own>> = {
  calls: mapCall,
  emails: mapEmail,
  meetings: mapMeeting,
  tasks: mapTask,
  notes: mapNote,
};

/** Tasks that this program made, and the board's notes, are no activity of the account's people. */
function isOwn(name: ActivityName, { record, links }: Source, { boardId }: MapContext): boolean {
  if (name === 'tasks') return isOwnTask(record.properties.hs_task_subject ?? null);
  if (name !== 'notes' || boardId === null) return false;
  return links.companies?.some(({ id }) => id === boardId) ?? false;
}

/** That somebody took a note, and when; what it says is not read. Neither done nor open, it counts as no work. */
function mapNote(): Own {
  const none = { subject: null, starts_at: null, due_on: null, done_at: null, status: null, direction: null };
  return { kind: 'note', ...none };
}

const callsUnderWay = new Set(['QUEUED', 'RINGING', 'IN_PROGRESS', 'CONNECTING', 'CALLING_CRM_USER']);

/** A logged call without a status took place. */
function mapCall({ record }: Source, { zone }: MapContext): Own {
  const read = readerOf(record, zone);
  const outcome = upper(read.text('hs_call_status'));
  const status: Status =
    outcome === null || outcome === 'COMPLETED' ? 'done' : callsUnderWay.has(outcome) ? 'open' : 'cancelled';
  const startsAt = read.instant('hs_timestamp');
  return {
    kind: 'call',
    subject: read.text('hs_call_title'),
    starts_at: startsAt,
    due_on: null,
    done_at: status === 'done' ? startsAt : null,
    status,
    direction: read.text('hs_call_direction')?.toLowerCase() ?? null,
  };
}

const mailOnItsWay = new Set(['SCHEDULED', 'SENDING']);

function mapEmail({ record }: Source, { zone }: MapContext): Own {
  const read = readerOf(record, zone);
  const inbound = upper(read.text('hs_email_direction')) === 'INCOMING_EMAIL';
  const sending = upper(read.text('hs_email_status'));
  const status: Status =
    inbound || sending === null || sending === 'SENT'
      ? 'done'
      : mailOnItsWay.has(sending)
        ? 'open'
        : 'cancelled';
  const at = read.instant('hs_timestamp');
  return {
    kind: 'email',
    subject: read.text('hs_email_subject'),
    starts_at: at,
    due_on: null,
    done_at: status === 'done' ? at : null,
    status,
    direction: inbound ? 'inbound' : 'outbound',
  };
}

/** A meeting that nobody gave an outcome counts as held once it is over; a scheduled one does not. */
function mapMeeting({ record }: Source, { zone, now }: MapContext): Own {
  const read = readerOf(record, zone);
  const outcome = upper(read.text('hs_meeting_outcome'));
  const startsAt = read.instant('hs_meeting_start_time') ?? read.instant('hs_timestamp');
  const endsAt = read.instant('hs_meeting_end_time') ?? startsAt;
  const over = endsAt !== null && endsAt <= now;
  return {
    kind: 'meeting',
    subject: read.text('hs_meeting_title'),
    starts_at: startsAt,
    due_on: null,
    done_at: meetingStatus(outcome, over) === 'done' ? endsAt : null,
    status: meetingStatus(outcome, over),
    direction: null,
  };
}

function meetingStatus(outcome: string | null, over: boolean): Status {
  if (outcome === 'COMPLETED') return 'done';
  if (outcome === null) return over ? 'done' : 'open';
  return outcome === 'SCHEDULED' ? 'open' : 'cancelled';
}

/** hs_timestamp is when a task is due. Its completion date may hold the due date while it is open. */
function mapTask({ record }: Source, { zone }: MapContext): Own {
  const read = readerOf(record, zone);
  const done = upper(read.text('hs_task_status')) === 'COMPLETED';
  const dueAt = read.instant('hs_timestamp');
  return {
    kind: 'task',
    subject: read.text('hs_task_subject'),
    starts_at: null,
    due_on: dueAt === null ? null : zone.dateOf(dueAt),
    done_at: done ? read.instant('hs_task_completion_date') : null,
    status: done ? 'done' : 'open',
    direction: null,
  };
}

function upper(text: string | null): string | null {
  return text?.trim().toUpperCase() ?? null;
}
