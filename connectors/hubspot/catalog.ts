import type { TableName } from '../../src/model/entities.ts';

/** What is read of one HubSpot object type. */
export interface ObjectSpec {
  /** Name in paths, and the stream's. */
  readonly name: string;
  /** Object type id in record links (developer documentation, "Understanding the CRM"). */
  readonly typeId: string;
  readonly table: TableName;
  readonly properties: readonly string[];
  /** Properties whose history is read beside the values, with the canonical column that they feed. */
  readonly history: readonly (readonly [property: string, column: string])[];
  /** Object types whose links are needed. */
  readonly links: readonly string[];
  /** Filtering contacts by hs_lastmodifieddate finds nothing and says nothing: their own name differs. */
  readonly modified: 'hs_lastmodifieddate' | 'lastmodifieddate';
  /** A second instant whose passing changes what a record means, without a modification. */
  readonly ripens?: string;
  /** Property that carries the record's stage: open records of these are read again by every run. */
  readonly stage?: string;
  readonly readScope: string;
  /** What figures lack where it cannot be read; a sentence. */
  readonly consequence?: string;
}

const standard = { modified: 'hs_lastmodifieddate', history: [], links: [] } as const;
const activity = {
  ...standard,
  table: 'activity',
  links: ['companies', 'deals', 'tickets', 'contacts'],
  readScope: 'crm.objects.contacts.read',
} as const;
const activityProperties = ['hs_timestamp', 'hs_createdate', 'hubspot_owner_id', 'hs_object_source'] as const;

