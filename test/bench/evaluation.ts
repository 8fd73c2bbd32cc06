import Database from 'better-sqlite3';
import { loadCatalog } from '../../src/evaluate/catalog.ts';
import { createZone } from '../../src/model/zone.ts';
import { createQueryChecker } from '../../src/store/facts.ts';
import { openStore } from '../../src/store/open.ts';
import { benchAsOf, benchZone, fillStore } from '../evaluate/bench-company.ts';
import { shippedKpis } from '../evaluate/workspace.ts';
import { atMost, type Bench, type BenchEnv, type Figure, median, timeOf, told, whole } from './bench.ts';
import { runApart, runProgram } from './child.ts';
import { figuresOf, statements } from './evaluation-figures.ts';

/** `--deals` with five times as many activities and as many tickets; `--changed` of them change overnight. */
export const evaluation: Bench = {
  name: 'evaluation',
  about: 'all KPIs by month, quarter and year over 24 months, of the company, 10 teams and 200 owners',
  profile:
    'Of one KPI against one statement, cases and activities are near it. Of deals three quarters are the grouped statement itself: the same grouping by hand takes as long as the statement beside it, and asking of each deal whether it changed hands later, putting facts down once and loading the histories of those that did take as long again. The statement by hand takes the present owner, knows no restatement and keeps nothing to explain. After 1,000 changed deals no single spot is left: their facts taken off and added 15 %, result rows read and written 10 %, garbage 10 %, the tables of touched records 7 %; then samples of durations sorted anew, and trends. Of a next night, most goes to open periods of customer_lifetime_months (read again, as they end today), the pass over each table for dates that passed, the tables of touched records for each group of KPIs, and the results of segments whose figures move by themselves.',
  async *run(env) {
    const deals = env.size('deals', 1_000_000);
    const path = await fillStore(env.folder, {
      ...{ deals, activities: 5 * deals, tickets: deals, owners: 200, months: 24 },
    });
    env.tell(`evaluation: a store of ${whole(7 * deals)} records is there`);
    yield* nights(path, env);
    yield* againstOneStatement(path, env);
  },
};

interface Evaluated {
  readonly ms: number;
  readonly cpuMs: number;
  readonly derivedMs: number;
  readonly memoryMb: number;
  readonly appended: number;
  readonly dearest: readonly { readonly kpi: string; readonly cpuMs: number }[];
}

async function* nights(path: string, env: BenchEnv): AsyncGenerator<Figure> {
  const changed = env.size('changed', 1000);
  const evaluateAt = (hours: number) => runApart<Evaluated>('evaluation-run.ts', [path, String(hours)]);
  const full = await evaluateAt(0);
  const dear = (kpis: Evaluated['dearest']) =>
    kpis.map(({ kpi, cpuMs }) => `${kpi} ${timeOf(cpuMs)}`).join(', ');
  yield told(
    'all KPIs, everything read',
    `${timeOf(full.cpuMs)} of CPU, ${full.memoryMb} MB at most`,
    `${whole(full.appended)} results; dearest: ${dear(full.dearest.slice(0, 4))}`,
  );
  yield told('each KPI', dear(full.dearest));
  const rounds = [
    { what: 'again, nothing changed', count: 0, hours: 0 },
    { what: `after ${whole(changed)} changed deals`, count: changed, hours: 0 },
    { what: `the next night, ${whole(changed)} changed`, count: changed, hours: 24 },
  ];
  for (const { what, count, hours } of rounds) {
    if (count > 0) changeDeals(path, count);
    if (hours > 0) passHours(path, hours);
    const night = await evaluateAt(hours);
    const figure = {
      what,
      ours: `${timeOf(night.cpuMs)} of CPU (${dear(night.dearest.slice(0, 3))})`,
      against: `the full time; derived in ${timeOf(night.derivedMs)}`,
      ratio: night.cpuMs / full.cpuMs,
    };
    yield atMost(figure, 0.02);
  }
}

/** All was read again as of then: figures of days that were not would be incomplete. */
function passHours(path: string, hours: number): void {
  const db = new Database(path);
  db.prepare('UPDATE stream SET last_success_at = last_success_at + ?').run(hours * 3_600_000);
  db.close();
}

/** Recent ones mostly, and one in ten of any age: amounts, stages and closings. */
function changeDeals(path: string, count: number): void {
  const db = new Database(path);
  const recent = benchAsOf - 60 * 86_400_000;
  const pick = (where: string, share: number) =>
    `SELECT * FROM (SELECT id FROM deal WHERE created_at ${where} ${recent} ORDER BY substr(id, -3), id LIMIT ${Math.round(count * share)})`;
  db.exec(`CREATE TEMP TABLE picked AS ${pick('>', 0.9)} UNION ${pick('<=', 0.1)}`);
  db.exec(`UPDATE deal SET amount_minor = coalesce(amount_minor, 0) + 100, outcome = CASE outcome WHEN 'open' THEN 'won' ELSE outcome END,
    closed_on = coalesce(closed_on, '2026-10-14'), updated_at = ${benchAsOf - 1}
    WHERE source_id = 'crm' AND id IN (SELECT id FROM picked)`);
  db.exec("INSERT OR IGNORE INTO touched SELECT 'deal', 'crm', id FROM picked");
  db.close();
}

async function* againstOneStatement(path: string, env: BenchEnv): AsyncGenerator<Figure> {
  await using store = openStore(path, createZone(benchZone));
  const catalog = await loadCatalog({ folders: [shippedKpis], check: createQueryChecker() });
  for (const [kpi, sql] of Object.entries(statements)) {
    const [ours, hand]: [number[], number[]] = [[], []];
    for (let run = 0; run < env.runs; run += 1) {
      const begun = performance.now();
      await figuresOf(store, catalog, kpi);
      ours.push(performance.now() - begun);
      hand.push((await runProgram('sqlite3', [path, sql])).ms);
    }
    const figure = {
      what: `${kpi}: facts to figures`,
      ours: timeOf(median(ours)),
      against: `one statement in the sqlite3 shell: ${timeOf(median(hand))}`,
      ratio: median(ours) / median(hand),
    };
    yield atMost(figure, 1.3);
  }
}
