import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SalesforceSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import type { Check } from '../../src/model/connector.ts';
import { readOrganisation } from '../../src/store/organisation.ts';
import { start } from './salesforce-company.ts';
import { openOrg } from './salesforce-org.ts';
import { openReplica, type Replica } from './salesforce-reading.ts';

let org: SalesforceSandbox;
let replica: Replica;
const hour = 3_600_000;
const iso = (at: number) => new Date(at).toISOString();
const seconds = (at: number) => Math.floor(at / 1000) * 1000;

beforeEach(async () => {
  org = await start();
  replica = await openReplica(org, { objects: ['deals', 'tickets'] });
});
afterEach(async () => {
  await replica[Symbol.asyncDispose]();
  await org[Symbol.asyncDispose]();
});

const rows = (sql: string) => replica.temp.sql<Record<string, unknown>>(sql);
const first = (object: string) => org.ids(object)[0] ?? '';

describe('contracts', () => {
  const spans = (account: string) =>
    rows(`SELECT from_on, to_on, reason FROM customer_span WHERE account_id = '${account}' ORDER BY from_on`);

  it('make an account a customer from their first to their last day, drafts left out', async () => {
    const AccountId = org.put('Account', { Name: 'Acme' });
    org.put('Contract', { AccountId, Status: 'Activated', StartDate: '2024-01-01', ContractTerm: 12 });
    org.put('Contract', { AccountId, Status: 'Activated', StartDate: '2025-01-15', ContractTerm: 6 });
    org.put('Contract', { AccountId, Status: 'Activated', StartDate: '2026-01-01', ContractTerm: 12 });
    org.put('Contract', { AccountId, Status: 'Draft', StartDate: '2020-01-01', ContractTerm: 12 });
    await replica.sync();
    expect(spans(AccountId)).toEqual([
      { from_on: '2024-01-01', to_on: '2025-07-15', reason: 'contract' },
      { from_on: '2026-01-01', to_on: '2027-01-01', reason: 'contract' },
    ]);
  });

  it('give way to purchases where an account has none, and take over when one is signed', async () => {
    await replica.sync();
    const [bought] = rows("SELECT account_id FROM customer_span WHERE reason = 'purchase' LIMIT 1");
    const AccountId = String(bought?.account_id);
    org.put('Contract', { AccountId, Status: 'Activated', StartDate: '2025-02-01', ContractTerm: 24 });
    org.advance(hour);
    await replica.sync();
    expect(spans(AccountId)).toEqual([{ from_on: '2025-02-01', to_on: '2027-02-01', reason: 'contract' }]);
  });
});

describe('quotas', () => {
  it('are those of opportunity amounts, not of quantities and product families', async () => {
    const QuotaOwnerId = first('User');
    const type = org.put('ForecastingType', { DeveloperName: 'OpportunityRevenue', IsActive: true });
    const splits = org.put('ForecastingType', { DeveloperName: 'OpportunitySplitRevenue', IsActive: true });
    const quota = { QuotaOwnerId, ForecastingTypeId: type, QuotaAmount: 50_000.5 };
    const id = org.put('ForecastingQuota', { ...quota, StartDate: '2026-02-01' });
    org.put('ForecastingQuota', { ...quota, StartDate: '2026-02-01', ProductFamily: 'Hardware' });
    org.put('ForecastingQuota', { ...quota, StartDate: '2026-02-01', ForecastingTypeId: splits });
    org.put('ForecastingQuota', {
      QuotaOwnerId,
      StartDate: '2026-02-01',
      IsQuantity: true,
      QuotaQuantity: 5,
    });
    await replica.sync();
    expect(rows('SELECT id, kind, from_on, to_on, amount_minor, currency, actor_id FROM entry')).toEqual([
      {
        id,
        kind: 'quota',
        from_on: '2026-02-01',
        to_on: '2026-02-28',
        amount_minor: 5_000_050,
        currency: 'EUR',
        actor_id: QuotaOwnerId,
      },
    ]);
  });
});

