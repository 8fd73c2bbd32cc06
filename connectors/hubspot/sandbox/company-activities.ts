import type { Company } from '../../../src/sandbox/company.ts';
import { ids, linkAll, type Part, seedRecords, toIsoOrNull, typeOf } from './company-seed.ts';
import type { Contents, Portal, Values } from './portal.ts';
import { toIso } from './read-value.ts';

type Activity = Part<'activities'>;

const objects = { call: 'calls', email: 'emails', meeting: 'meetings', task: 'tasks' } as const;
const connected = 'f240bbac-87c9-4f6e-bf70-924b57d47db7';
const answeredCallMs = 420_000;

const valuesOf = {
  call: (activity: Activity): Values => ({
    hs_call_title: activity.subject,
    hs_call_direction: activity.direction === 'inbound' ? 'INBOUND' : 'OUTBOUND',
    hs_call_status: pickStatus(activity, { done: 'COMPLETED', open: 'QUEUED', cancelled: 'CANCELED' }),
    hs_call_disposition: activity.status === 'done' ? connected : null,
    hs_call_duration: activity.status === 'done' ? `${durationMs(activity)}` : null,
  }),
  email: (activity: Activity): Values => ({
    hs_email_subject: activity.subject,
    hs_email_direction: activity.direction === 'inbound' ? 'INCOMING_EMAIL' : 'EMAIL',
    hs_email_status: pickStatus(activity, { done: 'SENT', open: 'SCHEDULED', cancelled: 'FAILED' }),
  }),
  meeting: (activity: Activity): Values => ({
    hs_meeting_title: activity.subject,
    hs_meeting_start_time: toIsoOrNull(activity.startsAt),
    hs_meeting_end_time: toIsoOrNull(activity.endsAt),
    hs_meeting_outcome: pickStatus(activity, { done: 'COMPLETED', open: 'SCHEDULED', cancelled: 'CANCELED' }),
  }),
  task: (activity: Activity): Values => ({
    hs_task_subject: activity.subject,
    hs_task_status: pickStatus(activity, { done: 'COMPLETED', open: 'NOT_STARTED', cancelled: 'DEFERRED' }),
    hs_task_completion_date: activity.status === 'done' ? toIsoOrNull(activity.doneAt) : null,
    hs_task_priority: 'MEDIUM',
    hs_task_type: 'TODO',
  }),
} as const;

function pickStatus(activity: Activity, names: Readonly<Record<Activity['status'], string>>): string {
  return names[activity.status];
}

function durationMs({ startsAt, endsAt }: Activity): number {
  return startsAt !== null && endsAt !== null ? endsAt - startsAt : answeredCallMs;
}

/** When it takes place; of a task: when it is due. */
function timestampOf(activity: Activity): string {
  if (activity.kind === 'task' && activity.dueOn !== null) return `${activity.dueOn}T16:00:00.000Z`;
  return toIso(activity.startsAt ?? activity.doneAt ?? activity.createdAt);
}

function activityContents(activity: Activity): Contents {
  const values = {
    hs_timestamp: timestampOf(activity),
    hubspot_owner_id: `${ids.owner(activity.owner)}`,
    hs_object_source: activity.automated ? 'AUTOMATION_PLATFORM' : 'CRM_UI',
    ...valuesOf[activity.kind](activity),
  };
  return { values, histories: {}, since: activity.createdAt };
}

export function seedActivities(portal: Portal, { activities, leads }: Company): void {
  const contactOfLead = new Map(
    leads.map(({ id, contact }) => [id, contact === null ? ids.person(id) : ids.contact(contact)]),
  );
  for (const [kind, items] of Map.groupBy(activities, (activity) => activity.kind)) {
    seedRecords(typeOf(portal, objects[kind]), {
      items,
      id: ({ id }) => ids.activity(id),
      createdAt: ({ createdAt }) => createdAt,
      updatedAt: ({ modifiedAt }) => modifiedAt,
      contents: activityContents,
    });
    linkActivities(portal, objects[kind], { items, contactOfLead });
  }
}

function linkActivities(
  portal: Portal,
  from: string,
  {
    items,
    contactOfLead,
  }: { readonly items: readonly Activity[]; readonly contactOfLead: ReadonlyMap<number, number> },
): void {
  const link = (to: string, targetOf: (activity: Activity) => number | null) =>
    linkAll(portal, { from, to }, items, (activity) => {
      const target = targetOf(activity);
      return target === null ? null : [ids.activity(activity.id), target];
    });
  link('deals', ({ deal }) => (deal === null ? null : ids.deal(deal)));
  link('companies', ({ account }) => (account === null ? null : ids.company(account)));
  link('tickets', (activity) => (activity.case === null ? null : ids.ticket(activity.case)));
  link('contacts', ({ contact, lead }) => {
    if (contact !== null) return ids.contact(contact);
    return lead === null ? null : (contactOfLead.get(lead) ?? null);
  });
}
