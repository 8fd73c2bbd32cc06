// One table of the evaluation at scale. BENCH_DEALS sets the size (default 20,000; 1,000,000 takes minutes); there are
// five times as many activities and as many tickets. BENCH_STORE names a store filled before.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadCatalog } from '../../src/evaluate/catalog.ts';
import { computeKpi } from '../../src/evaluate/computation.ts';
import { coverageOf } from '../../src/evaluate/coverage.ts';
import { openDesk } from '../../src/evaluate/desk.ts';
import { evaluate } from '../../src/evaluate/evaluate.ts';
import { planWindows } from '../../src/evaluate/windows.ts';
import type { Kpi } from '../../src/model/kpi.ts';
import type { Store } from '../../src/model/store.ts';
import { createZone } from '../../src/model/zone.ts';
import { openHandle } from '../../src/store/database.ts';
import { createQueryChecker } from '../../src/store/facts.ts';
import { openStore } from '../../src/store/open.ts';
import { benchAsOf, benchZone, fillStore } from './bench-company.ts';
import { baseSettings, quiet, shippedKpis } from './workspace.ts';

const hourMs = 3_600_000;
const deals = Number(process.env.BENCH_DEALS ?? 20_000);
const settings = {
  ...baseSettings,
  grains: ['month', 'quarter', 'year'] as const,
  segments: ['company', 'team', 'owner'],
  history: 24,
};

/** The figures by month, quarter and year, of the company, its teams and owners, as one would write them by hand. */
function byHand(month: string, from: string, sums: readonly string[]): string {
  const outer = sums.map((_, place) => `sum(s${place})`).join(', ');
  const inner = sums.map((sum, place) => `${sum} AS s${place}`).join(', ');
  const grains = ['m', 'substr(m, 1, 5) || ((substr(m, 6) + 2) / 3)', 'substr(m, 1, 4)'];
  const groups = grains.flatMap((grain) =>
    ["'company'", 'team_id', 'owner_id'].map(
      (segment) =>
        `SELECT ${grain}, ${segment}, ${outer} FROM cell LEFT JOIN team_member ON actor_id = owner_id GROUP BY 1, 2`,
    ),
  );
  return `WITH cell AS MATERIALIZED (SELECT owner_id, ${month} AS m, ${inner} FROM ${from} GROUP BY 1, 2)
    SELECT count(*) FROM (${groups.join(' UNION ALL ')})`;
}

const monthOf = (instant: string) => `strftime('%Y-%m', ${instant} / 1000, 'unixepoch')`;
const living = 'deleted_at IS NULL AND merged_into IS NULL AND is_test = 0';
const statements: Readonly<Record<string, string>> = {
  deals_won: byHand('substr(closed_on, 1, 7)', `deal WHERE outcome = 'won' AND ${living}`, ['count(*)']),
  win_rate: byHand(
    'substr(closed_on, 1, 7)',
    `deal WHERE outcome IN ('won', 'lost') AND type IS NOT 'renewal' AND ${living}`,
    ["sum(outcome = 'won')", 'count(*)'],
  ),
  gross_margin_rate: byHand('substr(closed_on, 1, 7)', `deal WHERE outcome = 'won' AND ${living}`, [
    'sum(amount_minor - cost_minor)',
    'sum(amount_minor)',
    'count(*)',
  ]),
  cases_created: byHand(monthOf('created_at'), `ticket WHERE ${living}`, ['count(*)']),
  activities_completed: byHand(
    monthOf('done_at'),
    `activity WHERE status = 'done' AND coalesce(automated, 0) = 0
       AND (kind IS NOT 'email' OR direction IS NOT 'inbound') AND ${living}`,
    ['count(*)'],
  ),
};

async function timed<T>(work: () => Promise<T>): Promise<{ readonly ms: number; readonly value: T }> {
  const start = performance.now();
  const value = await work();
  return { ms: performance.now() - start, value };
}

async function median(times: number, work: () => Promise<unknown>): Promise<number> {
  const all: number[] = [];
  for (let i = 0; i < times; i++) all.push((await timed(work)).ms);
  return all.sort((a, b) => a - b)[Math.floor(times / 2)] ?? 0;
}

interface Bench {
  readonly store: Store;
  readonly catalog: readonly Kpi[];
}

function run({ store, catalog }: Bench, asOf: number, log = quiet) {
  const clock = { now: () => asOf };
  const { signal } = new AbortController();
  return timed(() => evaluate({ store, settings, catalog, asOf, clock, log, signal }));
}

