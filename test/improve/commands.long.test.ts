import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeWorkspace, type TestWorkspace } from '../acceptance/cli.ts';

const settings = `timeZone: Europe/Madrid
language: LANGUAGE
currency: EUR
connections:
  deals: { connector: csv, path: ./deals.csv, object: deal }
  cases: { connector: csv, path: ./cases.csv, object: ticket }
  surveys:
    connector: csv
    path: ./surveys.csv
    object: survey_answer
    fields:
      survey_answer.answered_at: "Fecha de respuesta"
      survey_answer.score: "¿Está satisfecho?"
      survey_answer.comment: Comentario
      survey_answer.scale_min: "=1"
      survey_answer.scale_max: "=5"
      survey_answer.kind: "=csat"
  staff:
    connector: csv
    path: ./staff.csv
    object: survey_answer
    fields: { survey_answer.answered_at: When, survey_answer.score: Score, survey_answer.comment: Words, survey_answer.audience: "=user" }
goals:
  - { kpi: win_rate, every: month, atLeast: 0.20 }
  - { kpi: case_resolution_hours, every: month, atMost: 24 }
`;

/** Until September fifteen of a hundred deals are won and cases take two days; in October it is better. */
async function openCompany(language: 'en' | 'es'): Promise<TestWorkspace> {
  const workspace = await makeWorkspace(settings.replace('LANGUAGE', language), { CRM_KPI_AUTHOR: 'Ana' });
  const deals = ['id,outcome,closed_on,created_at'];
  const cases = ['id,is_closed,created_at,last_closed_at'];
  for (const [month, won, hours] of [
    ['08', 15, 48],
    ['09', 15, 48],
    ['10', 40, 20],
  ] as const) {
    for (let i = 0; i < 100; i++) {
      const day = `2025-${month}-${String(1 + (i % 28)).padStart(2, '0')}`;
      deals.push(`d${month}${i},${i % 100 < won ? 'won' : 'lost'},${day},2025-01-01T00:00:00Z`);
      const opened = Date.parse(`${day}T00:00:00Z`);
      const closed = new Date(opened + (hours + (i % 7)) * 3_600_000).toISOString();
      cases.push(`c${month}${i},true,${new Date(opened).toISOString()},${closed}`);
    }
  }
  const files = {
    'deals.csv': deals.join('\n'),
    'cases.csv': cases.join('\n'),
    'surveys.csv':
      'Id;Fecha de respuesta;¿Está satisfecho?;Comentario;Dispositivo\n1;05/10/2025 10:30;4 - Bastante;"Rápido; y amable";móvil\n2;06/10/2025 11:00;2,0;Tardaron mucho;web\n',
    'staff.csv': 'When,Score,Words\n2025-10-07,4,Too many fields\n',
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(workspace.folder, name), text);
  return workspace;
}

it('goes from findings to actions, their effect, and the review', { timeout: 300_000 }, async () => {
  await using workspace = await openCompany('en');
  const { run, json } = workspace;
  await json('sync');
  await json('evaluate', '--as-of', '2025-09-30');
  const proposed = await json<{ id: number; kpi: string; detector: string; hypothesis: { en: string } }[]>(
    'actions',
    'propose',
    '--as-of',
    '2025-09-30',
  );
  const conversion = proposed.find(
    ({ kpi, detector }) => kpi === 'win_rate' && detector === 'off_target_kpi',
  );
  expect(conversion?.hypothesis.en).toBe('Sales conversion from 15.0 % to 20.0 % in 60 days.');
  expect(await json('actions', 'propose', '--as-of', '2025-09-30')).toEqual([]);
  const id = String(conversion?.id);

  const early = await run('actions', 'start', id);
  expect(early.code).toBe(2);
  expect(early.stderr).toContain(`crm-kpi actions accept ${id}`);
  expect((await run('actions', 'accept', '99')).code).toBe(2);
  await json('actions', 'accept', id, '--owner', 'Eva', '--due', '2025-11-15', '--note', 'agreed');
  expect((await run('actions', 'accept', id, '--task')).code).toBe(2);
  await json('actions', 'start', id, '--on', '2025-10-01', '--window', '28', '--wash-out', '0');
  expect((await run('actions', 'finish', id, '--on', '2025-09-01')).stderr).toContain('2025-10-01');
  await json('actions', 'finish', id, '--on', '2025-10-01');
  const waiting = await json<{ verdict: string; readyOn: string }>(
    'actions',
    'effect',
    id,
    '--as-of',
    '2025-10-15',
  );
  expect(waiting).toMatchObject({ verdict: 'insufficient', readyOn: '2025-10-30' });
  const effect = await json<{ verdict: string; notes: string[]; size: { low: number } }>(
    'actions',
    'effect',
    id,
    '--as-of',
    '2025-10-31',
  );
  expect(effect).toMatchObject({
    verdict: 'improved',
    notes: expect.arrayContaining(['exploratory', 'long_baseline']),
  });
  expect(effect.size.low).toBeGreaterThan(0);
  await json('evaluate', '--as-of', '2025-10-31');
  const shown = await json<{ verdict: string; history: object[] }>('actions', 'show', id);
  expect(shown).toMatchObject({
    verdict: 'improved',
    history: [
      { state: 'proposed', author: 'Ana' },
      { state: 'accepted', note: 'agreed' },
      { state: 'started' },
      { state: 'done' },
    ],
  });

  await reviewTwice(workspace);
});

