import { toMinorUnits } from '../../src/model/money.ts';
import { commonColumnsOf, currencyOf, idOf, type MapRecord, type TableRow } from './mapped.ts';
import {
  readPath,
  type SalesforceRecord,
  toBool,
  toDate,
  toInstant,
  toInteger,
  toNumber,
  toShare,
  toText,
} from './values.ts';

/** Opportunity Type is free for every org; these are the words of the standard picklist and its usual neighbours. */
export function normaliseDealType(type: string | null): string | null {
  if (type === null) return null;
  if (/renew/i.test(type)) return 'renewal';
  if (/existing|upgrade|up-?sell|cross-?sell|expansion|add-?on/i.test(type)) return 'expansion';
  if (/\bnew\b/i.test(type)) return 'new';
  return type;
}

function outcomeOf(record: SalesforceRecord): 'open' | 'won' | 'lost' {
  if (toBool(record.IsWon) === 1) return 'won';
  return toBool(record.IsClosed) === 1 ? 'lost' : 'open';
}

export const mapOpportunity: MapRecord = (record, context) => {
  const common = commonColumnsOf(record);
  const currency = currencyOf(record, context);
  const outcome = outcomeOf(record);
  const closeDate = toDate(record.CloseDate);
  return {
    rows: [
      {
        table: 'deal',
        row: {
          ...common,
          name: toText(record.Name),
          account_id: toText(record.AccountId),
          owner_id: toText(record.OwnerId),
          created_by_id: toText(record.CreatedById),
          pipeline: toText(readPath(record, 'RecordType.DeveloperName')) ?? 'default',
          stage: toText(record.StageName),
          type: normaliseDealType(toText(record.Type)),
          amount_minor: toMinorUnits(toNumber(record.Amount), currency),
          currency,
          cost_minor: null,
          probability: toShare(record.Probability),
          created_on: common.created_at === null ? null : context.zone.dateOf(common.created_at),
          expected_close_on: closeDate,
          closed_on: outcome === 'open' ? null : closeDate,
          outcome,
          lost_reason: null,
          campaign_id: toText(record.CampaignId),
          source: toText(record.LeadSource),
          next_step: toText(record.NextStep),
        },
      },
    ],
  };
};

/** Each row of OpportunityHistory is a whole state; one change per column of ours. */
export const mapOpportunityHistory: MapRecord = (record, context) => {
  const currency = currencyOf(record, context);
  const minor = (value: unknown) => toText(toMinorUnits(toNumber(value), currency));
  const share = toShare(record.Probability);
  const changes: [string, unknown, string | null, string | null][] = [
    ['stage', record.StageName, null, toText(record.StageName)],
    ['amount_minor', record.Amount, minor(record.PrevAmount), minor(record.Amount)],
    ['expected_close_on', record.CloseDate, toDate(record.PrevCloseDate), toDate(record.CloseDate)],
    ['probability', record.Probability, null, share === null ? null : String(share)],
  ];
  const at = toInstant(record.CreatedDate);
  const id = idOf(record.Id);
  return {
    rows: changes
      // A field that this user may not read is not in the answer at all; an empty one is null.
      .filter(([, raw]) => raw !== undefined)
      .map(
        ([field, , from_value, to_value]): TableRow => ({
          table: 'change',
          row: {
            id: `${id}:${field}`,
            created_at: at,
            updated_at: at,
            object: 'deal',
            record_id: toText(record.OpportunityId),
            field,
            at,
            from_value,
            to_value,
            actor_id: toText(record.CreatedById),
            origin: 'history',
          },
        }),
      ),
  };
};

export const mapLead: MapRecord = (record) => ({
  rows: [
    {
      table: 'lead',
      row: {
        ...commonColumnsOf(record),
        merged_into: toText(record.MasterRecordId),
        name: toText(record.Name) ?? toText(record.Company),
        owner_id: toText(record.OwnerId),
        source: toText(record.LeadSource),
        status: toText(record.Status),
        converted_on: toDate(record.ConvertedDate),
        deal_id: toText(record.ConvertedOpportunityId),
        contact_id: toText(record.ConvertedContactId),
      },
    },
  ],
});

export const mapCampaign: MapRecord = (record, context) => {
  const currency = currencyOf(record, context);
  return {
    rows: [
      {
        table: 'campaign',
        row: {
          ...commonColumnsOf(record),
          name: toText(record.Name),
          kind: toText(record.Type),
          parent_id: toText(record.ParentId),
          owner_id: toText(record.OwnerId),
          starts_on: toDate(record.StartDate),
          ends_on: toDate(record.EndDate),
          cost_minor: toMinorUnits(toNumber(record.ActualCost), currency),
          budget_minor: toMinorUnits(toNumber(record.BudgetedCost), currency),
          currency,
        },
      },
    ],
  };
};

export const mapCampaignMember: MapRecord = (record, context) => {
  const respondedOn = toDate(record.FirstRespondedDate);
  return {
    rows: [
      {
        table: 'campaign_member',
        row: {
          ...commonColumnsOf(record),
          campaign_id: toText(record.CampaignId),
          person_id: toText(record.ContactId) ?? toText(record.LeadId),
          // FirstRespondedDate is a date only: the start of that day here.
          responded_at: respondedOn === null ? null : context.zone.startOf(respondedOn),
        },
      },
    ],
  };
};

export const mapListEmail: MapRecord = (record, context) => {
  const hard = toInteger(record.TotalHardBounced);
  const soft = toInteger(record.TotalSoftBounced);
  return {
    rows: [
      {
        table: 'email_stat',
        row: {
          ...commonColumnsOf(record),
          name: toText(record.Name) ?? toText(record.Subject),
          campaign_id: toText(record.CampaignId),
          owner_id: toText(record.OwnerId),
          sent_at: toInstant(record.SentDate) ?? toInstant(record.ScheduledDate),
          sent: toInteger(record.TotalSent),
          delivered: toInteger(record.TotalDelivered),
          opens_unique: toInteger(record.UniqueOpens),
          opens_unreliable: null,
          // Counted once per link, so it may exceed the persons who clicked; Salesforce keeps no such number.
          clickers_unique: toInteger(record.UniqueTrackedLinkClicks),
          bounced: hard === null && soft === null ? null : (hard ?? 0) + (soft ?? 0),
          unsubscribed: toInteger(record.UniqueOptOuts),
          spam: null,
          fetched_at: context.now,
        },
      },
    ],
  };
};
