import { afterEach, describe, expect, it } from 'vitest';
import { type HubSpotSandbox, startSandbox } from '../../connectors/hubspot/sandbox/index.ts';
import type { Connection, InstallStep, Outcome, ResultSchema } from '../../src/model/connector.ts';
import type { ResultChange } from '../../src/model/result.ts';
import { hold, openAt, readInto, rowsOf } from './hubspot-open.ts';
import { change, schema } from './hubspot-result-schema.ts';

const started: HubSpotSandbox[] = [];

afterEach(async () => {
  for (const sandbox of started.splice(0)) await sandbox[Symbol.asyncDispose]();
});

async function start(tier: string): Promise<HubSpotSandbox> {
  const sandbox = await startSandbox({
    port: 0,
    data: null,
    seed: 7,
    size: 40,
    now: Date.parse('2026-03-10T12:00:00Z'),
    currency: 'EUR',
    timeZone: 'Europe/Madrid',
    tier,
    without: [],
  });
  started.push(sandbox);
  return sandbox;
}

async function install(
  connection: Connection,
  target: ResultSchema = schema,
): Promise<readonly InstallStep[]> {
  const plan = await connection.install?.(target);
  if (!plan) throw new Error('no install');
  const done: InstallStep[] = [];
  for await (const step of plan.apply()) done.push(step);
  expect(done).toEqual(plan.steps);
  return done;
}

async function publish(
  connection: Connection,
  changes: readonly ResultChange[],
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for await (const outcome of connection.publish?.(changes, schema) ?? []) outcomes.push(outcome);
  expect(outcomes.map(({ key }) => key).sort()).toEqual(changes.map(({ key }) => key).sort());
  return outcomes;
}

type Shown = { readonly properties: Readonly<Record<string, string | null>> };

function shown(sandbox: HubSpotSandbox, object: string): readonly Shown['properties'][] {
  return sandbox.ids(object).map((id) => (sandbox.get(object, id) as unknown as Shown).properties);
}

const rate = 'win_rate|2026-02|company|g1';

describe('custom object', () => {
  it('nothing is written before it is installed, and the fix is told', async () => {
    await using connection = await openAt(await start('enterprise'));
    await expect(publish(connection, [change(rate)])).rejects.toMatchObject({
      kind: 'config',
      fix: 'Run crm-kpi install crm',
    });
  });

  it('installing twice changes nothing the second time', async () => {
    const sandbox = await start('enterprise');
    await using connection = await openAt(sandbox);
    const first = await install(connection);
    expect(first[0]).toEqual({ change: 'create', what: 'custom object kpi_result' });
    const again = await install(connection);
    expect(again.every((step) => step.change === 'none')).toBe(true);
    const added = { name: 'forecast', apiName: 'Forecast__c', label: 'Forecast', kind: 'number' } as const;
    const upgrade = await install(connection, { ...schema, fields: [...schema.fields, added] });
    expect(upgrade.filter((step) => step.change !== 'none')).toEqual([
      { change: 'create', what: 'property kpi_result.forecast' },
    ]);
  });

  it('publishing twice leaves one record per key, with readable values', async () => {
    const sandbox = await start('enterprise');
    await using connection = await openAt(sandbox);
    await install(connection);
    const changes = [change(rate), change('win_rate|2026-02|owner:71000004|-', { user: '71000004' })];
    const outcomes = await publish(connection, changes);
    expect(outcomes.every(({ ok, remoteId }) => ok && remoteId)).toBe(true);
    await publish(connection, [
      change(rate, { value: 0.2, status: 'on_target' }, 'update'),
      ...changes.slice(1),
    ]);
    const records = shown(sandbox, 'kpi_result');
    expect(records).toHaveLength(2);
    expect(records[0]).toMatchObject({
      crmkpi_key: rate,
      kpi_name: 'KPI win_rate · 2026-02 · Company',
      value: '0.2',
      status: 'on_target',
      current: 'true',
    });
    expect(records[1]).toMatchObject({ user: '71000004' });
  });

  it('one bad record is refused by itself, and its reason holds no value', async () => {
    const sandbox = await start('enterprise');
    await using connection = await openAt(sandbox);
    await install(connection);
    const bad = change('deals_won|2026-02|company|-', { status: 'no such status' });
    const outcomes = await publish(connection, [change(rate), bad]);
    expect(outcomes.map(({ key, ok }) => [key, ok])).toEqual([
      [rate, true],
      [bad.key, false],
    ]);
    expect(outcomes[1]?.reason).toContain('INVALID_OPTION');
    expect(outcomes[1]?.reason).not.toContain('no such status');
  });

  it('more than a batch holds is written in several, each record once', async () => {
    const sandbox = await start('enterprise');
    await using connection = await openAt(sandbox);
    await install(connection);
    const changes = Array.from({ length: 230 }, (_, index) => change(`kpi_${index}|2026-02|company|-`));
    const outcomes = await publish(connection, changes);
    expect(outcomes.every(({ ok }) => ok)).toBe(true);
    expect(sandbox.ids('kpi_result')).toHaveLength(230);
  });

  it('a lost answer is repeated without a second record', async () => {
    const sandbox = await start('enterprise');
    await using connection = await openAt(sandbox);
    await install(connection);
    sandbox.faults.push({ matches: ({ path }) => path.endsWith('/batch/upsert'), times: 1, act: 'after' });
    const [outcome] = await publish(connection, [change(rate)]);
    expect(outcome?.ok).toBe(true);
    expect(sandbox.ids('kpi_result')).toHaveLength(1);
  });

  it('retired records stay without being current, deleted ones go', async () => {
    const sandbox = await start('enterprise');
    await using connection = await openAt(sandbox);
    await install(connection);
    const other = 'deals_won|2026-02|company|-';
    await publish(connection, [change(rate), change(other)]);
    await publish(connection, [
      change(rate, { key: rate, current: false }, 'retire'),
      change(other, {}, 'delete'),
    ]);
    expect(shown(sandbox, 'kpi_result')).toMatchObject([
      { crmkpi_key: rate, current: 'false', value: '0.18' },
    ]);
  });
});

