import { describe, expect, it } from 'vitest';
import { base, errorOf, linesOf, load, loadText, makeWorkspace, problemsOf } from './workspace.ts';

describe('wrong settings', () => {
  it('of one key of a connection hide none of another', async () => {
    const text = `timeZone: UTC
currency: EUR
connections:
  sales:
    connector: salesforce
    apiBudget: 140%
    objects: [deals, taskz]
`;
    const error = await errorOf(loadText(text));
    expect(error?.problems.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['connections.sales.apiBudget', 'connections.sales.objects[1]']),
    );
  });

  it('are told all at once, each with its line, value, rule and fix', async () => {
    const text = `timeZone: Europe/Madird
currency: EUR
connections:
  sales:
    connector: salesforce
    auth:
      flow: client_credentals
      clientId: abc
    apiBudget: 140%
goals:
  - kpi: win_rat
    every: month
    atLeast: 0.2
publsh: { periods: 3 }
`;
    const error = await errorOf(loadText(text));
    expect(error?.message.split('\n')).toEqual([
      'crm-kpi.yaml:1 timeZone is Europe/Madird, must be an IANA time zone such as Europe/Madrid.',
      '  Fix: set the business time zone, such as Europe/Madrid: it decides in which period a fact falls; without it that of the CRM, or delete the line.',
      'crm-kpi.yaml:7 connections.sales.auth.flow is client_credentals, must be one of client_credentials, jwt_bearer, refresh_token, password, access_token, authorization_code.',
      '  Fix: did you mean client_credentials?',
      'crm-kpi.yaml:9 connections.sales.apiBudget is 140%, must be between 1% and 100%.',
      '  Fix: set the share of the daily limit that this job may use, for example 20%, or delete the line.',
      'crm-kpi.yaml:11 goals[0].kpi is win_rat, which is no KPI.',
      '  Fix: did you mean win_rate? known KPIs: case_resolution_hours, deals_won, email_open_rate, open_deals, revenue_won, win_rate.',
      'crm-kpi.yaml:14 publsh is not a setting that is known here.',
      '  Fix: did you mean publish?',
    ]);
    expect(error).toMatchObject({ kind: 'config', where: 'crm-kpi.yaml:1' });
    expect(error?.problems[2]).toEqual({
      file: 'crm-kpi.yaml',
      line: 9,
      path: 'connections.sales.apiBudget',
      value: '140%',
      rule: 'must be between 1% and 100%',
      fix: 'set the share of the daily limit that this job may use, for example 20%, or delete the line.',
    });
  });

  it('name what is missing, and the place where it belongs', async () => {
    expect(await problemsOf('connections:\n  s:\n    connector: salesforce\n')).toEqual([
      'crm-kpi.yaml:1 timeZone is missing.',
      'crm-kpi.yaml:1 currency is missing.',
      'crm-kpi.yaml:2 connections.s.auth is missing.',
    ]);
    const error = await errorOf(loadText(`${base}  s: { connector: hubspot }\n`));
    expect(error?.fix).toBe(
      'give it flow: one of private_app, refresh_token, authorization_code, and what that needs.',
    );
    expect(await problemsOf('')).toContain('crm-kpi.yaml connections is missing.');
  });

  it('suggest the connection key or the connector key that was meant', async () => {
    const text = `${base}  s:
    connector: hubspott
  t:
    connector: hubspot
    objcts: [deals]
    auth: { flow: private_app, acessToken: "\${T}" }
`;
    const error = await errorOf(loadText(text, { T: 'secret-1' }));
    expect(error?.problems.map(({ line, path, fix }) => [line, path, fix])).toEqual([
      [6, 'connections.s.connector', 'did you mean hubspot?'],
      [9, 'connections.t.objcts', 'did you mean objects?'],
      [10, 'connections.t.auth.accessToken', 'set token of a service key or of a private app.'],
      [10, 'connections.t.auth.acessToken', 'did you mean accessToken?'],
    ]);
    expect(error?.message).not.toContain('secret-1');
  });

  it('say which objects, tables, columns and segments there are', async () => {
    const text = `${base}  s:
    connector: hubspot
    auth: { flow: private_app, accessToken: t }
    objects: [deals, dealz]
    fields: { acount.category: Segment, deal: X }
    entities: { survey_answer: { object: Case, scor: CSAT__c }, email_stat: { sent: Sent } }
segments: [company, teem]
grains: [month, fortnight]
`;
    expect(await problemsOf(text)).toEqual([
      'crm-kpi.yaml:8 connections.s.objects[1] is dealz, which HubSpot does not have here.',
      'crm-kpi.yaml:9 connections.s.fields.acount.category names no table: acount.',
      'crm-kpi.yaml:9 connections.s.fields.deal must be table.column in lower case.',
      'crm-kpi.yaml:10 connections.s.entities.survey_answer.scor is no column of survey_answer.',
      'crm-kpi.yaml:10 connections.s.entities.email_stat.object is missing.',
      'crm-kpi.yaml:11 segments[1] is teem, which is no kind of segment.',
      'crm-kpi.yaml:12 grains[1] is fortnight, must be one of day, week, month, quarter, year.',
    ]);
    expect(await problemsOf(`${base}segments: [company, teem]\npublish: { segments: [ownr] }\n`)).toEqual([
      'crm-kpi.yaml:5 segments[1] is teem, which is no kind of segment.',
      'crm-kpi.yaml:6 publish.segments[0] is ownr, which is no kind of segment.',
    ]);
  });

  it('point at the line of an anchor that was merged in', async () => {
    const text = `${base}x-goal: &monthly
  every: month
  weight: -1
goals:
  - { <<: *monthly, kpi: win_rate, atLeast: 0.2 }
`;
    expect(await problemsOf(text)).toEqual(['crm-kpi.yaml:7 goals[0].weight is -1, must be at least 0.']);
  });

  it('that are no YAML are told with their line, and without the text of it', async () => {
    const lines = await problemsOf('timeZone: UTC\n  token: [hush\ncurrency: EUR\n');
    expect(lines.length).toBeGreaterThan(0);
    expect(lines[0]).toMatch(/^crm-kpi\.yaml:\d /);
    expect(lines.join()).not.toContain('hush');
    expect(await problemsOf('timeZone: UTC\ntimeZone: UTC\n')).toEqual([
      'crm-kpi.yaml:2 has a key that stands here already.',
    ]);
  });

  it('tell that references within braces want quotes', async () => {
    const error = await errorOf(loadText(`timeZone: UTC\na: { token: \${T}, other: x }\n`));
    expect(error?.problems).toHaveLength(1);
    expect(error?.fix).toBe(`put quotes around references within { } and [ ]: "\${NAME}".`);
  });

  it('include a file that is not there', async () => {
    await expect(load('/nowhere/crm-kpi.yaml')).rejects.toMatchObject({
      kind: 'config',
      where: '/nowhere/crm-kpi.yaml',
    });
  });
});

