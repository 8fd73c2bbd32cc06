import type { Activity } from '../../../../src/sandbox/company.ts';
import { addNext, orNull, type Story, seconds, stamps } from './write.ts';

const task = { name: 'Task', prefix: '00T' };
const event = { name: 'Event', prefix: '00U' };
const statuses = { open: 'Not Started', done: 'Completed', cancelled: 'Deferred' } as const;
const archiveDays = 365;

/** Meetings are events, all else tasks. Cancelled meetings are not kept: an event has no status. */
export function writeActivities(story: Story, activities: readonly Activity[]): void {
  for (const activity of activities) {
    if (activity.kind !== 'meeting') writeTask(story, activity);
    else if (activity.status !== 'cancelled') writeEvent(story, activity);
  }
}

function about({ idOf, org }: Story, activity: Activity) {
  const { deal, case: ticket, account, contact, lead } = activity;
  const what =
    (deal !== null && idOf.deal(deal)) ||
    (ticket !== null && idOf.case(ticket)) ||
    (account !== null && idOf.account(account));
  const who = (contact !== null && idOf.contact(contact)) || (lead !== null && idOf.lead(lead));
  const owner = idOf.person(activity.owner);
  return {
    Subject: activity.subject,
    WhatId: lead === null && what ? what : null,
    WhoId: who || null,
    AccountId: account === null ? null : idOf.account(account),
    OwnerId: owner,
    ...stamps(activity.createdAt, activity.modifiedAt, activity.automated ? org.integrationUserId : owner),
  };
}

/** Old ones are archived: only queryAll finds them. */
function isArchived({ company, dayOf }: Story, day: string | null): boolean {
  return day !== null && day <= dayOf(company.now - archiveDays * 86_400_000);
}

function writeTask(story: Story, activity: Activity): void {
  const { kind, status, direction, dueOn, doneAt } = activity;
  const done = status === 'done';
  const day = dueOn ?? story.dayOf(activity.createdAt);
  addNext(story.org, task, {
    ...about(story, activity),
    ActivityDate: dueOn,
    Status: statuses[status],
    IsClosed: done,
    CompletedDateTime: done ? orNull(doneAt) : null,
    Priority: 'Normal',
    TaskSubtype: kind === 'call' ? 'Call' : kind === 'email' ? 'Email' : 'Task',
    Type: kind === 'call' ? 'Call' : kind === 'email' ? 'Email' : null,
    CallType: kind !== 'call' ? null : direction === 'inbound' ? 'Inbound' : 'Outbound',
    IsArchived: done && isArchived(story, day),
  });
}

function writeEvent(story: Story, activity: Activity): void {
  const start = activity.startsAt ?? activity.createdAt;
  const end = activity.endsAt ?? start + 1_800_000;
  addNext(story.org, event, {
    ...about(story, activity),
    ActivityDate: story.dayOf(start),
    ActivityDateTime: seconds(start),
    StartDateTime: seconds(start),
    EndDateTime: seconds(end),
    DurationInMinutes: Math.round((end - start) / 60_000),
    EventSubtype: 'Event',
    ShowAs: 'Busy',
    IsArchived: isArchived(story, story.dayOf(start)),
  });
}