describe('board', () => {
  it('a free account shows results on one company, which is no customer', async () => {
    const sandbox = await start('free');
    await using connection = await openAt(sandbox);
    const companies = sandbox.ids('companies').length;
    await expect(publish(connection, [change(rate)])).rejects.toMatchObject({ kind: 'config' });
    await install(connection);
    const second = await install(connection);
    expect(second.every((step) => step.change === 'none')).toBe(true);
    const outcomes = await publish(connection, [change(rate), change('deals_won|2026-02|team:5|-')]);
    expect(outcomes.every(({ ok }) => ok)).toBe(true);
    const board = shown(sandbox, 'companies').find(({ crmkpi_key }) => crmkpi_key === 'board');
    expect(board).toMatchObject({
      name: 'CRM KPI board',
      crmkpi_summary: 'KPI win_rate: 0.18 (at_risk) [win_rate]',
    });
    const notes = shown(sandbox, 'notes').filter(({ hs_note_body }) =>
      hs_note_body?.includes('crm-kpi digest'),
    );
    expect(notes).toHaveLength(1);
    expect(notes[0]?.hs_note_body).toContain(`[${rate}]`);
    const held = await readInto(connection, 'companies', hold());
    expect(rowsOf(held, 'account')).toHaveLength(companies);
    const stream = (await connection.streams()).find(({ name }) => name === 'companies');
    if (!stream) throw new Error('no companies');
    expect(await connection.count?.(stream)).toEqual({ rows: companies });
  });

  it('where properties are few, three are all that it takes, whatever is shown', async () => {
    const sandbox = await start('free');
    await using connection = await openAt(sandbox);
    await install(connection);
    const many = ['win_rate', 'deals_won', 'csat'].map((kpi) => change(`${kpi}|2026-02|company|g1`));
    await publish(connection, many);
    await publish(connection, [
      change(rate, { value: 0.2, value_text: '20 %', status: 'on_target' }, 'update'),
      change('csat|2026-02|company|g1', {}, 'delete'),
    ]);
    const board = shown(sandbox, 'companies').find(({ crmkpi_key }) => crmkpi_key === 'board');
    expect(board?.crmkpi_summary).toBe(
      'KPI deals_won: 0.18 (at_risk) [deals_won]; KPI win_rate: 20 % (on_target) [win_rate]',
    );
    expect(Object.keys(board ?? {}).filter((name) => name.startsWith('crmkpi_'))).toHaveLength(3);
    const refused = sandbox.requests.filter(
      ({ method, path }) => method === 'POST' && /\/properties\/companies$/.test(path),
    );
    expect(refused).toHaveLength(3);
  });

  it('a paid account shows each figure by itself, as far as it has room, without trying further', async () => {
    const sandbox = await start('starter');
    await using connection = await openAt(sandbox);
    await install(connection);
    const limit = { byObjectType: [{ objectTypeId: '0-2', limit: 1000, usage: 998 }] };
    sandbox.faults.push({
      matches: ({ path }) => path.endsWith('/limits/custom-properties'),
      times: 9,
      act: { status: 200, body: limit },
    });
    await publish(
      connection,
      ['csat', 'deals_won', 'win_rate'].map((kpi) => change(`${kpi}|2026-02|company|g1`)),
    );
    const board = shown(sandbox, 'companies').find(({ crmkpi_key }) => crmkpi_key === 'board');
    expect(board).toMatchObject({ crmkpi_csat: '0.18', crmkpi_csat_status: 'at_risk' });
    expect(board).not.toHaveProperty('crmkpi_deals_won');
  });

  it('an account without room is told so before anything is made', async () => {
    const sandbox = await start('free');
    await using connection = await openAt(sandbox);
    const limit = { byObjectType: [], overallLimit: 10, overallUsage: 9 };
    sandbox.faults.push({
      matches: ({ path }) => path.endsWith('/limits/custom-properties'),
      times: 9,
      act: { status: 200, body: limit },
    });
    await expect(install(connection)).rejects.toMatchObject({
      kind: 'config',
      message: 'The account has room for 1 more property; the board needs 2.',
    });
    expect(
      sandbox.requests.some(({ method, path }) => method === 'POST' && path.includes('/properties/')),
    ).toBe(false);
  });

  it('the same period’s note is edited, an older period does not overwrite the figure', async () => {
    const sandbox = await start('starter');
    await using connection = await openAt(sandbox);
    await install(connection);
    await publish(connection, [change(rate)]);
    const older = change('win_rate|2026-01|company|g1', { value: 0.15, period_end: '2026-02-01' });
    await publish(connection, [
      older,
      change(rate, { explanation: 'Now it is 19 %.', value: 0.19 }, 'update'),
    ]);
    await publish(connection, [older]);
    const bodies = shown(sandbox, 'notes').flatMap(({ hs_note_body: body }) =>
      body?.includes('crm-kpi digest') ? [body] : [],
    );
    expect(bodies).toHaveLength(2);
    expect(bodies.join()).toContain('Now it is 19 %.');
    const board = shown(sandbox, 'companies').find(({ crmkpi_key }) => crmkpi_key === 'board');
    expect(board?.crmkpi_win_rate).toBe('0.19');
    await publish(connection, [change(rate, {}, 'delete')]);
    expect(shown(sandbox, 'notes').some(({ hs_note_body }) => hs_note_body?.includes(`[${rate}]`))).toBe(
      false,
    );
  });

  it('one person’s result is not shown to everybody', async () => {
    const sandbox = await start('free');
    await using connection = await openAt(sandbox);
    await install(connection);
    const personal = 'win_rate|2026-02|owner:71000004|-';
    const [outcome] = await publish(connection, [change(personal, { user: '71000004' })]);
    expect(outcome?.ok).toBe(false);
    expect(shown(sandbox, 'notes').some(({ hs_note_body }) => hs_note_body?.includes(personal))).toBe(false);
  });

  it('what the board has no place for is said before, so that it is left out rather than refused', async () => {
    const sandbox = await start('free');
    await using connection = await openAt(sandbox);
    await install(connection);
    const personal = change('win_rate|2026-02|owner:71000004|-');
    const gone = change('win_rate|2026-01|owner:71000004|-', {}, 'delete');
    const accepted = await connection.accepts?.([change(rate), personal, gone]);
    expect([...(accepted ?? [])]).toEqual([rate, gone.key]);
    await using whole = await openAt(await start('enterprise'));
    expect((await whole.accepts?.([personal]))?.has(personal.key)).toBe(true);
  });
});

