import { describe, expect, it } from 'vitest';
import { csv } from '../../connectors/csv/index.ts';
import { type ConnectorHarness, skippedCases, testConnector } from '../connector-contract.ts';
import { collect, makeFolder, readAll } from './csv-folder.ts';

const anyId = expect.stringMatching(/^[0-9a-f]{24}$/);

describe('values', () => {
  it('become what their columns hold', async () => {
    await using files = await makeFolder({
      'a.csv':
        'id,answered_at,sent_at,score,comment\n7,2026-03-01T10:30:00+01:00,2026-03-29,4.5, fine \n8,,,,\n',
    });
    const { rows } = await readAll(await files.open());
    expect(rows).toEqual([
      {
        id: '7',
        answered_at: Date.UTC(2026, 2, 1, 9, 30),
        // Midnight in Madrid, hours before the clocks change.
        sent_at: Date.UTC(2026, 2, 28, 23),
        score: 4.5,
        comment: ' fine ',
      },
      { id: '8', answered_at: null, sent_at: null, score: null, comment: null },
    ]);
  });

  it('take money in major units in its own or the reporting currency', async () => {
    await using files = await makeFolder({
      'a.csv': 'id,kind,amount,currency\n1,cost,1250.505,\n2,cost,900,jpy\n3,cost,-0.1,KWD\n',
    });
    const { rows } = await readAll(await files.open({ object: 'entry' }));
    expect(rows).toEqual([
      { id: '1', kind: 'cost', amount_minor: 125_050, currency: 'EUR' },
      { id: '2', kind: 'cost', amount_minor: 900, currency: 'JPY' },
      { id: '3', kind: 'cost', amount_minor: -100, currency: 'KWD' },
    ]);
  });

  it('take money in minor units, and add the reporting currency', async () => {
    await using files = await makeFolder({ 'a.csv': 'id,cost_minor,budget\n1,125050,2\n' });
    const { rows } = await readAll(await files.open({ object: 'campaign' }));
    expect(rows).toEqual([{ id: '1', cost_minor: 125_050, budget_minor: 200, currency: 'EUR' }]);
  });

  it('take yes and no in several words', async () => {
    await using files = await makeFolder({ 'a.csv': 'id,active\n1,TRUE\n2,no\n3,1\n4,0\n5,yes\n6,\n' });
    const { rows } = await readAll(await files.open({ object: 'actor' }));
    expect(rows.map((row) => 'active' in row && row.active)).toEqual([1, 0, 1, 0, 1, null]);
  });
});

describe('the file format', () => {
  it.each([
    ['semicolons and a byte order mark', '\uFEFF"comment";"score"\r\n"a;b";1\r\n'],
    ['tabs', 'comment\tscore\na;b\t1'],
    ['commas', '"comment","score"\n"a;b",1\n\n'],
  ])('may have %s', async (_, text) => {
    await using files = await makeFolder({ 'a.csv': text });
    const { rows } = await readAll(await files.open());
    expect(rows).toEqual([{ id: anyId, comment: 'a;b', score: 1 }]);
  });

  it('may have quotes and line breaks within quotes, also across chunks', async () => {
    const comments = Array.from({ length: 9000 }, (_, index) => `line "${index}"\r\nañ,b`);
    const quoted = comments.map((comment) => `"${comment.replaceAll('"', '""')}",1`);
    await using files = await makeFolder({ 'a.csv': `comment,score\r\n${quoted.join('\r\n')}` });
    const { rows, batches } = await readAll(await files.open());
    expect(rows.map((row) => 'comment' in row && row.comment)).toEqual(comments);
    expect(Math.max(...batches.flatMap(({ tables }) => tables.map((group) => group.rows.length)))).toBe(500);
  });
});

