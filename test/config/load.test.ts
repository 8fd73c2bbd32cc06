import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { settingsJsonSchema } from '../../src/config/reference.ts';
import { base, linesOf, load, loadText, makeWorkspace, problemsOf } from './workspace.ts';

describe('the settings', () => {
  it('have a default for all but time zone, currency and connections', async () => {
    const folder = await makeWorkspace({ 'crm-kpi.yaml': base });
    expect(await load(folder)).toEqual({
      file: join(folder, 'crm-kpi.yaml'),
      folder,
      calendar: { timeZone: 'Europe/Madrid', weekStart: 'monday', fiscalYearStart: 1, fiscalYearName: 'end' },
      businessHours: [],
      language: 'en',
      currency: 'EUR',
      store: join(folder, 'data/crm-kpi.db'),
      connections: [
        {
          name: 'files',
          connector: 'csv',
          own: { path: './deals.csv', object: 'deal' },
          objects: [],
          since: null,
          apiBudget: null,
          fields: {},
          entities: {},
          publish: false,
        },
      ],
      kpis: null,
      pausedStatuses: [],
      grains: ['month', 'quarter', 'year'],
      segments: ['company', 'team', 'owner'],
      history: 24,
      goals: [],
      publish: { periods: 3, segments: ['company', 'team', 'owner'], kpis: 'goals', tasks: null },
      schedule: [],
      alerts: [],
      freshness: { storeMs: 93_600_000, crmMs: 180_000_000 },
      deadlineMs: null,
      metrics: { textfile: null, port: null },
      reports: [],
      retention: {},
      serve: { host: null, port: null, url: null, passwordHash: null, token: null },
    });
  });

  it('load from a file of any name as well as from its folder', async () => {
    const folder = await makeWorkspace({ 'other.yaml': base });
    expect((await load(join(folder, 'other.yaml'))).file).toBe(join(folder, 'other.yaml'));
  });

  it('take every key of a connection', async () => {
    const text = `${base}  sales:
    connector: salesforce
    loginUrl: https://acme.my.salesforce.com/
    apiVersion: "66.0"
    auth: { flow: client_credentials, clientId: "\${ID}", clientSecret: "\${SECRET}" }
    objects: [deals, tickets]
    since: 2024-01-01
    apiBudget: 20%
    fields: { account.category: Segment__c, deal.region: Region__c }
    entities: { survey_answer: { object: Case, where: "CSAT__c != null", answered_at: ClosedDate, score: CSAT__c, scale_min: 1 } }
    publish: true
segments: [company, region]
`;
    const settings = await loadText(text, { ID: 'id', SECRET: 'secret' });
    expect(settings.segments).toEqual(['company', 'region']);
    expect(settings.connections[1]).toMatchObject({
      name: 'sales',
      own: {
        loginUrl: 'https://acme.my.salesforce.com',
        auth: { flow: 'client_credentials', clientId: 'id', clientSecret: 'secret' },
      },
      objects: ['deals', 'tickets'],
      since: '2024-01-01',
      apiBudget: 0.2,
      fields: { 'account.category': 'Segment__c', 'deal.region': 'Region__c' },
      entities: { survey_answer: { object: 'Case', score: 'CSAT__c', scale_min: 1 } },
      publish: true,
    });
  });

  it('read all objects of a connector unless told', async () => {
    const settings = await loadText(
      `${base}  m: { connector: hubspot, auth: { flow: private_app, accessToken: t } }\n`,
    );
    expect(settings.connections[1]?.objects).toContain('deals');
  });

  it('tell how the filter against software that opens mails stood, and since when', async () => {
    const filter = async (value: string) => {
      const text = base.replace('object: deal', `object: deal, emailBotFilter: ${value}`);
      return (await loadText(text)).connections[0]?.emailBotFilter;
    };
    expect(await filter('false')).toEqual([{ since: null, on: false }]);
    expect(await filter('[{ since: 2026-07-01, on: true }, { since: 2026-05-01, on: false }]')).toEqual([
      { since: '2026-05-01', on: false },
      { since: '2026-07-01', on: true },
    ]);
    const wrong = base.replace('object: deal', 'object: deal, emailBotFilter: sometimes');
    expect(await problemsOf(wrong)).toHaveLength(1);
  });

  it('take budgets as a percentage or a share, and nothing else', async () => {
    const budget = (value: string) =>
      problemsOf(base.replace('object: deal', `object: deal, apiBudget: ${value}`)).then(
        (lines) => lines.length,
      );
    expect(await Promise.all(['20%', '0.2', '1%', '100%', '"12.5 %"'].map(budget))).toEqual([0, 0, 0, 0, 0]);
    expect(await Promise.all(['20', '0%', '101%', 'much', '0.001'].map(budget))).toEqual([1, 1, 1, 1, 1]);
  });

  it('fill in the time zone of jobs, and check cron expressions', async () => {
    const settings = await loadText(`${base}schedule: [{ run: all, cron: "30 2 * * *" }]\n`);
    expect(settings.schedule).toMatchObject([{ run: 'all', cron: '30 2 * * *', timeZone: 'Europe/Madrid' }]);
    expect(await problemsOf(`${base}schedule: [{ run: all, cron: nightly }]\n`)).toHaveLength(1);
  });

  it('know currencies and zones', async () => {
    const wrong = base.replace('EUR', 'EURO').replace('Europe/Madrid', 'CEST');
    expect(await problemsOf(wrong)).toEqual([
      'crm-kpi.yaml:1 timeZone is CEST, must be an IANA time zone such as Europe/Madrid.',
      'crm-kpi.yaml:2 currency is EURO, must be a currency code such as EUR.',
    ]);
  });
});

