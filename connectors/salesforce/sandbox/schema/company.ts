import {
  currency,
  date,
  datetime,
  double,
  flag,
  link,
  pick,
  readOnly,
  required,
  text,
  whole,
} from './fields.ts';
import type { ObjectSpec } from './object.ts';

const name = (length: number) => text(length, { ...required, nameField: true });

/** Object Reference: Survey, SurveyInvitation, SurveyResponse, SurveyQuestion, SurveyQuestionResponse, SurveySubject. */
const surveys: Readonly<Record<string, ObjectSpec>> = {
  SurveyQuestion: {
    prefix: '0Kp',
    fields: {
      Name: name(255),
      QuestionType: pick('Rating|NPS|CSAT|Slider|FreeText|MultiChoice|RadioButton|Date|Boolean'),
    },
  },
  SurveyInvitation: {
    prefix: '0Ki',
    fields: {
      Name: name(255),
      ContactId: link('Contact', 'Contact'),
      UserId: link('User', 'User'),
      ResponseStatus: pick('NotStarted|Started|Paused|Completed'),
      OwnerId: link('Owner', 'User', { nillable: false }),
    },
  },
  SurveyResponse: {
    prefix: '0Ku',
    fields: {
      Name: text(255, { nameField: true }),
      InvitationId: link('Invitation', 'SurveyInvitation'),
      Status: pick('Started|Paused|Completed'),
      CompletionDateTime: datetime(),
    },
  },
  SurveyQuestionResponse: {
    prefix: '0Kt',
    fields: {
      QuestionId: link('Question', 'SurveyQuestion'),
      ResponseId: link('Response', 'SurveyResponse'),
      InvitationId: link('Invitation', 'SurveyInvitation'),
      Datatype: pick('String|Number|Date|Int|Double|Boolean'),
      NumberValue: whole(),
      ResponseValue: text(255),
      ResponseShortText: text(255),
    },
  },
  SurveySubject: {
    prefix: '0Ks',
    fields: {
      Name: text(255, { nameField: true }),
      ParentId: link('Parent', 'SurveyInvitation|SurveyResponse', required),
      SubjectId: link('Subject', 'Account|Case|Contact|Lead|Opportunity|User', required),
      SubjectEntityType: pick('Account|Case|Contact|Lead|Opportunity|User'),
    },
  },
};

/** Object Reference: KnowledgeArticleVersion, CaseArticle. */
const knowledge: Readonly<Record<string, ObjectSpec>> = {
  KnowledgeArticleVersion: {
    prefix: 'ka0',
    audit: 'undeletable',
    fields: {
      Title: name(255),
      // The article is no object of its own here: its versions name it.
      KnowledgeArticleId: text(18, required),
      PublishStatus: pick('Draft|Online|Archived'),
      Language: pick('en_US|es'),
      IsMasterLanguage: flag(),
      IsLatestVersion: flag(),
      LastPublishedDate: datetime(),
      ArticleTotalViewCount: whole(),
    },
  },
  CaseArticle: {
    prefix: '0C5',
    fields: {
      CaseId: link('Case', 'Case', required),
      KnowledgeArticleId: text(18, required),
      KnowledgeArticleVersionId: link('KnowledgeArticleVersion', 'KnowledgeArticleVersion'),
    },
  },
};

/** Object Reference: ForecastingType, ForecastingQuota. */
const forecasts: Readonly<Record<string, ObjectSpec>> = {
  ForecastingType: {
    prefix: '0Db',
    audit: 'undeletable',
    fields: { DeveloperName: name(80), MasterLabel: text(80), IsActive: flag(), IsAmount: flag() },
  },
  ForecastingQuota: {
    prefix: '0J9',
    audit: 'undeletable',
    fields: {
      QuotaOwnerId: link('QuotaOwner', 'User', required),
      ForecastingTypeId: link('ForecastingType', 'ForecastingType'),
      PeriodId: link('Period', 'Period', readOnly),
      StartDate: date(required),
      QuotaAmount: currency(),
      QuotaQuantity: double(16, 2),
      IsAmount: flag(),
      IsQuantity: flag(),
      ProductFamily: pick(''),
    },
  },
};

export const companyObjects: Readonly<Record<string, ObjectSpec>> = {
  ...surveys,
  ...knowledge,
  ...forecasts,
};