export const objectSpecs = {
  companies: {
    ...standard,
    name: 'companies',
    typeId: '0-2',
    table: 'account',
    properties: ['name', 'industry', 'country', 'hubspot_owner_id', 'createdate', 'hs_merged_object_ids'],
    readScope: 'crm.objects.companies.read',
  },
  deals: {
    ...standard,
    name: 'deals',
    typeId: '0-3',
    table: 'deal',
    properties: [
      'dealname',
      'pipeline',
      'dealstage',
      'amount',
      'deal_currency_code',
      'closedate',
      'createdate',
      'dealtype',
      'hs_is_closed',
      'hs_is_closed_won',
      'hs_deal_stage_probability',
      'hubspot_owner_id',
      'hs_created_by_user_id',
      'hs_next_step',
      'hs_analytics_source',
      'hs_campaign',
      'closed_lost_reason',
      'hs_merged_object_ids',
    ],
    history: [
      ['dealstage', 'stage'],
      ['amount', 'amount_minor'],
      ['closedate', 'expected_close_at'],
      ['hubspot_owner_id', 'owner_id'],
      ['pipeline', 'pipeline'],
      ['hs_next_step', 'next_step'],
    ],
    links: ['companies'],
    stage: 'dealstage',
    readScope: 'crm.objects.deals.read',
  },
  tickets: {
    ...standard,
    name: 'tickets',
    typeId: '0-5',
    table: 'ticket',
    properties: [
      'subject',
      'hs_pipeline',
      'hs_pipeline_stage',
      'hs_ticket_priority',
      'hs_ticket_category',
      'source_type',
      'createdate',
      'closed_date',
      'first_agent_reply_date',
      'hs_is_closed',
      'hs_ticket_reopened_at',
      'hs_time_to_close_sla_at',
      'hubspot_owner_id',
      'hs_created_by_user_id',
      'hs_merged_object_ids',
    ],
    history: [
      ['hs_pipeline_stage', 'status'],
      ['hubspot_owner_id', 'owner_id'],
      ['hs_ticket_priority', 'priority'],
      ['hs_ticket_category', 'category'],
    ],
    links: ['companies'],
    stage: 'hs_pipeline_stage',
    readScope: 'tickets',
  },
  contacts: {
    ...standard,
    name: 'contacts',
    typeId: '0-1',
    table: 'lead',
    modified: 'lastmodifieddate',
    properties: [
      'firstname',
      'lastname',
      'lifecyclestage',
      'hs_lead_status',
      'hs_analytics_source',
      'hubspot_owner_id',
      'createdate',
      'hs_object_source',
      'hs_merged_object_ids',
      'hs_v2_date_entered_opportunity',
      'hs_v2_date_entered_customer',
      'hs_lifecyclestage_opportunity_date',
      'hs_lifecyclestage_customer_date',
    ],
    links: ['deals'],
    readScope: 'crm.objects.contacts.read',
  },
  leads: {
    ...standard,
    name: 'leads',
    typeId: '0-136',
    table: 'lead',
    properties: [
      'hs_lead_name',
      'hs_lead_source',
      'hs_pipeline_stage',
      'hubspot_owner_id',
      'hs_createdate',
      'createdate',
      'hs_object_source',
    ],
    history: [['hs_pipeline_stage', 'status']],
    links: ['deals', 'contacts'],
    readScope: 'crm.objects.leads.read',
  },
  calls: {
    ...activity,
    name: 'calls',
    typeId: '0-48',
    properties: [...activityProperties, 'hs_call_title', 'hs_call_status', 'hs_call_direction'],
  },
  emails: {
    ...activity,
    name: 'emails',
    typeId: '0-49',
    properties: [...activityProperties, 'hs_email_subject', 'hs_email_status', 'hs_email_direction'],
    readScope: 'sales-email-read',
  },
  meetings: {
    ...activity,
    name: 'meetings',
    typeId: '0-47',
    properties: [
      ...activityProperties,
      'hs_meeting_title',
      'hs_meeting_outcome',
      'hs_meeting_start_time',
      'hs_meeting_end_time',
    ],
    ripens: 'hs_meeting_end_time',
  },
  tasks: {
    ...activity,
    name: 'tasks',
    typeId: '0-27',
    properties: [...activityProperties, 'hs_task_subject', 'hs_task_status', 'hs_task_completion_date'],
  },
  notes: { ...activity, name: 'notes', typeId: '0-46', properties: activityProperties },
  feedback_submissions: {
    ...standard,
    name: 'feedback_submissions',
    typeId: '0-19',
    table: 'survey_answer',
    properties: [
      'hs_survey_type',
      'hs_survey_channel',
      'hs_value',
      'hs_submission_timestamp',
      'hs_content',
      'hs_createdate',
      'createdate',
    ],
    links: ['tickets', 'companies'],
    readScope: 'crm.objects.feedback_submissions.read',
  },
  goal_targets: {
    ...standard,
    name: 'goal_targets',
    typeId: '0-74',
    table: 'entry',
    properties: [
      'hs_goal_name',
      'hs_goal_type',
      'hs_milestone',
      'hs_target_amount',
      'hs_goal_target_currency_code',
      'hs_start_datetime',
      'hs_end_datetime',
      'hubspot_owner_id',
      'hs_assignee_team_id',
      'hs_pipeline_ids',
      'hs_createdate',
      'hs_created_by_user_id',
    ],
    readScope: 'crm.objects.goals.read',
    consequence: 'Quotas then have to come from the settings or a file.',
  },
} as const satisfies Record<string, ObjectSpec>;

export type ObjectName = keyof typeof objectSpecs;

/** Groups that `objects` in the settings may list, and the object types behind them. */
export const groups = {
  deals: ['deals', 'goal_targets'],
  activities: ['calls', 'emails', 'meetings', 'tasks', 'notes'],
  tickets: ['tickets'],
  campaigns: [],
  leads: ['leads', 'contacts'],
  surveys: ['feedback_submissions'],
} as const satisfies Record<string, readonly ObjectName[]>;

export type GroupName = keyof typeof groups;
export const groupNames = ['deals', 'activities', 'tickets', 'campaigns', 'leads', 'surveys'] as const;

/** Our own record among the companies; never read back. */
export const boardFlag = 'crmkpi_board';

/** Lifecycle stages at which a contact is no lead (knowledge base, "Use contact and company lifecycle stages"). */
export const noLeadStages = ['subscriber', 'other'] as const;
