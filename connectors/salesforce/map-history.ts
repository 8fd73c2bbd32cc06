import type { TableName } from '../../src/model/entities.ts';
import { idOf, type MapRecord } from './mapped.ts';
import { type SalesforceRecord, toInstant, toText } from './values.ts';

interface HistoryKind {
  readonly object: TableName;
  /** Field that holds the id of the record. */
  readonly parent: string;
  /** Field of the history row, as Salesforce names it -> our column. */
  readonly columns: Readonly<Record<string, string>>;
}

const caseHistory: HistoryKind = {
  object: 'ticket',
  parent: 'CaseId',
  columns: { Status: 'status', Owner: 'owner_id', OwnerId: 'owner_id', Priority: 'priority' },
};

/** Stage, amount, probability and close date are not here: OpportunityHistory has them for every deal. */
const dealHistory: HistoryKind = {
  object: 'deal',
  parent: 'OpportunityId',
  columns: {
    Owner: 'owner_id',
    OwnerId: 'owner_id',
    NextStep: 'next_step',
    LeadSource: 'source',
    Type: 'type',
    Account: 'account_id',
    AccountId: 'account_id',
    Campaign: 'campaign_id',
    CampaignId: 'campaign_id',
  },
};

export const mapCaseHistory: MapRecord = (record) => mapFieldHistory(record, caseHistory);
export const mapOpportunityFieldHistory: MapRecord = (record) => mapFieldHistory(record, dealHistory);

function mapFieldHistory(record: SalesforceRecord, kind: HistoryKind): ReturnType<MapRecord> {
  const field = kind.columns[toText(record.Field) ?? ''];
  if (!field || (field.endsWith('_id') && !holdsIds(record))) return { rows: [] };
  const at = toInstant(record.CreatedDate);
  return {
    rows: [
      {
        table: 'change',
        row: {
          id: `${idOf(record.Id)}:${field}`,
          created_at: at,
          updated_at: at,
          object: kind.object,
          record_id: toText(record[kind.parent]),
          field,
          at,
          from_value: toText(record.OldValue),
          to_value: toText(record.NewValue),
          actor_id: toText(record.CreatedById),
          origin: 'history',
        },
      },
    ],
  };
}

/** A changed lookup gives two rows, one with names and one with ids; only ids join. */
function holdsIds(record: SalesforceRecord): boolean {
  if (toText(record.DataType) === 'EntityId') return true;
  const values = [toText(record.OldValue), toText(record.NewValue)].filter((value) => value !== null);
  return values.length > 0 && values.every((value) => /^[a-zA-Z0-9]{15}([A-Z0-5]{3})?$/.test(value));
}
