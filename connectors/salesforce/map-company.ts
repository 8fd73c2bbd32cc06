import { toMinorUnits } from '../../src/model/money.ts';
import { addDays } from '../../src/model/zone.ts';
import { commonColumnsOf, currencyOf, idOf, type MapRecord } from './mapped.ts';
import { ownFolderNames, ownReportMark } from './metadata-analytics.ts';
import {
  readPath,
  type SalesforceRecord,
  toBool,
  toDate,
  toInstant,
  toInteger,
  toNumber,
  toText,
} from './values.ts';

/** Any status but a draft's is that of a contract in force, or of one that was (Object Reference: Contract). */
export const mapContract: MapRecord = (record) => ({
  rows: [
    {
      table: 'contract',
      row: {
        ...commonColumnsOf(record),
        name: toText(record.ContractNumber),
        account_id: toText(record.AccountId),
        owner_id: toText(record.OwnerId),
        status: toText(record.Status),
        active: /draft|approval/i.test(toText(record.StatusCode) ?? toText(record.Status) ?? '') ? 0 : 1,
        starts_on: toDate(record.StartDate),
        ends_on: toDate(record.EndDate),
      },
    },
  ],
});

/** Of the forecast of opportunity amounts: quotas of quantities, product families and splits would count again. */
export const mapQuota: MapRecord = (record, context) => {
  const type = toText(readPath(record, 'ForecastingType.DeveloperName'));
  const isOther = type !== null && !/^OpportunityRevenue/i.test(type);
  const isPart = toText(record.ProductFamily) !== null || toBool(record.IsQuantity) === 1;
  const from_on = toDate(record.StartDate);
  if (isOther || isPart || from_on === null) return { rows: [] };
  const currency = currencyOf(record, context);
  return {
    rows: [
      {
        table: 'entry',
        row: {
          ...commonColumnsOf(record),
          kind: 'quota',
          day: from_on,
          from_on,
          // Forecasts are monthly unless the org says otherwise.
          to_on: toDate(readPath(record, 'Period.EndDate')) ?? lastOfMonth(from_on),
          amount_minor: toMinorUnits(toNumber(record.QuotaAmount), currency),
          value: toNumber(record.QuotaQuantity),
          currency,
          purpose: 'sales',
          actor_id: toText(record.QuotaOwnerId),
        },
      },
    ],
  };
};

function lastOfMonth(day: string): string {
  const next = new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)), 1));
  return addDays(next.toISOString().slice(0, 10), -1);
}

export const mapReport: MapRecord = (record) => ({
  rows: [
    {
      table: 'report_use',
      row: {
        ...commonColumnsOf(record),
        name: toText(record.Name),
        folder: toText(record.FolderName),
        owner_id: toText(record.OwnerId),
        last_run_at: toInstant(record.LastRunDate),
      },
    },
  ],
});

/** What crm-kpi itself installed says nothing about how the org is used. */
export function isOwnReport(record: SalesforceRecord): boolean {
  return (
    ownFolderNames.includes(toText(record.FolderName) ?? '') || toText(record.Description) === ownReportMark
  );
}

/** Versions and translations come and go; what cases are linked to is the article. */
export const mapArticle: MapRecord = (record) => ({
  rows: [
    {
      table: 'article',
      row: {
        ...commonColumnsOf(record),
        id: idOf(record.KnowledgeArticleId),
        name: toText(record.Title),
        published_at: toInstant(record.LastPublishedDate),
        views: toInteger(record.ArticleTotalViewCount),
      },
    },
  ],
});

export function isOtherLanguage(record: SalesforceRecord): boolean {
  return toBool(record.IsMasterLanguage) === 0;
}

/** Whether it was answered, and what about, come from beside it. */
export const mapInvitation: MapRecord = (record) => {
  const common = commonColumnsOf(record);
  return {
    rows: [
      {
        table: 'survey_answer',
        row: {
          ...common,
          audience: toText(record.UserId) === null ? 'customer' : 'user',
          kind: 'invitation',
          sent_at: common.created_at,
        },
      },
    ],
  };
};

interface Scale {
  readonly kind: 'nps' | 'csat';
  readonly scale_min: number;
  readonly scale_max: number;
}

/** Questions that tell satisfaction; a slider's or a choice's scale is not in the API. */
function scaleOf(record: SalesforceRecord): Scale | null {
  const type = toText(readPath(record, 'Question.QuestionType')) ?? '';
  if (/nps/i.test(type)) return { kind: 'nps', scale_min: 0, scale_max: 10 };
  return /rating|csat/i.test(type) ? { kind: 'csat', scale_min: 1, scale_max: 5 } : null;
}

export function isUnscoredAnswer(record: SalesforceRecord): boolean {
  return scaleOf(record) === null;
}

/** One scored question of a survey; when it was sent stands with the invitation, which counts once. */
export const mapAnswer: MapRecord = (record) => {
  const scale = scaleOf(record);
  if (scale === null) return { rows: [] };
  const common = commonColumnsOf(record);
  const values = [record.NumberValue, record.ResponseValue, record.ResponseShortText];
  return {
    rows: [
      {
        table: 'survey_answer',
        row: {
          ...common,
          audience: toText(readPath(record, 'Invitation.UserId')) === null ? 'customer' : 'user',
          ...scale,
          answered_at: toInstant(readPath(record, 'Response.CompletionDateTime')) ?? common.created_at,
          score: values.map(toNumber).find((value) => value !== null) ?? null,
        },
      },
    ],
  };
};
