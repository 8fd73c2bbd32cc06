/**
 * The canonical tables: what a connector delivers and what KPI files read.
 *
 * Column kinds and their SQLite form: `text` TEXT, `id` TEXT (the CRM's own id), `instant` INTEGER UTC epoch
 * milliseconds, `date` TEXT `YYYY-MM-DD` without a zone, `minor` INTEGER money in minor units of the row's
 * currency, `int` INTEGER, `real` REAL, `bool` INTEGER 0 or 1. Empty is null everywhere.
 */
export type ColumnKind = 'text' | 'id' | 'instant' | 'date' | 'minor' | 'int' | 'real' | 'bool';
export type SqlValue = string | number | null;

/** Columns that every entity table has besides its own; `source_id`, `stream` and `synced_at` are set by the store. */
export const commonColumns = {
  created_at: ['instant', 'when the record was created in the CRM'],
  updated_at: ['instant', 'when the CRM last changed the record'],
  deleted_at: ['instant', 'when the CRM reported it deleted; null while it lives'],
  merged_into: ['id', 'the surviving record, if this one was merged away'],
  is_test: ['bool', '1: a test record, never counted'],
} as const;

/** column -> [kind, meaning]. The meaning goes into the generated reference. */
export const entityTables = {
  actor: {
    kind: ['text', 'user, queue or integration'],
    name: ['text', 'display name'],
    email: ['text', 'work address, to match people across CRMs'],
    active: ['bool', '1: may sign in'],
    licensed: ['bool', '1: holds a licence'],
    role: ['text', 'role or profile name'],
    manager_id: ['id', 'the actor this one reports to'],
    time_zone: ['text', 'IANA zone'],
    last_login_at: ['instant', 'when this person last signed in, where the CRM tells'],
  },
  team: { name: ['text', 'display name'], parent_id: ['id', 'the team above'] },
  account: {
    name: ['text', 'display name'],
    category: ['text', 'customer category'],
    country: ['text', ''],
    owner_id: ['id', 'actor'],
  },
  lead: {
    name: ['text', 'display name'],
    owner_id: ['id', 'actor'],
    source: ['text', 'lead source'],
    status: ['text', ''],
    first_campaign_id: ['id', 'campaign of first touch'],
    converted_on: ['date', 'day of conversion'],
    closed_at: ['instant', 'when it was converted or given up'],
    deal_id: ['id', 'deal it became'],
    contact_id: ['id', 'contact it became'],
    imported: ['bool', '1: came by a bulk import'],
  },
  stage: {
    object: ['text', 'deal or ticket'],
    pipeline: ['text', 'pipeline key; default where the CRM has no pipelines'],
    key: ['text', 'the value that records carry'],
    label: ['text', 'what people read'],
    position: ['int', 'order within the pipeline'],
    is_closed: ['bool', ''],
    is_won: ['bool', ''],
    probability: ['real', '0 to 1'],
    is_paused: ['bool', '1: waiting for the customer, stops the agent clock'],
  },
  deal: {
    name: ['text', 'display name'],
    account_id: ['id', ''],
    owner_id: ['id', 'actor'],
    created_by_id: ['id', 'actor'],
    pipeline: ['text', ''],
    stage: ['text', 'key of stage'],
    type: ['text', 'new, expansion, renewal, or as in the CRM'],
    amount_minor: ['minor', 'null: no amount was entered'],
    currency: ['text', 'ISO 4217'],
    cost_minor: ['minor', ''],
    probability: ['real', '0 to 1'],
    created_on: ['date', 'local day of created_at in the business time zone'],
    expected_close_at: ['instant', 'as the CRM keeps it, where it keeps an instant'],
    expected_close_on: ['date', ''],
    closed_at: ['instant', 'as the CRM keeps it, where it keeps an instant'],
    closed_on: ['date', "the CRM's close date; null while open"],
    outcome: ['text', 'open, won or lost'],
    lost_reason: ['text', ''],
    campaign_id: ['id', ''],
    source: ['text', 'lead source'],
    next_step: ['text', ''],
  },
  activity: {
    kind: ['text', 'task, call, meeting or email; note: that one was taken, without a status'],
    subject: ['text', ''],
    owner_id: ['id', 'actor'],
    created_by_id: ['id', 'actor'],
    account_id: ['id', ''],
    deal_id: ['id', ''],
    ticket_id: ['id', ''],
    person_id: ['id', 'lead or contact'],
    starts_at: ['instant', ''],
    due_on: ['date', ''],
    done_at: ['instant', 'when it was done; null while it is not'],
    status: ['text', 'open, done or cancelled'],
    direction: ['text', 'inbound or outbound'],
    automated: ['bool', '1: made by software'],
  },
  ticket: {
    name: ['text', 'number or subject line'],
    account_id: ['id', ''],
    owner_id: ['id', 'actor'],
    created_by_id: ['id', 'actor'],
    pipeline: ['text', ''],
    status: ['text', 'key of stage'],
    priority: ['text', ''],
    category: ['text', ''],
    channel: ['text', ''],
    is_closed: ['bool', ''],
    first_reply_at: ['instant', 'first public human reply'],
    first_closed_at: ['instant', ''],
    last_closed_at: ['instant', 'null while open'],
    reopened_at: ['instant', 'last time it was opened again'],
    due_at: ['instant', ''],
    reply_count: ['int', 'public human replies'],
    article_count: ['int', 'linked knowledge articles'],
  },
  change: {
    object: ['text', 'deal, ticket, actor, ...'],
    record_id: ['id', ''],
    field: ['text', 'a canonical column of that table'],
    at: ['instant', ''],
    from_value: ['text', 'minor units for money, ids for references'],
    to_value: ['text', 'minor units for money, ids for references'],
    actor_id: ['id', ''],
    origin: ['text', 'history: told by the CRM; inferred: concluded by us'],
  },
  campaign: {
    name: ['text', ''],
    kind: ['text', 'as in the CRM'],
    parent_id: ['id', ''],
    owner_id: ['id', 'actor'],
    starts_on: ['date', ''],
    ends_on: ['date', ''],
    cost_minor: ['minor', ''],
    budget_minor: ['minor', ''],
    currency: ['text', 'ISO 4217'],
    sessions: ['int', 'visits that the CRM attributes to it'],
    new_contacts: ['int', 'contacts whose first touch it was'],
    influenced_contacts: ['int', 'contacts who met it'],
    attributed_deals: ['int', 'deals that the CRM attributes to it'],
    attributed_minor: ['minor', 'revenue that the CRM attributes to it'],
  },
  campaign_member: {
    campaign_id: ['id', ''],
    person_id: ['id', 'lead or contact'],
    sent_at: ['instant', ''],
    responded_at: ['instant', ''],
  },
  email_stat: {
    name: ['text', ''],
    campaign_id: ['id', ''],
    owner_id: ['id', 'actor'],
    sent_at: ['instant', ''],
    sent: ['int', ''],
    delivered: ['int', ''],
    opens_unique: ['int', ''],
    opens_unreliable: ['int', 'opens by privacy pre-fetch'],
    clickers_unique: ['int', 'persons who clicked, not links'],
    bounced: ['int', ''],
    unsubscribed: ['int', ''],
    spam: ['int', ''],
    fetched_at: ['instant', 'when the counters were read'],
  },
  survey_answer: {
    audience: ['text', 'customer or user'],
    kind: ['text', 'csat, nps or ces; invitation: the asking itself, without a score'],
    account_id: ['id', ''],
    ticket_id: ['id', ''],
    owner_id: ['id', 'actor'],
    channel: ['text', ''],
    sent_at: ['instant', ''],
    answered_at: ['instant', ''],
    score: ['real', ''],
    scale_min: ['real', ''],
    scale_max: ['real', ''],
    comment: ['text', ''],
  },
  article: {
    name: ['text', ''],
    category: ['text', ''],
    published_at: ['instant', ''],
    views: ['int', ''],
  },
  entry: {
    kind: ['text', 'cost, benefit, training, quota or benchmark'],
    day: ['date', ''],
    from_on: ['date', 'first day it covers'],
    to_on: ['date', 'last day it covers'],
    amount_minor: ['minor', ''],
    value: ['real', 'where it is not money'],
    currency: ['text', 'ISO 4217'],
    purpose: ['text', 'sales, marketing, crm, ...'],
    actor_id: ['id', ''],
    team_id: ['id', ''],
    campaign_id: ['id', ''],
    note: ['text', ''],
    author: ['text', ''],
    origin: ['text', 'where the figure comes from: an invoice, a study'],
    kpi: ['text', 'of a benchmark: the KPI that it belongs to'],
    value_high: ['real', 'of a benchmark that is a range: its upper end, value being the lower'],
    statistic: ['text', 'of a benchmark: p50, p90, mean ...'],
    segment: ['text', 'of a benchmark: whose figure it is'],
    published_on: ['date', 'of a benchmark; day, from_on and to_on say when it was measured'],
    comparability: ['text', 'of a benchmark: same, similar or different'],
  },
  fx_rate: {
    currency: ['text', 'ISO 4217'],
    day: ['date', 'first day on which it holds'],
    rate_to_base: ['real', 'amount x rate = amount in the base currency of the source'],
  },
  contract: {
    name: ['text', 'number or name'],
    account_id: ['id', ''],
    owner_id: ['id', 'actor'],
    status: ['text', 'as in the CRM'],
    active: ['bool', '1: was activated, so that the account is or was a customer by it; 0: a draft'],
    starts_on: ['date', ''],
    ends_on: ['date', 'last day; null: open-ended'],
  },
  working_hours: {
    name: ['text', 'display name of the set of hours'],
    is_default: ['bool', '1: the hours of the whole organisation'],
    active: ['bool', '1: in use'],
    time_zone: ['text', 'IANA zone'],
    weekday: ['int', '0 Sunday to 6 Saturday'],
    from_minute: ['int', 'minutes after midnight'],
    to_minute: ['int', 'minutes after midnight, exclusive'],
  },
  holiday: {
    name: ['text', 'display name'],
    day: ['date', 'a day on which nobody works'],
    from_minute: ['int', 'minutes after midnight, where only part of the day is free'],
    to_minute: ['int', 'minutes after midnight, where only part of the day is free'],
  },
  fiscal_period: {
    grain: ['text', 'week, month, quarter or year'],
    label: ['text', '2026-P01, 2026-Q1, 2026'],
    from_on: ['date', 'first day'],
    to_on: ['date', 'last day'],
    is_standard: ['bool', '1: follows from the first month of the fiscal year; 0: set by hand, as 4-4-5'],
  },
  report_use: {
    name: ['text', 'display name'],
    folder: ['text', ''],
    owner_id: ['id', 'actor'],
    last_run_at: ['instant', 'null: never run'],
  },
  dimension: {
    object: ['text', 'deal, ticket, ...'],
    record_id: ['id', ''],
    name: ['text', 'name of the mapped dimension'],
    value: ['text', ''],
  },
} as const satisfies Record<string, Record<string, readonly [ColumnKind, string]>>;

export type TableName = keyof typeof entityTables;

type JsValue<K extends ColumnKind> = K extends 'text' | 'id' | 'date' ? string : number;
type Columns<T extends Record<string, readonly [ColumnKind, string]>> = {
  readonly [C in keyof T]?: JsValue<T[C][0]> | null;
};

/** A row of one canonical table as a connector delivers it: SQLite values, booleans as 0 or 1. */
export type EntityRow<T extends TableName = TableName> = { readonly id: string } & Columns<
  typeof commonColumns
> &
  Columns<(typeof entityTables)[T]>;

/** Rows of one table; every row of the group has the same keys. */
export type TableRows = {
  [T in TableName]: { readonly table: T; readonly rows: readonly EntityRow<T>[] };
}[TableName];

/** kind of one column, or undefined where the table has no such column. */
export function columnKind(table: TableName, column: string): ColumnKind | undefined {
  if (column === 'id') return 'id';
  return kindIn(entityTables[table], column) ?? kindIn(commonColumns, column);
}

function kindIn(
  columns: Readonly<Record<string, readonly [ColumnKind, string]>>,
  column: string,
): ColumnKind | undefined {
  return Object.hasOwn(columns, column) ? columns[column]?.[0] : undefined;
}
