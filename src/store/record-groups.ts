import { entityTables } from '../model/entities.ts';

/** How the rows of a table lead to the record to which they belong. */
export interface GroupKey {
  readonly column: string;
  /** Of a table that holds rows of several objects: this one's. */
  readonly object?: string;
  /** The rows are those that another table of the group names by their id. */
  readonly through?: 'purchase';
}

const by = (column: string): GroupKey => ({ column });
const ofObject = (object: string) => ({
  change: { column: 'record_id', object },
  dimension: { column: 'record_id', object },
});

/** Tables whose rows belong to one record of a kind each. All others are shared by all records. */
export const recordGroups: Readonly<Record<string, Readonly<Record<string, GroupKey>>>> = {
  deal: {
    deal: by('id'),
    deal_state: by('id'),
    stage_visit: by('id'),
    backdated_deal: by('id'),
    activity: by('deal_id'),
    ...ofObject('deal'),
  },
  ticket: { ticket: by('id'), ticket_state: by('id'), ...ofObject('ticket') },
  activity: { activity: by('id'), ...ofObject('activity') },
  lead: { lead: by('id'), ...ofObject('lead') },
  account: {
    purchase: by('account_id'),
    account: by('id'),
    customer_span: by('account_id'),
    deal: { column: 'id', through: 'purchase' },
    ...ofObject('account'),
  },
  email_stat: { email_stat: by('id'), ...ofObject('email_stat') },
  survey_answer: { survey_answer: by('id'), ...ofObject('survey_answer') },
};

/** Tables whose earlier rows are kept until the next evaluation, with their keys. */
export const watchedTables: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(Object.keys(entityTables).map((table) => [table, ['source_id', 'id']])),
  deal_state: ['source_id', 'id', 'from_at'],
  backdated_deal: ['source_id', 'id'],
  ticket_state: ['source_id', 'id', 'from_at'],
  actor_state: ['source_id', 'id', 'from_at'],
  stage_visit: ['source_id', 'id', 'entered_at'],
  purchase: ['source_id', 'id'],
  customer_span: ['source_id', 'account_id', 'from_on'],
  cost_day: ['source_id', 'object', 'id', 'day'],
  benefit_day: ['source_id', 'object', 'id', 'day'],
  field_fill: ['day', 'source_id', 'object', 'owner_id', 'pipeline'],
  team_member: ['source_id', 'actor_id', 'team_id', 'valid_from'],
};
