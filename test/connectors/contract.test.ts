import { describe, expect, it } from 'vitest';
import { skippedCases, testConnector } from '../connector-contract.ts';
import { type Flaw, memoryHarness } from './memory-connector.ts';

/** Names of the cases that a connector with this flaw fails, each with a remote system of its own. */
async function failedCases(flaw: Flaw | null): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const { name } of testConnector(memoryHarness(flaw))) {
    const fresh = testConnector(memoryHarness(flaw)).find((candidate) => candidate.name === name);
    await fresh?.run().catch((error: unknown) => {
      expect(error).toMatchObject({ name: 'AssertionError' });
      failed.push(name);
    });
  }
  return failed;
}

const resume = 'resuming from any saved cursor loses no record';
const failing = 'a page that fails twice arrives once';
const caught: Readonly<Record<Flaw, readonly string[]>> = {
  'resumes after the cursor': [
    resume,
    'two records changed at the same instant are both read, though a run came between them',
  ],
  'saves the cursor too early': [resume],
  'drops a page that failed': [failing],
  'reads a page twice': ['ids are unique within a full read', failing],
  'forgets deletions': ['a deletion is reported'],
  'goes round with a repeated token': ['a repeated page token is an error, not a loop'],
  'loses an outcome': ['publish gives exactly one outcome per change'],
  'inserts instead of upserting': ['publishing twice leaves one record per key'],
  'offers what is denied': ['a denied object is unavailable with its fix, and the others are read'],
  'ignores an abort': ['an abort ends a read at once with its reason'],
  'never has a cursor': ['a completed read ends with a cursor where deletions are delivered'],
  'counts others': ['counts as many living records as it reads'],
  'gives true for 1': ['rows hold known columns and SQLite values, the same columns in every row'],
  'opens with wrong credentials': ['refused credentials are a failure of kind auth with a fix'],
};

describe('the connector contract', () => {
  it('passes a connector that keeps it, case after case on one remote system', async () => {
    const cases = testConnector(memoryHarness(null));
    expect(cases).toHaveLength(20);
    for (const { run } of cases) await run();
  });

  it.each(Object.entries(caught))('catches a connector that %s', async (flaw, cases) => {
    expect(await failedCases(flaw as Flaw)).toEqual(cases);
  });

  it('names the cases that it leaves out for want of a lever', () => {
    const { open } = memoryHarness(null);
    expect(skippedCases(memoryHarness(null))).toEqual([]);
    expect(skippedCases({ open })).toHaveLength(10);
    expect(testConnector({ open }).length + skippedCases({ open }).length).toBe(20);
  });
});