async function reviewTwice({ run, json, folder }: TestWorkspace): Promise<void> {
  await json('review', 'open', '--as-of', '2025-09-30', '--out', 'one.md');
  const again = await run('review', 'open');
  expect(again.code).toBe(2);
  expect(again.stderr).toContain('crm-kpi review close');
  const page = await readFile(join(folder, 'one.md'), 'utf8');
  expect(page).toContain('## Attendees\n\n(to be filled in)');
  const edited = page
    .replace('## Attendees\n\n(to be filled in)', '## Attendees\n\nEva, Luis')
    .replace('## Decisions\n\n(to be filled in)', '## Decisions\n\n- Workshop in November')
    .replace('## Next review\n\n(to be filled in)', '## Next review\n\non 2025-11-15');
  await writeFile(join(folder, 'edited.md'), edited);
  const closed = await json<{ notes: string; nextOn: string; attendees: string }>(
    'review',
    'close',
    '--notes',
    'edited.md',
  );
  expect(closed).toMatchObject({
    notes: '- Workshop in November',
    nextOn: '2025-11-15',
    attendees: 'Eva, Luis',
  });
  expect((await run('review', 'close')).code).toBe(2);

  const second = await json<{
    page: { results: { id: number; value: number }[]; changes: { figures: object[]; decisions: string } };
  }>('review', 'open', '--as-of', '2025-10-31', '--out', 'two.html');
  expect(second.page.changes.figures.length).toBe(2);
  expect(second.page.changes.decisions).toBe('- Workshop in November');
  expect(second.page.results.every(({ id }) => id > 0)).toBe(true);
  const html = await readFile(join(folder, 'two.html'), 'utf8');
  expect(html).toContain('<html lang="en">');
  expect(html).not.toMatch(/<script|https?:\/\//);
  expect(await json('review', 'show', '2')).toMatchObject({ page: second.page });
}

it('keeps what people enter, with its history, and counts it', { timeout: 300_000 }, async () => {
  await using workspace = await openCompany('es');
  const { run, json, folder } = workspace;
  const bad = await run('entry', 'add', 'cost', '--amount', '12,5');
  expect(bad.code).toBe(2);
  expect(bad.stderr).toContain('needs day');
  await json(
    'entry',
    'add',
    'benchmark',
    '--kpi',
    'win_rate',
    '--value',
    '0.22',
    '--origin',
    'Chamber of commerce',
    '--day',
    '2025-06-30',
  );
  await json(
    'entry',
    'add',
    'cost',
    '--day',
    '2025-09-01',
    '--to',
    '2025-09-30',
    '--amount',
    '1500',
    '--purpose',
    'sales',
    '--origin',
    'payroll',
  );
  await json('entry', 'edit', 'cost-1', '--amount', '1800', '--author', 'Luis');
  const versions = await json<{ amount: number; author: string }[]>('entry', 'history', 'cost-1');
  expect(versions.map(({ amount, author }) => [amount, author])).toEqual([
    [1500, 'Ana'],
    [1800, 'Luis'],
  ]);
  const file = 'kind,day,to,amount,purpose,note\ncost,2025-10-01,2025-10-31,900.50,marketing,ads\n';
  await writeFile(join(folder, 'costs.csv'), file);
  await json('entry', 'import', 'costs.csv');
  await json('entry', 'import', 'costs.csv');
  expect(await json<object[]>('entry', 'list')).toHaveLength(3);
  await writeFile(join(folder, 'bad.csv'), 'kind,day,amount\ncost,2025-13-01,5\n');
  const refused = await run('entry', 'import', 'bad.csv');
  expect([refused.code, refused.stderr.includes('bad.csv:2')]).toEqual([2, true]);

  await json('sync');
  await json('evaluate', '--as-of', '2025-10-31');
  const benchmarks = await json<{
    benchmarks: { from: string; standing: string; value: number; source: string }[];
  }>('benchmarks', 'win_rate', '--as-of', '2025-10-31');
  const own = benchmarks.benchmarks.find(({ from }) => from === 'entry');
  expect(own).toMatchObject({ standing: 'near', value: 70 / 300, source: 'Chamber of commerce' });
  expect(
    benchmarks.benchmarks.filter(({ from }) => from === 'shipped').every(({ standing }) => standing === null),
  ).toBe(true);

  const feedback = await json<{ audiences: object[]; comments: { comment: string; at: string }[] }>(
    'feedback',
    '--since',
    '2025-01-01',
    '--as-of',
    '2025-10-31',
  );
  expect(feedback.audiences).toMatchObject([
    { audience: 'customer', answers: 2, scored: 2, satisfied: 1 },
    { audience: 'user', answers: 1 },
  ]);
  expect(feedback.comments.map(({ comment }) => comment)).toEqual([
    'Too many fields',
    'Tardaron mucho',
    'Rápido; y amable',
  ]);
  expect(feedback.comments[2]?.at).toBe('2025-10-05T08:30:00.000Z');

  const review = await run('review', 'open', '--as-of', '2025-10-31');
  expect(review.stdout).toContain('## Decisiones');
  expect(review.stdout).not.toContain('Tardaron');
});
