import { addRecord, link, type Portal, type PortalProperty, recordsOf } from './portal-state.ts';

/** The catalogue of what this portal's objects have, as the documentation lists it; `+` marks a list of choices. */
const properties: Readonly<Record<string, string>> = {
  companies: 'name industry country domain hubspot_owner_id hs_merged_object_ids segment',
  contacts:
    'firstname lastname email lifecyclestage hs_lead_status hs_analytics_source hubspot_owner_id hs_object_source hs_merged_object_ids hs_v2_date_entered_opportunity hs_v2_date_entered_customer',
  deals:
    'dealname pipeline dealstage amount deal_currency_code closedate dealtype hs_is_closed hs_deal_stage_probability hubspot_owner_id hs_next_step hs_merged_object_ids hs_created_by_user_id hs_analytics_source',
  tickets:
    'subject hs_pipeline hs_pipeline_stage hs_ticket_priority hs_ticket_category source_type closed_date first_agent_reply_date hs_is_closed hubspot_owner_id hs_created_by_user_id',
  calls: 'hs_timestamp hs_call_title hs_call_status hs_call_direction hubspot_owner_id hs_object_source',
  emails:
    'hs_timestamp hs_email_subject hs_email_status hs_email_direction hubspot_owner_id hs_object_source',
  meetings:
    'hs_timestamp hs_meeting_title hs_meeting_outcome hs_meeting_start_time hs_meeting_end_time hubspot_owner_id hs_object_source',
  tasks:
    'hs_timestamp hs_task_subject hs_task_body hs_task_status hs_task_type hs_task_completion_date hubspot_owner_id hs_object_source',
  notes: 'hs_timestamp hs_note_body hubspot_owner_id hs_object_source',
  feedback_submissions: 'hs_survey_type hs_survey_channel hs_value hs_submission_timestamp hs_content',
  goal_targets:
    'hs_goal_name hs_goal_type hs_target_amount hs_start_datetime hs_end_datetime hubspot_owner_id hs_assignee_team_id hs_pipeline_ids',
};

export function defineObjects(portal: Portal): void {
  for (const [type, names] of Object.entries(properties)) {
    const stamps = ['hs_object_id', 'createdate', 'hs_createdate', 'hs_lastmodifieddate', 'lastmodifieddate'];
    const known = new Map<string, PortalProperty>();
    for (const name of [...stamps, ...names.split(' ')]) {
      const groupName = `${type}_information`;
      const plain = { name, label: name, type: 'string', fieldType: 'text', groupName, unique: false };
      known.set(name, { ...plain, options: [], builtIn: true });
    }
    portal.properties.set(type, known);
    portal.groups.set(type, new Set([`${type}_information`]));
    recordsOf(portal, type);
  }
}

export const owners = [
  {
    id: 11,
    userId: 911,
    firstName: 'Zoë',
    lastName: 'Müller-Šimić',
    email: 'zoe@example.com',
    type: 'PERSON',
  },
  { id: 12, userId: 912, firstName: '健太', lastName: '', email: 'kenta@example.com', type: 'PERSON' },
  {
    id: 13,
    userId: null,
    firstName: null,
    lastName: null,
    email: 'left@example.com',
    type: 'PERSON',
    archived: true,
  },
  { id: 14, firstName: 'Support', lastName: 'queue', email: null, type: 'QUEUE' },
] as const;

export const dealPipelines = [
  {
    id: 'default',
    label: 'Ventes ✓',
    stages: [
      { id: 'Qualify_A', metadata: { probability: '0.2', isClosed: 'false' } },
      { id: '77001', metadata: { probability: '0.6' } },
      { id: 'closedwon', metadata: { isClosed: 'true', probability: '1.0' } },
      { id: 'closedlost', metadata: { isClosed: 'true', probability: '0.0' } },
    ],
  },
  { id: 'empty', label: 'Nothing yet', stages: [] },
] as const;

export const ticketPipelines = [
  {
    id: '0',
    label: 'Support',
    stages: [
      { id: '1', metadata: { ticketState: 'OPEN' } },
      { id: '4', metadata: { ticketState: 'CLOSED', isClosed: 'true' } },
    ],
  },
] as const;

const dayMs = 86_400_000;

/** Two numbers that JavaScript cannot tell apart. */
export const giants = ['9007199254740993', '9007199254740992'] as const;

