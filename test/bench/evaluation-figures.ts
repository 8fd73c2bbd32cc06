import { computeKpi } from '../../src/evaluate/computation.ts';
import { coverageOf } from '../../src/evaluate/coverage.ts';
import { openDesk } from '../../src/evaluate/desk.ts';
import { planWindows } from '../../src/evaluate/windows.ts';
import type { Kpi } from '../../src/model/kpi.ts';
import type { Store } from '../../src/model/store.ts';
import { benchAsOf } from '../evaluate/bench-company.ts';
import { baseSettings, quiet } from '../evaluate/workspace.ts';

/** What is computed where nothing is set: 24 months, with quarters and years, of the company, its teams and owners. */
export const evaluationSettings = {
  ...baseSettings,
  grains: ['month', 'quarter', 'year'] as const,
  segments: ['company', 'team', 'owner'],
  history: 24,
};

/** The same figures as one would write them by hand. */
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

/** By KPI: one statement for the sqlite3 shell that gives its figures. */
export const statements: Readonly<Record<string, string>> = {
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

/** Facts to figures, without the results' rows. */
export async function figuresOf(store: Store, catalog: readonly Kpi[], id: string): Promise<void> {
  const settings = evaluationSettings;
  const desk = await openDesk({ store, settings, catalog, asOf: benchAsOf, log: quiet, readOnly: true });
  const kpi = desk.catalog.get(id);
  const coverage = kpi && coverageOf(kpi, desk.sources, desk);
  if (!kpi || !coverage) throw new Error(`no ${id}`);
  const windows = planWindows({
    rules: settings.calendar,
    zone: desk.zone,
    asOf: desk.asOf,
    history: settings.history,
    grains: settings.grains,
    goals: [],
  });
  const kinds = settings.segments.filter((kind) => kind === 'company' || kpi.dimensions.includes(kind));
  const input = { kpi, coverage, kinds, windows, keepsDays: () => false, schedules: null };
  const computed = await computeKpi(desk, input);
  for (const key of computed.segments.values())
    for (const [grain, { index }] of windows.entries())
      for (const place of index.periods.keys()) computed.figureAt(key, grain, place);
}
