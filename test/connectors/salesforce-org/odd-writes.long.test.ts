import { afterEach, describe, expect, it } from 'vitest';
import type { Connection, Outcome } from '../../../src/model/connector.ts';
import { result, target } from '../salesforce-company.ts';
import { openOrg } from '../salesforce-org.ts';
import { type OtherOrg, startOtherOrg } from './org.ts';
import { refusal } from './org-answer.ts';
import { seller } from './org-company.ts';
import type { Dialect } from './org-state.ts';
import { passing } from './org-writes.ts';

const auth = { flow: 'client_credentials', clientId: 'id', clientSecret: 'secret' } as const;

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one[Symbol.asyncDispose]();
});

describe('writing', () => {
  async function openInstalled(
    dialect: Partial<Dialect> = {},
  ): Promise<{ other: OtherOrg; connection: Connection }> {
    const other = await startOtherOrg(dialect, () => Date.now());
    opened.push(other);
    const connection = await openOrg(other, { auth });
    const plan = await connection.install?.(target);
    for await (const _ of plan?.apply() ?? []);
    return { other, connection: await openOrg(other, { auth }) };
  }

  async function publish(connection: Connection, count: number): Promise<Outcome[]> {
    const changes = Array.from({ length: count }, (_, at) =>
      result(`kpi|2026|${at}`, at % 3 ? null : seller),
    );
    const outcomes: Outcome[] = [];
    for await (const outcome of connection.publish?.(changes, target) ?? []) outcomes.push(outcome);
    return outcomes;
  }

  const storedIn = ({ org }: OtherOrg, name = 'KPI_Result__c') => org.objects.get(name)?.rows.size;

  it('repeats locked rows one by one, and tells the others apart', async () => {
    const { other, connection } = await openInstalled();
    const locks = Array.from({ length: 30 }, (_, at) => (at % 3 ? 'UNABLE_TO_LOCK_ROW' : 'none'));
    passing.set(other.org, ['DUPLICATE_VALUE', ...locks]);
    const outcomes = await publish(connection, 40);
    expect(outcomes.filter(({ ok }) => !ok)).toEqual([
      expect.objectContaining({ key: 'kpi|2026|0', reason: expect.stringContaining('DUPLICATE_VALUE') }),
    ]);
    expect(storedIn(other)).toBe(39);
  });

  it('sends what a job leaves open, also where its results are gone', async () => {
    const { other, connection } = await openInstalled({ lineEnd: '\r\n' });
    other.faults.push(({ path }) => (path.endsWith('successfulResults') ? refusal(404, 'NOT_FOUND') : null));
    const outcomes = await publish(connection, 2_100);
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(2_100);
    expect(storedIn(other)).toBe(2_100);
  });

  it('asks for the installation to be run again where a field of ours is refused', async () => {
    const { other, connection } = await openInstalled();
    const gone = "No such column 'Value__c' on sobject of type KPI_Result__c";
    other.faults.push(({ method }) => (method === 'PATCH' ? refusal(400, 'INVALID_FIELD', gone) : null));
    await expect(publish(connection, 3)).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining(gone),
      fix: 'Run `crm-kpi install sales`.',
    });
  });

  it('keeps to the names that an org with a namespace gives', async () => {
    const { other, connection } = await openInstalled({ namespace: 'elsewhere' });
    const outcomes = await publish(connection, 5);
    expect(outcomes.every(({ ok }) => ok)).toBe(true);
    expect(storedIn(other, 'elsewhere__KPI_Result__c')).toBe(5);
  });
});
