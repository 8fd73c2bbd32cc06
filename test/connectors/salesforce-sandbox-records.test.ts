import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SalesforceSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import { type Client, signIn, start } from './salesforce-sandbox-client.ts';

let sandbox: SalesforceSandbox;
let client: Client;
beforeAll(async () => {
  sandbox = await start();
  client = await signIn(sandbox);
});
afterAll(() => sandbox[Symbol.asyncDispose]());

describe('what a user does', () => {
  it('writes history when a deal moves, and derives what the stage says', async () => {
    const deal = (await client.query('SELECT Id, Amount FROM Opportunity WHERE IsClosed = false LIMIT 1'))
      .body.records[0];
    const rows = `SELECT Id, PrevAmount FROM OpportunityHistory WHERE OpportunityId = '${deal.Id}' ORDER BY CreatedDate DESC`;
    const before = (await client.query(rows)).body.totalSize;
    sandbox.advance(1000);
    expect(
      (await client.call('PATCH', `/sobjects/Opportunity/${deal.Id}`, { StageName: 'Closed Won' })).status,
    ).toBe(204);
    expect(sandbox.get('Opportunity', deal.Id)).toMatchObject({
      IsClosed: true,
      IsWon: true,
      Probability: 100,
      ForecastCategory: 'Closed',
    });
    const after = (await client.query(rows)).body;
    expect(after.totalSize).toBe(before + 1);
    expect(after.records[0].PrevAmount).toBe(deal.Amount);
    sandbox.put('Opportunity', { NextStep: 'none' }, deal.Id);
    expect((await client.query(rows)).body.totalSize).toBe(before + 1);
  });

  it('closes and reopens a case with its date and history', async () => {
    const [id = ''] = (
      await client.query('SELECT Id FROM Case WHERE IsClosed = false LIMIT 1')
    ).body.records.map((row: { Id: string }) => row.Id);
    sandbox.put('Case', { Status: 'Closed' }, id);
    expect(sandbox.get('Case', id)?.ClosedDate).toMatch(/\+0000$/);
    sandbox.put('Case', { Status: 'Working' }, id);
    expect(sandbox.get('Case', id)).toMatchObject({ ClosedDate: null, IsClosed: false });
    const history = await client.query(
      `SELECT OldValue, NewValue FROM CaseHistory WHERE CaseId = '${id}' AND Field = 'Status' ORDER BY CreatedDate DESC, Id DESC LIMIT 1`,
    );
    expect(history.body.records[0]).toMatchObject({ OldValue: 'Closed', NewValue: 'Working' });
  });

  it('keeps deleted rows for queryAll and getDeleted, their history for nobody', async () => {
    const id = sandbox.ids('Opportunity')[5] ?? '';
    expect((await client.call('DELETE', `/sobjects/Opportunity/${id}`)).status).toBe(204);
    const soql = `SELECT Id, IsDeleted FROM Opportunity WHERE Id = '${id}'`;
    expect((await client.query(soql)).body.totalSize).toBe(0);
    expect((await client.queryAll(soql)).body.records[0].IsDeleted).toBe(true);
    const history = await client.queryAll(
      `SELECT count() FROM OpportunityHistory WHERE OpportunityId = '${id}'`,
    );
    expect(history.body.totalSize).toBe(0);
    expect(await deletedIds('Opportunity')).toContain(id);
    sandbox.advance(16 * 86_400_000);
    expect((await client.queryAll(soql)).body.totalSize).toBe(0);
    expect(await deletedIds('Opportunity')).not.toContain(id);
  });

  it('deletes campaign members for good', async () => {
    const id = sandbox.ids('CampaignMember')[0] ?? '';
    sandbox.remove('CampaignMember', id);
    expect(
      (await client.queryAll(`SELECT count() FROM CampaignMember WHERE Id = '${id}'`)).body.totalSize,
    ).toBe(0);
    expect(await deletedIds('CampaignMember')).toContain(id);
  });
});

async function deletedIds(name: string): Promise<string[]> {
  const iso = (ms: number) => encodeURIComponent(new Date(ms).toISOString());
  const window = `start=${iso(sandbox.now() - 86_400_000)}&end=${iso(sandbox.now() + 60_000)}`;
  const { body } = await client.call('GET', `/sobjects/${name}/deleted/?${window}`);
  return body.deletedRecords.map((record: { id: string }) => record.id);
}
