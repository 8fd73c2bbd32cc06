import { entityTables } from '../model/entities.ts';

/** How the rows of a table lead to the record to which they belong. */
export interface GroupKey {
  readonly column: string;
  /** Of a table that holds rows of several objects: this one's. */
  readonly object?: string;
  /** Where the column is empty, this one leads there. */
  readonly orElse?: string;
  /** The rows are those that another table of the group names. */
  readonly through?: Through;
}

interface Through {
  readonly table: string;
  /** Of its columns those that the row's may equal. */
  readonly names: readonly string[];
}

const by = (column: string): GroupKey => ({ column });
const ofObject = (object: string) => ({
  change: { column: 'record_id', object },
  dimension: { column: 'record_id', object },
});

const answers: Through = { table: 'survey_answer', names: ['id'] };

/** SQL: the record to which a row leads by a key's own columns. */
export function keySql({ column, orElse }: GroupKey, row: string): string {
  return orElse ? `coalesce(${row}.${column}, ${row}.${orElse})` : `${row}.${column}`;
}

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
  lead: {
    lead: by('id'),
    // What was done with a lead before it became a contact, and since.
    activity: { column: 'person_id', through: { table: 'lead', names: ['id', 'contact_id'] } },
    ...ofObject('lead'),
  },
  account: {
    purchase: by('account_id'),
    account: by('id'),
    customer_span: by('account_id'),
    deal: { column: 'id', through: { table: 'purchase', names: ['id'] } },
    ...ofObject('account'),
  },
  email_stat: { email_stat: by('id'), ...ofObject('email_stat') },
  survey_answer: {
    // Of several answers about a ticket the last one may count: they belong together.
    survey_answer: { column: 'ticket_id', orElse: 'id' },
    change: { column: 'record_id', object: 'survey_answer', through: answers },
    dimension: { column: 'record_id', object: 'survey_answer', through: answers },
  },
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
  actor_day: ['source_id', 'actor_id', 'day'],
  ticket_agent: ['source_id', 'owner_id'],
  told_field: ['source_id', 'object', 'field'],
  team_member: ['source_id', 'actor_id', 'team_id', 'valid_from'],
};
