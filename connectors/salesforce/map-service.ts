import { addDays } from '../../src/model/zone.ts';
import { commonColumnsOf, type MapContext, type MapRecord } from './mapped.ts';
import { readPath, type SalesforceRecord, toBool, toDate, toInstant, toText } from './values.ts';

export const mapCase: MapRecord = (record) => ({
  rows: [
    {
      table: 'ticket',
      row: {
        ...commonColumnsOf(record),
        merged_into: toText(record.MasterRecordId),
        name: toText(record.CaseNumber) ?? toText(record.Subject),
        account_id: toText(record.AccountId),
        owner_id: toText(record.OwnerId),
        created_by_id: toText(record.CreatedById),
        pipeline: toText(readPath(record, 'RecordType.DeveloperName')) ?? 'default',
        status: toText(record.Status),
        priority: toText(record.Priority),
        category: toText(record.Type) ?? toText(record.Reason),
        channel: toText(record.Origin),
        is_closed: toBool(record.IsClosed),
        // ClosedDate empties when a case is reopened.
        last_closed_at: toInstant(record.ClosedDate),
      },
    },
  ],
});

/** Which record an activity is about, by the object prefix of its id: 006 opportunity, 500 case, 001 account. */
function relatedTo(record: SalesforceRecord) {
  const whatId = toText(record.WhatId);
  const startsWith = (prefix: string) => (whatId?.startsWith(prefix) ? whatId : null);
  return {
    owner_id: toText(record.OwnerId),
    created_by_id: toText(record.CreatedById),
    account_id: toText(record.AccountId) ?? startsWith('001'),
    deal_id: startsWith('006'),
    ticket_id: startsWith('500'),
    person_id: toText(record.WhoId),
  };
}

export const mapTask: MapRecord = (record, context) => {
  const kind = taskKind(record);
  const closed = toBool(record.IsClosed) === 1;
  return {
    rows: [
      {
        table: 'activity',
        row: {
          ...commonColumnsOf(record),
          kind,
          subject: toText(record.Subject),
          ...relatedTo(record),
          starts_at: null,
          due_on: toDate(record.ActivityDate),
          done_at: closed ? taskDoneAt(record, kind, context) : null,
          status: closed ? 'done' : 'open',
          direction: taskDirection(record, kind),
        },
      },
    ],
  };
};

function taskKind(record: SalesforceRecord): 'task' | 'call' | 'email' {
  const subtype = toText(record.TaskSubtype)?.toLowerCase();
  if (subtype === 'call' || subtype === 'email') return subtype;
  return toText(record.CallType) === null ? 'task' : 'call';
}

function taskDirection(record: SalesforceRecord, kind: string): 'inbound' | 'outbound' | null {
  const callType = toText(record.CallType)?.toLowerCase();
  if (callType === 'inbound' || callType === 'outbound') return callType;
  return kind === 'email' ? 'outbound' : null;
}

/**
 * CompletedDateTime came late to Salesforce: older closed tasks have none. A call or e-mail is a log of what happened on
 * its date; a plain task's date is when it was due, which says nothing about when it was done.
 */
function taskDoneAt(record: SalesforceRecord, kind: string, context: MapContext): number | null {
  const completed = toInstant(record.CompletedDateTime);
  if (completed !== null || kind === 'task') return completed;
  const day = toDate(record.ActivityDate);
  return day === null ? toInstant(record.CreatedDate) : context.zone.startOf(day);
}

/** An event is held once its end has passed; those that end later are read again when they do. */
export const mapEvent: MapRecord = (record, context) => {
  const { starts, ends } = eventTimes(record, context);
  const held = ends !== null && ends <= context.now;
  return {
    rows: [
      {
        table: 'activity',
        row: {
          ...commonColumnsOf(record),
          kind: toText(record.EventSubtype)?.toLowerCase() === 'call' ? 'call' : 'meeting',
          subject: toText(record.Subject),
          ...relatedTo(record),
          starts_at: starts,
          due_on: starts === null ? toDate(record.ActivityDate) : context.zone.dateOf(starts),
          done_at: held ? ends : null,
          status: held ? 'done' : 'open',
          direction: null,
        },
      },
    ],
  };
};

/** All-day events carry UTC midnights that mean the day itself, wherever one is. */
function eventTimes(
  record: SalesforceRecord,
  context: MapContext,
): { starts: number | null; ends: number | null } {
  const starts = toInstant(record.StartDateTime);
  const ends = toInstant(record.EndDateTime) ?? starts;
  if (toBool(record.IsAllDayEvent) !== 1) return { starts, ends };
  const first = toDate(record.ActivityDate) ?? utcDay(starts);
  const last = utcDay(ends) ?? first;
  return {
    starts: first === null ? null : context.zone.startOf(first),
    ends: last === null ? null : context.zone.startOf(addDays(last, 1)),
  };
}

function utcDay(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString().slice(0, 10);
}

/** The master of a recurring series is its pattern, not work; its occurrences are records of their own. */
export function isSeriesTask(record: SalesforceRecord): boolean {
  return toBool(record.IsRecurrence) === 1;
}

/**
 * Neither invitees' copies of a meeting (IsChild) nor series: the classic master has IsRecurrence, the Lightning series
 * record GroupEventType 3 (Change Data Capture Developer Guide: Recurring Activities).
 */
export function isSeriesOrCopy(record: SalesforceRecord): boolean {
  return (
    toBool(record.IsRecurrence) === 1 || toBool(record.IsChild) === 1 || toText(record.GroupEventType) === '3'
  );
}