describe('ids', () => {
  it('stay the same when rows, columns and files are moved', async () => {
    await using files = await makeFolder({ 'a.csv': 'score,kind\n1,csat\n2,csat\n1,csat\n' });
    const before = (await readAll(await files.open())).rows.map(({ id }) => id).sort();
    await files.remove('a.csv');
    await files.write('b.csv', 'kind;score;comment\ncsat;1;\ncsat;1;\n');
    await files.write('c.csv', 'kind,score\ncsat,2\n');
    const after = (await readAll(await files.open())).rows.map(({ id }) => id).sort();
    expect(new Set(before).size).toBe(3);
    expect(after).toEqual(before);
  });
});

describe('files', () => {
  it('that match nothing make the stream unavailable', async () => {
    await using files = await makeFolder();
    const connection = await files.open({ path: './nowhere/*.csv' });
    expect(await connection.streams()).toMatchObject([
      { name: 'survey_answer', unavailable: { problem: 'No file matches ./nowhere/*.csv.' } },
    ]);
    expect(await collect(connection.check())).toMatchObject([{ check: 'files', ok: false }]);
  });

  it('are read once, until one of them changes', async () => {
    await using files = await makeFolder({
      'a.csv': 'id,score\n1,1\n',
      'b.csv': 'id,score\n2,2\n',
      'c.txt': 'x',
    });
    const first = await readAll(await files.open());
    expect(first.complete).toEqual(['1', '2']);
    expect((await readAll(await files.open(), first.cursor)).rows).toEqual([]);
    expect((await readAll(await files.open({ timeZone: 'UTC' }), first.cursor)).rows).toHaveLength(2);
    await files.remove('b.csv');
    const later = await readAll(await files.open(), first.cursor);
    expect(later.complete).toEqual(['1']);
  });

  it('that were just written are read again: another change could go unnoticed', async () => {
    await using files = await makeFolder({ 'a.csv': 'id,score\n1,1\n' });
    const clock = { now: () => Date.now() };
    const first = await readAll(await files.open({ clock }));
    expect((await readAll(await files.open({ clock }), first.cursor)).rows).toHaveLength(1);
  });

  it('are named by the path, with * in its last part only', () => {
    expect(csv.settings.safeParse({ path: './*/a.csv', object: 'deal' }).success).toBe(false);
    expect(csv.settings.safeParse({ path: './a.csv', object: 'deals' }).success).toBe(false);
    expect(csv.settings.safeParse({ path: './a.csv', object: 'deal', file: 'x' }).success).toBe(false);
  });
});

/** Files of 1,200 rows; changes keep the modification time, as a copy would. */
async function csvHarness(): Promise<ConnectorHarness & AsyncDisposable> {
  const scores = new Map(Array.from({ length: 1200 }, (_, index) => [`s${index}`, index]));
  const files = await makeFolder();
  const write = async () => {
    const lines = [...scores].map(([id, score]) => `${id},${score},2026-01-31`);
    await files.write('a.csv', `id,score,answered_at\n${lines.join('\n')}\n`);
    await files.setTime('a.csv', 1_790_000_000);
  };
  await write();
  const setScore = async (id: string, score: number) => {
    scores.set(id, score);
    await write();
    return id;
  };
  return {
    open: async (signal) => files.open({ clock: { now: Date.now }, ...(signal ? { signal } : {}) }),
    change: () => setScore('s3', 7),
    changeAtSameInstant: () => setScore('s4', 7),
    async remove() {
      scores.delete('s5');
      await write();
      return 's5';
    },
    [Symbol.asyncDispose]: () => files[Symbol.asyncDispose](),
  };
}

describe('the contract', async () => {
  await using harness = await csvHarness();
  for (const { name } of testConnector(harness)) {
    it(name, async () => {
      await using fresh = await csvHarness();
      await testConnector(fresh)
        .find((candidate) => candidate.name === name)
        ?.run();
    });
  }

  it('leaves out what files do not have: pages, permissions, credentials, write-back', () => {
    expect(skippedCases(harness)).toHaveLength(7);
  });
});