describe('the calendar of an org', () => {
  it('is its business hours by weekday, and holidays with all days on which they recur', async () => {
    org.put('Holiday', { Name: 'Move', ActivityDate: '2026-03-02', IsAllDay: true });
    org.put('Holiday', {
      Name: 'Christmas',
      ActivityDate: '2024-12-25',
      IsAllDay: true,
      IsRecurrence: true,
      RecurrenceType: 'RecursYearly',
      RecurrenceStartDate: '2024-12-25',
      RecurrenceDayOfMonth: 25,
      RecurrenceMonthOfYear: 'December',
    });
    org.put('Holiday', {
      Name: 'Thanksgiving',
      ActivityDate: '2025-11-27',
      IsAllDay: false,
      StartTimeInMinutes: 720,
      EndTimeInMinutes: 1080,
      IsRecurrence: true,
      RecurrenceType: 'RecursYearlyNth',
      RecurrenceInstance: 'Fourth',
      RecurrenceDayOfWeekMask: 16,
      RecurrenceStartDate: '2025-11-27',
      RecurrenceEndDateOnly: '2026-12-31',
      RecurrenceMonthOfYear: 'November',
    });
    await replica.sync();
    const hours = rows(
      'SELECT weekday, from_minute, to_minute, time_zone FROM working_hours ORDER BY weekday',
    );
    expect(hours).toEqual(
      [1, 2, 3, 4, 5].map((weekday) => ({
        weekday,
        from_minute: 540,
        to_minute: 1080,
        time_zone: 'Europe/Madrid',
      })),
    );
    const days = rows('SELECT name, day, from_minute FROM holiday ORDER BY day');
    expect(days.filter(({ name }) => name !== 'Christmas')).toEqual([
      { name: 'Thanksgiving', day: '2025-11-27', from_minute: 720 },
      { name: 'Move', day: '2026-03-02', from_minute: null },
      { name: 'Thanksgiving', day: '2026-11-26', from_minute: 720 },
    ]);
    expect(days.filter(({ name }) => name === 'Christmas').map(({ day }) => day)).toEqual([
      '2024-12-25',
      '2025-12-25',
      '2026-12-25',
      '2027-12-25',
    ]);
  });

  it('tells periods that were set by hand, as one calendar without gaps', async () => {
    await replica.sync();
    const told = () => readOrganisation(replica.temp.path, ['sales']);
    expect(told()).toMatchObject({ fiscalYear: { value: { fiscalYearStart: 1, fiscalYearName: 'end' } } });
    expect(told().calendar).toBeUndefined();
    for (const id of org.ids('FiscalYearSettings'))
      org.put('FiscalYearSettings', { IsStandardYear: false, YearType: 'Custom' }, id);
    await replica.sync();
    const listed = told().calendar?.value ?? [];
    expect(listed.filter(({ grain }) => grain === 'quarter').slice(0, 2)).toEqual([
      { grain: 'quarter', label: '2023-Q1', startOn: '2023-01-01', endOn: '2023-04-01' },
      { grain: 'quarter', label: '2023-Q2', startOn: '2023-04-01', endOn: '2023-07-01' },
    ]);
    const [period = ''] = org.ids('Period').filter((id) => org.get('Period', id)?.Type === 'Month');
    org.remove('Period', period, 'purge');
    org.put(
      'Period',
      { StartDate: '2024-05-02' },
      org.ids('Period').find((id) => org.get('Period', id)?.StartDate === '2024-05-01'),
    );
    await replica.sync();
    // With a gap there is no calendar of months any more; quarters and years stay.
    expect(new Set(told().calendar?.value.map(({ grain }) => grain))).toEqual(new Set(['quarter', 'year']));
  });

  it('has its fiscal periods with their names', async () => {
    await replica.sync();
    const labels = rows(
      "SELECT label, from_on, to_on FROM fiscal_period WHERE label LIKE '2026%' ORDER BY label",
    );
    expect(labels).toHaveLength(17);
    expect(labels).toContainEqual({ label: '2026-P02', from_on: '2026-02-01', to_on: '2026-02-28' });
    expect(labels).toContainEqual({ label: '2026-Q1', from_on: '2026-01-01', to_on: '2026-03-31' });
  });
});

describe('use', () => {
  it('is told by the last sign-in of people, although nothing stamps it', async () => {
    const id = org.put('User', { LastName: 'Ruiz', Email: 'ruiz@example.com', Username: 'ruiz@example.com' });
    await replica.sync();
    expect(rows(`SELECT last_login_at FROM actor WHERE id = '${id}'`)).toEqual([{ last_login_at: null }]);
    org.advance(3 * hour);
    const at = org.now();
    org.put('User', { LastLoginDate: iso(at), SystemModstamp: iso(at - 3 * 24 * hour) }, id);
    org.advance(hour);
    await replica.sync();
    expect(rows(`SELECT last_login_at FROM actor WHERE id = '${id}'`)).toEqual([
      { last_login_at: seconds(at) },
    ]);
  });

  it('is told by when reports were last run, and by which articles cases refer to', async () => {
    const at = org.now() - 90 * 24 * hour;
    const report = org.put('Report', { Name: 'Old', FolderName: 'Sales', LastRunDate: iso(at) });
    const article = 'kA05e0000000001AAA';
    const version = { Title: 'Reset', KnowledgeArticleId: article, PublishStatus: 'Online' };
    org.put('KnowledgeArticleVersion', { ...version, IsMasterLanguage: true, ArticleTotalViewCount: 7 });
    org.put('KnowledgeArticleVersion', { ...version, Title: 'Restablecer', IsMasterLanguage: false });
    org.put('KnowledgeArticleVersion', { ...version, PublishStatus: 'Draft', IsMasterLanguage: true });
    const CaseId = first('Case');
    org.put('CaseArticle', { CaseId, KnowledgeArticleId: article });
    await replica.sync();
    expect(rows('SELECT id, name, folder, last_run_at FROM report_use')).toEqual([
      { id: report, name: 'Old', folder: 'Sales', last_run_at: seconds(at) },
    ]);
    expect(rows('SELECT id, name, views FROM article')).toEqual([{ id: article, name: 'Reset', views: 7 }]);
    expect(rows(`SELECT article_count FROM ticket WHERE id = '${CaseId}'`)).toEqual([{ article_count: 1 }]);
    expect(rows('SELECT count(*) AS n FROM ticket WHERE article_count = 0')).not.toEqual([{ n: 0 }]);
  });
});

