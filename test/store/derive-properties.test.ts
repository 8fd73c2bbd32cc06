import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createZone } from '../../src/model/zone.ts';
import { deriveStates, type StateRules, type StateSource } from '../../src/store/derive-states.ts';
import type { FieldChange } from '../../src/store/history.ts';
import { type LooseRow, openTempStore, signal } from './temp-store.ts';

const meanings: Readonly<Record<string, string>> = { new: 'open', offer: 'open', won: 'won', lost: 'lost' };

const rules: StateRules = {
  fields: ['stage', 'amount_minor', 'owner_id'],
  stageField: 'stage',
  outcomeOf: (values) => meanings[String(values.stage)] ?? null,
  present: (record) => String(record.outcome),
  closedAt: (record) => (typeof record.closed_at === 'number' ? record.closed_at : null),
};

const instant = fc.integer({ min: 0, max: 20 });
const stageKey = fc.constantFrom('new', 'offer', 'won', 'lost', 'forgotten');
const owner = fc.option(fc.constantFrom('ann', 'bob'));
const amount = fc.option(fc.constantFrom('100', '200', 'much', ''));

const record: fc.Arbitrary<StateSource> = fc.record({
  source_id: fc.constant('crm'),
  created_at: fc.option(instant),
  updated_at: fc.option(instant),
  closed_at: fc.option(instant),
  outcome: fc.constantFrom('open', 'won', 'lost'),
  stage: stageKey,
  amount_minor: fc.option(fc.constantFrom(100, 200)),
  owner_id: owner,
});

function changeOf(field: string, value: fc.Arbitrary<string | null>): fc.Arbitrary<FieldChange> {
  return fc.record({ field: fc.constant(field), at: instant, from_value: value, to_value: value });
}

const changes = fc
  .array(
    fc.oneof(
      changeOf('stage', fc.option(stageKey)),
      changeOf('owner_id', owner),
      changeOf('amount_minor', amount),
      changeOf('toString', amount),
    ),
    { maxLength: 8 },
  )
  .map((all) => all.toSorted((one, other) => one.at - other.at));

const zone = createZone('UTC');

describe('whatever the record and its history', () => {
  it('spans follow each other from the creation until now', () => {
    fc.assert(
      fc.property(record, changes, (one, history) => {
        const spans = deriveStates(one, history, rules, zone);
        if (one.created_at !== null) expect(spans[0]?.from).toBe(one.created_at);
        expect(spans.at(-1)?.to).toBeNull();
        for (const [index, span] of spans.entries()) {
          if (index === 0) continue;
          expect(spans[index - 1]?.to).toBe(span.from);
          expect(spans[index - 1]?.from).toBeLessThan(span.from);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('no two neighbours are equal', () => {
    fc.assert(
      fc.property(record, changes, (one, history) => {
        const spans = deriveStates(one, history, rules, zone);
        const prints = spans.map(({ values, inferred }) => JSON.stringify([values, inferred]));
        for (const [index, print] of prints.entries()) expect(print).not.toBe(prints[index + 1]);
      }),
      { numRuns: 2000 },
    );
  });

  it('the last outcome is the one of the record', () => {
    fc.assert(
      fc.property(record, changes, (one, history) => {
        expect(deriveStates(one, history, rules, zone).at(-1)?.values.outcome).toBe(one.outcome);
      }),
      { numRuns: 2000 },
    );
  });

  it('without a stage history nothing is told and no earlier stage is made up', () => {
    const withoutStages = changes.map((all) => all.filter(({ field }) => field !== 'stage'));
    fc.assert(
      fc.property(record, withoutStages, (one, history) => {
        for (const { values, inferred } of deriveStates(one, history, rules, zone)) {
          expect(inferred).toBe(true);
          if (values.outcome === 'open' && one.outcome !== 'open') expect(values.stage).toBeNull();
        }
      }),
    );
  });
});

const tables = ['stage', 'deal', 'change'] as const;
type Piece = { readonly table: (typeof tables)[number]; readonly row: LooseRow };

function piecesOf(
  stored: readonly { record: StateSource; history: readonly FieldChange[] }[],
): readonly Piece[] {
  const stages = Object.entries(meanings).map(
    ([key, meaning]): Piece => ({
      table: 'stage',
      row: {
        id: key,
        object: 'deal',
        pipeline: null,
        key,
        is_closed: Number(meaning !== 'open'),
        is_won: Number(key === 'won'),
      },
    }),
  );
  const records = stored.flatMap(({ record: { source_id: _, ...own }, history }, index): Piece[] => [
    { table: 'deal', row: { ...own, id: `d${index}` } },
    ...history.map((change, place) => ({
      table: 'change' as const,
      row: { ...change, id: `${index}:${place}`, object: 'deal', record_id: `d${index}` },
    })),
  ]);
  return [...stages, ...records];
}

async function statesAfter(pieces: readonly Piece[], deriveEvery: number): Promise<readonly unknown[]> {
  await using temp = await openTempStore();
  for (const [index, { table, row }] of pieces.entries()) {
    await temp.save(table, { rows: [row] });
    if (index % deriveEvery === 0) await temp.store.derive(signal);
  }
  await temp.store.derive(signal);
  return temp.sql('SELECT * FROM deal_state ORDER BY id, from_at');
}

it('the order in which batches arrive does not matter', async () => {
  const stored = fc.array(fc.record({ record, history: changes }), { minLength: 1, maxLength: 3 });
  const shuffled = stored
    .map(piecesOf)
    .chain((pieces) =>
      fc.tuple(
        fc.constant(pieces),
        fc.shuffledSubarray([...pieces], { minLength: pieces.length }),
        fc.integer({ min: 1, max: 5 }),
      ),
    );
  await fc.assert(
    fc.asyncProperty(shuffled, async ([pieces, other, deriveEvery]) => {
      expect(await statesAfter(other, deriveEvery)).toEqual(await statesAfter(pieces, pieces.length));
    }),
    { numRuns: 25 },
  );
}, 60_000);