describe('uninstall', () => {
  async function uninstall(connection: Connection): Promise<readonly InstallStep[]> {
    const plan = await connection.uninstall?.();
    if (!plan) throw new Error('no uninstall');
    const done: InstallStep[] = [];
    for await (const step of plan.apply()) done.push(step);
    expect(done).toEqual(plan.steps);
    return done;
  }

  it('removes the custom object with its records; afterwards it can be installed again', async () => {
    const sandbox = await start('enterprise');
    await using connection = await openAt(sandbox);
    await install(connection);
    await publish(
      connection,
      Array.from({ length: 130 }, (_, index) => change(`kpi_${index}|2026-02|company|-`)),
    );
    const companies = sandbox.ids('companies').length;
    const steps = await uninstall(connection);
    expect(steps.map(({ change: kind, what }) => `${kind} ${what}`)).toEqual([
      'delete records of kpi_result',
      'delete custom object kpi_result',
    ]);
    expect(sandbox.ids('kpi_result')).toEqual([]);
    expect(sandbox.ids('companies')).toHaveLength(companies);
    expect(await uninstall(connection)).toEqual([]);
    await install(connection);
    expect((await publish(connection, [change(rate)]))[0]?.ok).toBe(true);
  });

  it('removes the board with its notes and properties, and nothing of others', async () => {
    const sandbox = await start('free');
    await using connection = await openAt(sandbox);
    const before = { companies: [...sandbox.ids('companies')], notes: [...sandbox.ids('notes')] };
    await install(connection);
    await publish(connection, [change(rate)]);
    const steps = await uninstall(connection);
    expect(steps.every((step) => step.change === 'delete')).toBe(true);
    expect(steps.map(({ what }) => what)).toContain('company CRM KPI board');
    expect(sandbox.ids('companies')).toEqual(before.companies);
    expect(sandbox.ids('notes')).toEqual(before.notes);
    expect(await uninstall(connection)).toEqual([]);
  });

  it('leaves alone an object of that name that somebody else made', async () => {
    const sandbox = await start('enterprise');
    const body = {
      name: 'kpi_result',
      labels: { singular: 'Result', plural: 'Results' },
      primaryDisplayProperty: 'title',
      requiredProperties: ['title'],
      properties: [{ name: 'title', label: 'Title', type: 'string', fieldType: 'text' }],
      associatedObjects: [],
    };
    const made = await fetch(`${sandbox.url}/crm-object-schemas/v3/schemas`, {
      method: 'POST',
      headers: { authorization: `Bearer ${sandbox.auth.accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(made.status).toBe(201);
    await using connection = await openAt(sandbox);
    expect(await uninstall(connection)).toEqual([]);
    await expect(install(connection)).rejects.toMatchObject({ kind: 'config' });
  });
});