/** A year of business: every object type counts its ids from 1. */
export function fillPortal(portal: Portal): void {
  const start = portal.now() - 300 * dayMs;
  for (const id of giants)
    addRecord(portal, 'companies', { id, at: start, values: { name: `Größe ${id}`, segment: 'A' } });
  for (let number = 1; number <= 120; number++) addDeal(portal, number, start + number * 2 * dayMs);
  for (let number = 1; number <= 60; number++) addTicket(portal, number, start + number * 4 * dayMs);
  for (let number = 1; number <= 90; number++) addActivities(portal, number, start + number * 3 * dayMs);
  addContacts(portal, start);
  const goal = {
    hs_goal_name: 'Quota',
    hs_goal_type: 'sales_quota',
    hs_target_amount: '500000',
    hubspot_owner_id: '11',
  };
  const span = { hs_start_datetime: '2026-10-01T00:00:00Z', hs_end_datetime: '2026-10-31T23:59:59.999Z' };
  addRecord(portal, 'goal_targets', { id: '1', at: start, values: { ...goal, ...span } });
}

function addDeal(portal: Portal, number: number, at: number): void {
  const stage =
    number > 100 ? (number % 2 ? 'Qualify_A' : '77001') : number % 3 === 0 ? 'closedwon' : 'closedlost';
  const isGone = number === 50;
  const record = addRecord(portal, 'deals', {
    id: String(number),
    at,
    values: {
      dealname: number === 7 ? '' : `Deal № ${number}`,
      pipeline: isGone ? 'deleted' : 'default',
      dealstage: isGone ? 'vanished' : 'Qualify_A',
      amount: number === 9 ? '8.60000000000000047' : `${number * 100}`,
      closedate: new Date(at + 20 * dayMs).toISOString(),
      hubspot_owner_id: ['11', '12', '13', '99'][number % 4] ?? null,
      ...(isGone && { hs_is_closed: 'true' }),
    },
  });
  link(portal, ['deals', 'companies'], { from: record.id, to: giants[number % 2] ?? '', types: [341, 5] });
  if (isGone || stage === 'Qualify_A') return;
  const closed = { values: { dealstage: stage }, at: at + 20 * dayMs };
  record.values.set('dealstage', stage);
  record.history.get('dealstage')?.unshift({ value: stage, at: closed.at });
  record.updatedAt = closed.at;
}

function addTicket(portal: Portal, number: number, at: number): void {
  const isClosed = number <= 50;
  const closedAt = at + (number % 5 === 0 ? 60 : 6) * 3_600_000;
  const record = addRecord(portal, 'tickets', {
    id: String(number),
    at,
    values: {
      subject: `Ticket ${number}`,
      hs_pipeline: '0',
      hs_pipeline_stage: '1',
      hubspot_owner_id: number % 2 ? '11' : '14',
      ...(isClosed && { closed_date: String(closedAt) }),
    },
  });
  link(portal, ['tickets', 'companies'], { from: record.id, to: giants[0], types: [339] });
  if (!isClosed) return;
  record.values.set('hs_pipeline_stage', '4');
  record.history.get('hs_pipeline_stage')?.unshift({ value: '4', at: closedAt });
  record.updatedAt = closedAt;
}

function addActivities(portal: Portal, number: number, at: number): void {
  const common = { hs_timestamp: String(at), hubspot_owner_id: number % 2 ? '11' : '12' };
  const own = {
    calls: { hs_call_status: 'COMPLETED', hs_call_direction: 'OUTBOUND' },
    emails: { hs_email_direction: number % 2 ? 'EMAIL' : 'INCOMING_EMAIL', hs_email_status: 'SENT' },
    meetings: {
      hs_meeting_outcome: number % 3 ? 'COMPLETED' : 'CANCELLED',
      hs_meeting_start_time: String(at),
    },
    tasks: { hs_task_subject: 'Call back', hs_task_status: 'COMPLETED', hs_task_completion_date: String(at) },
    notes: { hs_note_body: '<p>secret</p>' },
  };
  for (const [type, values] of Object.entries(own)) {
    const record = addRecord(portal, type, { id: String(number), at, values: { ...common, ...values } });
    if (number <= 60) link(portal, [type, 'deals'], { from: record.id, to: String(number), types: [205] });
  }
}

/** One that took in a second, which had taken in a third before. */
function addContacts(portal: Portal, at: number): void {
  for (const id of ['21', '22', '23', '24']) {
    const lifecyclestage = id === '24' ? 'subscriber' : 'lead';
    addRecord(portal, 'contacts', { id, at, values: { firstname: 'José', lastname: id, lifecyclestage } });
  }
}