describe("a calendar of one's own", () => {
  const text = `${base}calendar: periods.csv\ngoals: [{ kpi: deals_won, every: month, atLeast: { 2026-P02: 9 } }]\n`;

  it('lists periods, which goals may name', async () => {
    const periods =
      'grain,label,start,end\nmonth,2026-P01,2025-12-29,2026-01-26\nmonth,2026-P02,2026-01-26,2026-02-23\n';
    const settings = await load(await makeWorkspace({ 'crm-kpi.yaml': text, 'periods.csv': periods }));
    expect(settings.calendar.table).toEqual([
      { grain: 'month', label: '2026-P01', startOn: '2025-12-29', endOn: '2026-01-26' },
      { grain: 'month', label: '2026-P02', startOn: '2026-01-26', endOn: '2026-02-23' },
    ]);
    expect(settings.goals[0]?.targets).toEqual({ kind: 'by_period', values: { '2026-P02': 9 } });
  });

  it('is refused with gaps, unknown grains and dates out of order', async () => {
    const periods = `grain,label,start,end
month,2026-P01,2025-12-29,2026-01-25
month,2026-P02,2026-01-26,2026-02-23
moon,a,2026-01-01,2026-02-01
week,b,2026-02-01,2026-01-01
`;
    const folder = await makeWorkspace({ 'crm-kpi.yaml': text, 'periods.csv': periods });
    expect(await linesOf(load(folder))).toEqual([
      'crm-kpi.yaml:6 goals[0] has a target for 2026-P02, which is no month.',
      'periods.csv:3 does not start where the month before it ends.',
      'periods.csv:4 has no grain that is known: day, week, month, quarter, year.',
      'periods.csv:5 has no start and end in order.',
    ]);
  });
});

describe('the sample', () => {
  const sample = join(import.meta.dirname, '../../config/crm-kpi.yaml');

  it('loads as it stands, given its secrets', async () => {
    const folder = await makeWorkspace({
      'crm-kpi.yaml': await readFile(sample, 'utf8'),
      '.env': 'SF_CLIENT_ID=a\nSF_CLIENT_SECRET=b\nHUBSPOT_TOKEN=c\n',
    });
    const settings = await load(folder);
    expect(settings.connections.map(({ name }) => name)).toEqual(['sales', 'marketing']);
    expect(settings.goals.map(({ id }) => id)).toEqual([
      'win_rate.month',
      'email_open_rate.month',
      'case_resolution_hours.month.p50.calendar',
    ]);
  });
});

describe('keys that begin with x-', () => {
  it('are free wherever keys are fixed, and stay names where people choose them', async () => {
    const settings = await loadText(`timeZone: UTC
currency: EUR
x-shared: &monthly { every: month, x-why: shared }
connections:
  x-surveys: { connector: csv, x-note: "\${NOT_SET}", path: ./answers.csv, object: survey_answer }
goals:
  - { <<: *monthly, kpi: win_rate, atLeast: 0.2, x-note: hello }
publish: { periods: 2, x-note: hello }
`);
    expect(settings.connections.map(({ name }) => name)).toEqual(['x-surveys']);
    expect(settings.goals.map(({ id }) => id)).toEqual(['win_rate.month']);
    expect(settings.publish.periods).toBe(2);
  });
});

describe('the schema for editors', () => {
  it('describes every key, and leaves x-* free', () => {
    const schema = settingsJsonSchema();
    const undescribed = Object.entries(Object(schema.properties)).filter(
      ([, key]) => !Object(key).description,
    );
    expect(undescribed).toEqual([]);
    expect(schema).toMatchObject({
      $schema: 'http://json-schema.org/draft-07/schema#',
      additionalProperties: false,
      required: ['connections'],
      patternProperties: { '^x-': {} },
    });
    const goal = Object(schema.properties).goals.items;
    expect(goal.patternProperties).toEqual({ '^x-': {} });
    expect(goal.required).toEqual(['kpi', 'every']);
    expect(Object.values(goal.properties).filter((key) => !Object(key).description)).toEqual([]);
  });
});
