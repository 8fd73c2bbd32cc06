import { expect, it } from 'vitest';
import { makeFolder, readAll } from './csv-folder.ts';

const fields = {
  'survey_answer.answered_at': 'Submitted',
  'survey_answer.score': 'How was it?',
  'survey_answer.comment': 'Anything else',
  'survey_answer.audience': '=user',
  'survey_answer.scale_max': '=5',
};

async function rowsOf(text: string, mapping: Readonly<Record<string, string>> = fields) {
  await using folder = await makeFolder({ 'export.csv': text });
  await using connection = await folder.open({ fields: mapping });
  const { rows } = await readAll(connection);
  return rows as readonly Record<string, unknown>[];
}

it('reads the columns that the mapping names, and what all rows share', async () => {
  const [row] = await rowsOf(
    'submitted,HOW WAS IT?,Anything else,Browser\n2026-10-05T08:30:00Z,4,Fine,Firefox\n',
  );
  expect(row).toMatchObject({
    answered_at: Date.parse('2026-10-05T08:30:00Z'),
    score: 4,
    comment: 'Fine',
    audience: 'user',
    scale_max: 5,
  });
  expect(row).not.toHaveProperty('browser');
});

it.each([
  ['2026-10-05 10:30', '2026-10-05T08:30:00Z'],
  ['05/10/2026 10:30:00', '2026-10-05T08:30:00Z'],
  ['5.10.2026 9:30', '2026-10-05T07:30:00Z'],
  ['05/10/2026', '2026-10-04T22:00:00Z'],
])('takes %s for local time', async (written, instant) => {
  const [row] = await rowsOf(`Submitted,How was it?,Anything else\n${written},4,\n`);
  expect(row?.answered_at).toBe(Date.parse(instant));
});

it.each([
  ['"4,5"', 4.5],
  ['4 - satisfied', 4],
  ['10', 10],
])('takes %s for a number', async (written, score) => {
  const [row] = await rowsOf(`Submitted,How was it?,Anything else\n2026-10-05,${written},\n`);
  expect(row?.score).toBe(score);
});

it.each([
  [
    'a column that is not there',
    'Submitted,Score,Anything else\n2026-10-05,4,\n',
    fields,
    'there is no column "how was it?"',
  ],
  [
    'a column that the table has not',
    'Submitted\n2026-10-05\n',
    { 'survey_answer.mood': 'Submitted' },
    'which is no column',
  ],
  [
    'a value that cannot be',
    'Submitted\n2026-10-05\n',
    { 'survey_answer.scale_max': '=many' },
    'must be a number',
  ],
  [
    'an answer without a number',
    'Submitted,How was it?,Anything else\n2026-10-05,fine,\n',
    fields,
    'must be a number',
  ],
] as const)('names %s', async (_, text, mapping, problem) => {
  await expect(rowsOf(text, mapping)).rejects.toThrow(problem);
});

it('makes a dimension of a mapped column that the table has not', async () => {
  await using folder = await makeFolder({ 'deals.csv': 'id,outcome,Región\n1,won,Norte\n2,lost,\n' });
  await using connection = await folder.open({ object: 'deal', fields: { 'deal.region': 'Región' } });
  const tables = [];
  const [stream] = await connection.streams();
  if (!stream) return expect.fail('no stream');
  for await (const batch of connection.read(stream, null, { signal: new AbortController().signal }))
    tables.push(...batch.tables);
  expect(tables.find(({ table }) => table === 'deal')?.rows).toMatchObject([{ id: '1' }, { id: '2' }]);
  expect(tables.find(({ table }) => table === 'dimension')?.rows).toEqual([
    { id: 'deal:1:region', object: 'deal', record_id: '1', name: 'region', value: 'Norte' },
    { id: 'deal:2:region', object: 'deal', record_id: '2', name: 'region', value: null },
  ]);
});

it('takes what is almost a column for a slip', async () => {
  await using folder = await makeFolder({ 'deals.csv': 'id,Total\n1,100\n' });
  await using connection = await folder.open({ object: 'deal', fields: { 'deal.amout': 'Total' } });
  const checks = [];
  for await (const check of connection.check()) checks.push(check);
  expect(checks[0]).toMatchObject({ ok: false, fix: 'did you mean deal.amount?' });
});
