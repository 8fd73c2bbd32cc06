import { answerCompanions, invitationCompanions } from './companion-specs.ts';
import { mapBusinessHours, mapFiscalPeriod, mapHoliday, weekdays } from './map-calendar.ts';
import {
  isOtherLanguage,
  isOwnReport,
  isUnscoredAnswer,
  mapAnswer,
  mapArticle,
  mapContract,
  mapInvitation,
  mapQuota,
  mapReport,
} from './map-company.ts';
import { currencyCode, type ObjectSpec, stamps } from './object-spec.ts';

const hoursFields = Object.fromEntries(
  weekdays.flatMap((day) => [`${day}StartTime`, `${day}EndTime`]).map((field) => [field, '']),
);

/** Some organisations only, or some users only: the others are told what it would be good for. */
const feature = { isFeature: true, mayBeRefused: true, comparable: false } as const;

/** What the organisation says of itself: when it works, how its year runs. Small, and read whole. */
const calendarObjects: readonly ObjectSpec[] = [
  {
    object: 'BusinessHours',
    without: 'working hours come from the settings alone',
    table: 'working_hours',
    group: null,
    required: ['IsDefault'],
    optional: { Name: '', IsActive: '', TimeZoneSidKey: '', ...hoursFields, ...stamps },
    map: mapBusinessHours,
    whole: true,
    ...feature,
  },
  {
    object: 'Holiday',
    without: 'holidays come from the settings alone',
    table: 'holiday',
    group: null,
    required: ['ActivityDate'],
    optional: {
      Name: '',
      IsAllDay: '',
      StartTimeInMinutes: '',
      EndTimeInMinutes: '',
      IsRecurrence: 'holidays that recur count once',
      RecurrenceType: '',
      RecurrenceInterval: '',
      RecurrenceInstance: '',
      RecurrenceDayOfWeekMask: '',
      RecurrenceDayOfMonth: '',
      RecurrenceMonthOfYear: '',
      RecurrenceStartDate: '',
      RecurrenceEndDateOnly: '',
      ...stamps,
    },
    map: mapHoliday,
    whole: true,
    ...feature,
  },
  {
    object: 'Period',
    without: 'fiscal periods come from the settings alone',
    table: 'fiscal_period',
    group: null,
    required: ['Type', 'StartDate', 'EndDate'],
    optional: {
      Number: '',
      'FiscalYearSettings.Name': '',
      'FiscalYearSettings.IsStandardYear': 'a fiscal year set by hand (4-4-5) is not recognised',
      SystemModstamp: '',
    },
    map: mapFiscalPeriod,
    whole: true,
    ...feature,
  },
];

const useObjects: readonly ObjectSpec[] = [
  {
    object: 'Report',
    without: 'reports that nobody runs are not found',
    table: 'report_use',
    group: null,
    required: ['Name'],
    optional: {
      FolderName: '',
      Description: '',
      OwnerId: '',
      LastRunDate: 'reports that nobody runs are not found',
      ...stamps,
    },
    map: mapReport,
    columns: { folder: ['FolderName'], owner_id: ['OwnerId'], last_run_at: ['LastRunDate'] },
    excluded: isOwnReport,
    // Running a report stamps nothing.
    whole: true,
    ...feature,
  },
  {
    object: 'KnowledgeArticleVersion',
    without: 'articles of the knowledge base have no data',
    table: 'article',
    group: 'tickets',
    required: ['KnowledgeArticleId', 'Title', 'PublishStatus'],
    optional: {
      IsMasterLanguage: '',
      LastPublishedDate: 'articles have no date',
      ArticleTotalViewCount: 'articles have no views',
      ...stamps,
    },
    map: mapArticle,
    columns: { published_at: ['LastPublishedDate'], views: ['ArticleTotalViewCount'] },
    // A query without the status is refused (Object Reference: KnowledgeArticleVersion).
    only: "PublishStatus = 'Online'",
    excluded: isOtherLanguage,
    whole: true,
    ...feature,
  },
];

const salesPromises: readonly ObjectSpec[] = [
  {
    object: 'Contract',
    without: 'customers are recognised by their purchases alone',
    table: 'contract',
    group: 'deals',
    required: ['AccountId', 'Status'],
    optional: {
      ContractNumber: '',
      OwnerId: '',
      StatusCode: '',
      StartDate: 'contracts have no start',
      EndDate: 'contracts never end',
      ...stamps,
    },
    map: mapContract,
    columns: {
      name: ['ContractNumber'],
      owner_id: ['OwnerId'],
      starts_on: ['StartDate'],
      ends_on: ['EndDate'],
    },
    hasPage: true,
    isFeature: true,
    comparable: true,
  },
  {
    object: 'ForecastingQuota',
    without: 'quota attainment has no data from here; quotas can be entered by a csv connection',
    table: 'entry',
    group: 'deals',
    required: ['QuotaOwnerId', 'StartDate'],
    optional: {
      QuotaAmount: 'quotas have no amount',
      QuotaQuantity: '',
      IsQuantity: '',
      ProductFamily: '',
      'ForecastingType.DeveloperName': '',
      'Period.EndDate': '',
      ...currencyCode,
      ...stamps,
    },
    map: mapQuota,
    columns: { amount_minor: ['QuotaAmount'], value: ['QuotaQuantity'] },
    whole: true,
    ...feature,
  },
];

const surveyObjects: readonly ObjectSpec[] = [
  {
    object: 'SurveyInvitation',
    without: 'the share of answered surveys has no data from here',
    table: 'survey_answer',
    group: 'tickets',
    required: ['CreatedDate'],
    optional: { UserId: 'surveys of users count as surveys of customers', ...stamps },
    map: mapInvitation,
    companions: invitationCompanions,
    since: 'created',
    isFeature: true,
    comparable: true,
  },
  {
    object: 'SurveyQuestionResponse',
    without: 'satisfaction has no data from here; another object can feed it under `entities`',
    table: 'survey_answer',
    group: 'tickets',
    required: ['QuestionId', 'ResponseId'],
    optional: {
      'Question.QuestionType': 'which answers tell satisfaction is not known, so none counts',
      'Response.CompletionDateTime': 'answers are dated by their creation',
      'Invitation.UserId': '',
      InvitationId: 'answers are not tied to cases and accounts',
      NumberValue: '',
      ResponseValue: '',
      ResponseShortText: '',
      ...stamps,
    },
    map: mapAnswer,
    companions: answerCompanions,
    excluded: isUnscoredAnswer,
    since: 'created',
    ...feature,
  },
];

export const companyObjects: readonly ObjectSpec[] = [
  ...calendarObjects,
  ...useObjects,
  ...salesPromises,
  ...surveyObjects,
];
