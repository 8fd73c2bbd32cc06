import type { CompanionSpec } from './companions.ts';
import { readPath, type SalesforceRecord, toInstant, toText } from './values.ts';

/** Replies are people's: neither software nor customers with a login write them. */
function replyAt(record: SalesforceRecord, field: string): number | null {
  const writer = toText(readPath(record, 'CreatedBy.UserType'));
  if (writer !== null && writer !== 'Standard') return null;
  return toInstant(record[field]) ?? toInstant(record.CreatedDate);
}

export const caseCompanions: readonly CompanionSpec[] = [
  {
    object: 'EmailMessage',
    parent: 'ParentId',
    required: ['ParentId', 'Incoming'],
    optional: ['MessageDate', 'CreatedDate', 'CreatedBy.UserType'],
    // Status 5 is a draft (Object Reference: EmailMessage).
    only: "Incoming = false AND Status != '5'",
    feeds: 'reply',
    valueOf: (record) => replyAt(record, 'MessageDate'),
    consequence: 'first replies by e-mail are not known',
  },
  {
    object: 'CaseComment',
    parent: 'ParentId',
    required: ['ParentId', 'IsPublished', 'CreatedDate'],
    optional: ['CreatedBy.UserType'],
    only: 'IsPublished = true',
    feeds: 'reply',
    valueOf: (record) => replyAt(record, 'CreatedDate'),
    consequence: 'first replies by public comment are not known',
  },
  {
    object: 'CaseMilestone',
    parent: 'CaseId',
    required: ['CaseId', 'TargetDate'],
    optional: [],
    only: null,
    feeds: 'due',
    valueOf: (record) => toInstant(record.TargetDate),
    consequence: 'cases have no due date, so kept promises (SLA) and overdue cases have no value',
  },
  {
    object: 'CaseArticle',
    parent: 'CaseId',
    required: ['CaseId', 'KnowledgeArticleId'],
    optional: [],
    only: null,
    feeds: 'articles',
    valueOf: (record) => toText(record.KnowledgeArticleId),
    consequence: 'which cases used an article of the knowledge base is not known',
  },
];

/** Invitations and answers tell the case or account that they are about. */
const surveySubject = {
  object: 'SurveySubject',
  parent: 'ParentId',
  required: ['ParentId', 'SubjectId'],
  optional: [],
  only: null,
  feeds: 'subject',
  valueOf: (record: SalesforceRecord) => toText(record.SubjectId),
  consequence: 'answers are not tied to cases and accounts',
} as const satisfies CompanionSpec;

export const invitationCompanions: readonly CompanionSpec[] = [
  surveySubject,
  {
    object: 'SurveyResponse',
    parent: 'InvitationId',
    required: ['InvitationId', 'CompletionDateTime'],
    optional: [],
    only: null,
    feeds: 'answered',
    valueOf: (record) => toInstant(record.CompletionDateTime),
    consequence: 'which invitations were answered is not known',
  },
];

export const answerCompanions: readonly CompanionSpec[] = [
  { ...surveySubject, keys: ['InvitationId', 'ResponseId'] },
];
