import { describe, expect, it } from 'vitest';
import { createDraw } from '../evaluate/random-company.ts';
import { at, openTempStore, signal, type TempStore } from './temp-store.ts';

const dump = ({ sql }: TempStore) => [
  sql('SELECT * FROM purchase ORDER BY source_id, id'),
  sql('SELECT * FROM customer_span ORDER BY source_id, account_id, from_on'),
];

/** The same records in a store of their own, derived at once. */
async function derivedAtOnce(temp: TempStore): Promise<unknown> {
  await using fresh = await openTempStore();
  const pick = (table: string, columns: string) =>
    temp.sql<Record<string, string | number | null>>(`SELECT ${columns} FROM ${table}`);
  await fresh.save('account', { rows: pick('account', 'id, merged_into, deleted_at, is_test') });
  await fresh.save('deal', { rows: pick('deal', 'id, account_id, outcome, closed_on, deleted_at, is_test') });
  await fresh.store.derive(signal);
  return dump(fresh);
}

describe('customers are derived for the accounts concerned alone', () => {
  it.each([1, 2, 3, 4])('and come out as if all were derived at once (seed %i)', async (seed) => {
    const draw = createDraw(seed);
    const account = () => `a${Math.floor(draw() * 6)}`;
    await using temp = await openTempStore();
    await temp.fill({ account: Array.from({ length: 6 }, (_, i) => ({ id: `a${i}` })) });
    for (let night = 0; night < 8; night++) {
      await temp.save('deal', {
        rows: Array.from({ length: 4 }, () => ({
          id: `d${Math.floor(draw() * 15)}`,
          account_id: draw() < 0.1 ? null : account(),
          outcome: draw() < 0.7 ? 'won' : 'lost',
          closed_on: `202${Math.floor(draw() * 5)}-0${1 + Math.floor(draw() * 9)}-11`,
        })),
      });
      const [from, into] = [account(), account()];
      if (draw() < 0.3 && from < into) await temp.save('account', { merged: [{ id: from, into }] });
      if (draw() < 0.2) await temp.save('account', { deleted: [{ id: account(), at: at('2026-01-01') }] });
      if (draw() < 0.3) await temp.save('account', { rows: [{ id: account() }] });
      if (draw() < 0.3) await temp.save('deal', { deleted: [{ id: 'd3', at: at('2026-01-01') }] });
      await temp.store.derive(signal);
      expect(dump(temp), `night ${night}`).toEqual(await derivedAtOnce(temp));
    }
    expect(temp.sql('SELECT count(*) AS n FROM purchase')).not.toEqual([{ n: 0 }]);
  });

  it('those of other accounts are not written again', async () => {
    await using temp = await openTempStore();
    const won = { outcome: 'won', closed_on: '2025-05-01' };
    await temp.fill({
      account: [{ id: 'a' }, { id: 'b' }],
      deal: [
        { id: 'd', account_id: 'a', ...won },
        { id: 'e', account_id: 'b', ...won },
      ],
    });
    const evaluation = await temp.store.beginEvaluation(0, 0);
    await temp.store.finishEvaluation(evaluation, 0, []);
    await temp.fill({ deal: [{ id: 'd', account_id: 'a', ...won, closed_on: '2025-06-01' }] });
    const written = await temp.store.written();
    expect(written?.get('purchase')).toBe(1);
    expect(written?.get('customer_span')).toBe(2);
    expect(written?.get('deal')).toBe(1);
  });
});
