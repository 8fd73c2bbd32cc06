import { expect, it } from 'vitest';
import { monthOf, openDesk, quietNight } from '../report/company.ts';
import { at } from '../store/temp-store.ts';
import { openDashboard } from './dashboard.ts';

const night = {
  ...quietNight,
  needsPerson: [{ where: 'sales Opportunity', problem: 'Not allowed.', fix: 'Allow it.' }],
  stale: [{ where: 'freshness', problem: 'sales is older than 26 h.', fix: 'Look.' }],
  refused: [{ connection: 'sales', key: 'win_rate|2026-10', reason: 'locked' }],
  schedule: [
    {
      ...{ run: 'report monthly', connections: [], cron: '0 7 1 * *', timeZone: 'UTC' },
      ...{ lastStartedAt: '2026-10-01T07:00:00Z', nextAt: '2026-12-01T07:00:00Z', isMissing: true },
    },
  ],
  running: 'run, process 12',
  alerts: {
    open: [{ key: 'a', title: 'sales: the last job failed', since: '2026-11-20T01:00:00Z' }],
    waiting: 2,
    undelivered: [
      { target: 'report monthly by email', title: 'monthly', attempts: 3, problem: 'No answer.' },
    ],
  },
  silent: [
    { kpi: 'nps', connection: null, reason: { en: 'no survey was read', es: 'no se leyó ninguna encuesta' } },
  ],
};

it('the page of operations shows every kind of problem that status knows, in both languages', async () => {
  await using fixture = await openDesk({
    results: [monthOf('2026-10')],
    desk: { status: async () => night },
  });
  const { ask } = openDashboard(fixture);
  const english = await (await ask('/operations')).text();
  for (const text of [
    'Not allowed.',
    'sales is older than 26 h.',
    'locked',
    'report monthly',
    'did not start',
    'Running now: run, process 12.',
    'sales: the last job failed',
    'not delivered to report monthly by email after 3 tries',
    '2 messages wait',
    'no survey was read',
  ])
    expect(english).toContain(text);
  expect(english).not.toContain('Nothing needs a person');
  const spanish = await (await ask('/operations?language=es')).text();
  expect(spanish).toContain('no se inició');
  expect(spanish).toContain('no se leyó ninguna encuesta');
  expect(spanish).toContain('<span lang="en">Not allowed.</span>');
});

it('a restated figure tells what moved it, in its own units', async () => {
  const official = monthOf('2026-09', { asOf: at('2026-10-10T00:00:00Z'), stage: 'official' });
  const restated = monthOf('2026-09', {
    ...{ num: 20, den: 99, value: 20 / 99, stage: 'restated', asOf: at('2026-11-19T00:00:00Z') },
    restatement: {
      official: { num: 18, den: 100, value: 0.18 },
      causes: [
        { cause: 'late', num: 2, den: 0 },
        { cause: 'deletions', num: 0, den: -1 },
      ],
    },
  });
  await using fixture = await openDesk({ results: [official, restated, monthOf('2026-10')] });
  const page = await (await openDashboard(fixture).ask('/kpi/win_rate')).text();
  expect(page).toContain('Since then: records that came later +2; deleted or merged records 0 / −1');
});

it('technical sentences stand there in Spanish as far as they are known, commands as such', async () => {
  const translate = (text: string) => (text === 'Not allowed.' ? 'No permitido: `crm-kpi check`.' : null);
  await using fixture = await openDesk({
    results: [monthOf('2026-10')],
    desk: { status: async () => night, spanish: () => translate },
  });
  const { ask } = openDashboard(fixture);
  const spanish = await (await ask('/operations?language=es')).text();
  expect(spanish).toContain('<p>No permitido: <code>crm-kpi check</code>.</p>');
  expect(await (await ask('/operations')).text()).toContain('<p>Not allowed.</p>');
});

it('a comparison of durations says why it has no intervals', async () => {
  const team = (id: string, n: number) =>
    monthOf('2026-10', {
      ...{ kpi: 'case_resolution_hours', goal: null, unit: 'hours', statistic: 'p50', value: 30, n },
      segment: id === '' ? monthOf('2026-10').segment : { kind: 'team', id, name: id, source: 'sales' },
    });
  for (const [n, why] of [
    [30_000, 'Medians over more than 20,000 records are shown without intervals'],
    [4, 'A median has an interval from six records on'],
    [60, 'This median counts what still waits'],
  ] as const) {
    await using fixture = await openDesk({
      results: [team('', n), team('a', n === 60 ? 57 : 4), team('b', 3)],
    });
    const page = await (await openDashboard(fixture).ask('/kpi/case_resolution_hours')).text();
    expect(page).toContain(why);
  }
});