/** Facts to figures, without the results' rows. */
async function figuresOf({ store, catalog }: Bench, id: string): Promise<void> {
  const desk = await openDesk({ store, settings, catalog, asOf: benchAsOf, log: quiet, readOnly: true });
  const kpi = desk.catalog.get(id);
  const coverage = kpi && coverageOf(kpi, desk.sources, desk);
  if (!kpi || !coverage) throw new Error(`no ${id}`);
  const windows = planWindows({
    rules: settings.calendar,
    zone: desk.zone,
    asOf: desk.asOf,
    history: 24,
    grains: settings.grains,
    goals: [],
  });
  const kinds = ['company', 'team', 'owner'].filter(
    (kind) => kind === 'company' || kpi.dimensions.includes(kind),
  );
  const computed = await computeKpi(desk, {
    kpi,
    coverage,
    kinds,
    windows,
    keepsDays: () => false,
    schedules: null,
  });
  for (const key of computed.segments.values())
    for (const [grain, { index }] of windows.entries())
      for (const place of index.periods.keys()) computed.figureAt(key, grain, place);
}

/** Recent ones mostly, and one in ten of any age: amounts, stages and closings. */
function changeDeals(path: string, count: number): void {
  const handle = openHandle(path);
  const recent = benchAsOf - 60 * 24 * hourMs;
  handle.exec(`CREATE TEMP TABLE picked AS
    SELECT * FROM (SELECT id FROM deal WHERE created_at > ${recent} ORDER BY substr(id, -3), id LIMIT ${Math.round(count * 0.9)})
    UNION SELECT * FROM (SELECT id FROM deal WHERE created_at <= ${recent} ORDER BY substr(id, -3), id LIMIT ${Math.round(count * 0.1)})`);
  handle.exec(`UPDATE deal SET amount_minor = coalesce(amount_minor, 0) + 100, outcome = CASE outcome WHEN 'open' THEN 'won' ELSE outcome END,
    closed_on = coalesce(closed_on, '2026-10-14'), updated_at = ${benchAsOf - 1}
    WHERE source_id = 'crm' AND id IN (SELECT id FROM picked)`);
  handle.exec("INSERT OR IGNORE INTO touched SELECT 'deal', 'crm', id FROM picked");
  handle.close();
}

it('the evaluation at scale', { timeout: 7_200_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'crm-kpi-bench-'));
  const size = { deals, activities: 5 * deals, tickets: deals, owners: 200, months: 24 };
  const path = process.env.BENCH_STORE ?? (await fillStore(folder, size));
  const lines: string[] = [];
  const tell = (name: string, ms: number, note = '') =>
    lines.push(`${name.padEnd(34)} ${ms.toFixed(0).padStart(9)} ms  ${note}`);
  {
    await using store = openStore(path, createZone(benchZone));
    const bench = {
      store,
      catalog: await loadCatalog({ folders: [shippedKpis], check: createQueryChecker() }),
    };
    const perKpi: { kpi: string; ms: number }[] = [];
    let last = performance.now();
    const log = {
      ...quiet,
      debug(fields: object) {
        const now = performance.now();
        perKpi.push({ kpi: 'kpi' in fields ? String(fields.kpi) : '', ms: now - last });
        last = now;
      },
    };
    const full = await run(bench, benchAsOf, log);
    tell(
      'all KPIs, everything read',
      full.ms,
      `${perKpi.length} KPIs, peak ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`,
    );
    const { signal } = new AbortController();
    const rounds: [string, number, number][] = [
      ['again, nothing changed', 0, 0],
      ['after 1,000 changed deals', 1000, 0],
      ['the next night, 1,000 changed', 1000, 24],
    ];
    for (const [name, count, hours] of rounds) {
      if (count > 0) changeDeals(path, count);
      const derived = await timed(() => store.derive(signal));
      const night = await run(bench, benchAsOf + hours * hourMs);
      const share = ((night.ms / full.ms) * 100).toFixed(1);
      tell(name, night.ms, `${share} % of the full time; derived in ${derived.ms.toFixed(0)} ms`);
    }
    for (const [kpi, sql] of Object.entries(statements)) {
      const ours = await median(3, () => figuresOf(bench, kpi));
      const hand = await median(3, async () => execFileSync('sqlite3', [path, sql]));
      tell(
        kpi,
        ours,
        `${(ours / hand).toFixed(2)} x one statement in the sqlite3 shell (${hand.toFixed(0)} ms)`,
      );
    }
    const page = { kpi: 'win_rate', segmentKind: 'owner' };
    const read = await median(5, async () => {
      for await (const _ of store.latestResults(benchAsOf + 24 * hourMs, {
        ...page,
        grain: 'month',
        since: '2026-08-01',
      }));
    });
    tell('three months of all owners, one KPI', read);
    for (const { kpi, ms } of perKpi.sort((a, b) => b.ms - a.ms)) tell(`  ${kpi}`, ms);
  }
  process.stdout.write(`\n${deals} deals, ${5 * deals} activities, ${deals} tickets\n${lines.join('\n')}\n`);
  rmSync(folder, { recursive: true, force: true });
  expect(lines.length).toBeGreaterThan(60);
});
