import type { TableName } from '../../src/model/entities.ts';

/**
 * Properties that feed only these columns: they are not asked for where none of the columns is wanted. All others
 * decide what a record is (stage, dates, owner), and are always read.
 */
const feeds: Readonly<Partial<Record<TableName, Readonly<Record<string, readonly string[]>>>>> = {
  account: { name: ['name'], industry: ['category'], country: ['country'] },
  deal: {
    dealname: ['name'],
    dealtype: ['type'],
    amount: ['amount_minor'],
    hs_next_step: ['next_step'],
    hs_analytics_source: ['source'],
    hs_campaign: ['campaign_id'],
    closed_lost_reason: ['lost_reason'],
    hs_created_by_user_id: ['created_by_id'],
    hs_deal_stage_probability: ['probability'],
  },
  ticket: {
    subject: ['name'],
    hs_ticket_priority: ['priority'],
    hs_ticket_category: ['category'],
    source_type: ['channel'],
    first_agent_reply_date: ['first_reply_at'],
    hs_time_to_close_sla_at: ['due_at'],
    hs_created_by_user_id: ['created_by_id'],
  },
  lead: {
    firstname: ['name'],
    lastname: ['name'],
    hs_lead_name: ['name'],
    hs_analytics_source: ['source'],
    hs_lead_source: ['source'],
    hs_object_source: ['imported'],
  },
  activity: {
    hs_call_title: ['subject'],
    hs_email_subject: ['subject'],
    hs_meeting_title: ['subject'],
  },
  survey_answer: { hs_content: ['comment'], hs_survey_channel: ['channel'] },
};

export function isNeeded(
  table: TableName,
  property: string,
  wanted: ReadonlySet<string> | undefined,
): boolean {
  if (!wanted) return true;
  const columns = feeds[table]?.[property];
  return columns === undefined || columns.some((column) => wanted.has(column));
}