describe('surveys', () => {
  it('give an invitation and one row for each scored question, tied to the case', async () => {
    const CaseId = first('Case');
    const sentAt = org.now();
    const InvitationId = org.put('SurveyInvitation', { Name: 'After case', ResponseStatus: 'NotStarted' });
    org.put('SurveySubject', { ParentId: InvitationId, SubjectId: CaseId, SubjectEntityType: 'Case' });
    await replica.sync();
    const invitation = { kind: 'invitation', ticket_id: CaseId, sent_at: seconds(sentAt), score: null };
    const all =
      'SELECT kind, ticket_id, sent_at, answered_at, score, scale_max FROM survey_answer ORDER BY kind';
    expect(rows(all)).toEqual([{ ...invitation, answered_at: null, scale_max: null }]);
    org.advance(2 * hour);
    const answeredAt = org.now();
    const completed = { Status: 'Completed', CompletionDateTime: iso(answeredAt) };
    const ResponseId = org.put('SurveyResponse', { InvitationId, ...completed });
    org.put('SurveyInvitation', { ResponseStatus: 'Completed' }, InvitationId);
    for (const [QuestionType, NumberValue] of [
      ['NPS', 9],
      ['Rating', 4],
      ['FreeText', null],
    ]) {
      const QuestionId = org.put('SurveyQuestion', { Name: QuestionType, QuestionType });
      org.put('SurveyQuestionResponse', { QuestionId, ResponseId, InvitationId, NumberValue });
    }
    org.advance(hour);
    await replica.sync();
    const at = seconds(answeredAt);
    expect(rows(all)).toEqual([
      { kind: 'csat', ticket_id: CaseId, sent_at: null, answered_at: at, score: 4, scale_max: 5 },
      { ...invitation, answered_at: at, scale_max: null },
      { kind: 'nps', ticket_id: CaseId, sent_at: null, answered_at: at, score: 9, scale_max: 10 },
    ]);
  });
});

it('what is shown and then refused costs itself alone, and check names it', async () => {
  const act = {
    status: 403,
    body: [{ errorCode: 'INSUFFICIENT_ACCESS_OR_READONLY', message: 'Manage Quotas is needed' }],
  };
  org.faults.push({
    matches: ({ query }) => /FROM ForecastingQuota/.test(query.get('q') ?? ''),
    times: 100,
    act,
  });
  const report = await replica.sync();
  expect([report.errors, rows('SELECT count(*) AS n FROM deal')]).not.toEqual([[], [{ n: 0 }]]);
  expect(report.streams.flatMap(({ object, error }) => (error === null ? [] : [object]))).toEqual([]);
  expect(replica.events.map(({ event }) => event)).toContain('stream.refused');
  const connection = await openOrg(org, { auth: org.auth });
  const told: Check[] = [];
  for await (const check of connection.check()) told.push(check);
  expect(told.find(({ check }) => check === 'permission ForecastingQuota')).toMatchObject({
    ok: false,
    severity: 'warning',
    message: expect.stringContaining('Manage Quotas'),
  });
});

describe('what an org does not have', () => {
  it('is told with its consequence and a fix, and keeps nothing else from being read', async () => {
    for (const name of ['Contract', 'ForecastingQuota', 'BusinessHours', 'Report', 'CaseArticle'])
      org.hide(name);
    const report = await replica.sync();
    const gone = report.streams.filter(({ unavailable }) => unavailable !== null);
    expect(gone.map(({ object }) => object).sort()).toEqual([
      'BusinessHours',
      'Contract',
      'ForecastingQuota',
      'Report',
    ]);
    expect(gone.find(({ object }) => object === 'Contract')?.unavailable).toContain('purchases alone');
    expect(report.errors).toEqual([]);
    expect(rows('SELECT count(*) AS n FROM ticket WHERE article_count IS NOT NULL')).toEqual([{ n: 0 }]);
  });
});