describe('secrets', () => {
  const hubspot = (token: string) => `timeZone: UTC
currency: EUR
connections:
  m:
    connector: hubspot
    auth:
      flow: private_app
      accessToken: ${token}
`;

  it('come from the environment, then from .env, then from files', async () => {
    const folder = await makeWorkspace({
      'crm-kpi.yaml': `${hubspot(`\${TOKEN}`)}  n: { connector: hubspot, auth: { flow: private_app, accessToken: "\${file:keys/n.txt}" } }\n`,
      '.env': 'TOKEN=from-env-file\n',
      'keys/n.txt': 'from-file\n',
    });
    const tokens = (settings: Awaited<ReturnType<typeof load>>) => settings.connections.map(({ own }) => own);
    expect(tokens(await load(folder))).toMatchObject([
      { auth: { accessToken: 'from-env-file' } },
      { auth: { accessToken: 'from-file' } },
    ]);
    expect(tokens(await load(folder, { TOKEN: 'from-environment' }))[0]).toMatchObject({
      auth: { accessToken: 'from-environment' },
    });
  });

  it('that are missing name the key that wants them', async () => {
    expect(await problemsOf(hubspot(`\${TOKEN}`))).toEqual([
      `crm-kpi.yaml:8 connections.m.auth.accessToken is \${TOKEN}, but TOKEN is set neither in the environment nor in .env.`,
    ]);
    expect(await problemsOf(hubspot(`"\${file:gone.txt}"`))).toEqual([
      `crm-kpi.yaml:8 connections.m.auth.accessToken is \${file:gone.txt}, but that file cannot be read (ENOENT).`,
    ]);
    expect((await problemsOf(hubspot(`"\${1x}"`)))[0]).toContain('is no reference');
  });

  it('that are empty tell where to fill them in', async () => {
    const text = `${base}  s: { connector: hubspot, auth: { flow: private_app, accessToken: "\${TOKEN}" } }\n`;
    const folder = await makeWorkspace({ 'crm-kpi.yaml': text, '.env': 'TOKEN=\n' });
    const error = await errorOf(load(folder));
    expect(error?.problems).toMatchObject([
      { path: 'connections.s.auth.accessToken', rule: 'but TOKEN is empty', value: `\${TOKEN}` },
    ]);
    expect(error?.fix).toContain('.env');
  });

  it('are replaced within a text, and $$ keeps a plain ${', async () => {
    const text = `${base}goals: [{ kpi: win_rate, every: month, atLeast: 0.2, reason: "for \${WHO}, \${WHO} and $\${WHO}" }]\n`;
    const settings = await loadText(text, { WHO: 'us' });
    expect(settings.goals[0]?.reason).toBe(`for us, us and \${WHO}`);
  });

  it('never show in a message, only their reference or ***', async () => {
    const text = `timeZone: UTC
currency: EUR
connections:
  m:
    connector: hubspot
    baseUrl: \${BASE}
    auth: { flow: private_app, accessToken: 12345678 }
  s:
    connector: salesforce
    loginUrl: ftp://me:hunter2@acme.example
    auth: { flow: password, clientId: "\${ID}", username: me, password: [hunter2] }
alerts:
  - { on: hunter2, slack: x }
`;
    const message =
      (await errorOf(loadText(text, { ID: '', BASE: 'http://hunter2.example' })))?.message ?? '';
    expect(message).toContain(`connections.m.baseUrl is \${BASE}, must be https`);
    expect(message).toContain('connections.m.auth.accessToken is ***, must be a text');
    expect(message).toContain('connections.s.loginUrl is ***, must be an https address');
    expect(message).toContain(`connections.s.auth.clientId is \${ID}, but ID is empty`);
    expect(message).toContain('connections.s.auth.password must be a text');
    expect(message).toContain('alerts[0].on is ***, must be a list');
    expect(message).not.toMatch(/hunter2|12345678/);
  });

  it('in a .env that others can read stop everything, with the command that mends it', async () => {
    const folder = await makeWorkspace({
      'crm-kpi.yaml': hubspot(`\${TOKEN}`),
      '.env': { text: 'TOKEN=x\n', mode: 0o644 },
    });
    const error = await errorOf(load(folder));
    expect(error?.message).toBe(
      `.env holds secrets and can be read by others (mode 0644).\n  Fix: chmod 600 ${folder}/.env`,
    );
    const lines = await Promise.all(
      [0o600, 0o400, 0o640, 0o604].map(async (mode) => {
        const workspace = await makeWorkspace({ 'crm-kpi.yaml': base, '.env': { text: 'A=1\n', mode } });
        return linesOf(load(workspace));
      }),
    );
    expect(lines.map((found) => found.length)).toEqual([0, 0, 1, 1]);
  });
});
