import { expect, it } from 'vitest';
import type { EffectReport, Verdict } from '../../src/model/action.ts';
import type { Measure } from '../../src/model/measure.ts';
import { addDays } from '../../src/model/zone.ts';
import { openWorkspace } from '../evaluate/workspace.ts';
import {
  judge,
  measureAt,
  type Planted,
  plantRows,
  startOn,
  teamSegment,
  teamsOf,
  windowDays,
} from './planted.ts';

/** `PLANTED_SEEDS=200 npx vitest run --dir test planted.long` is the whole proof. */
const seeds = Number(process.env.PLANTED_SEEDS ?? 100);
const same = { perWindow: 60, wonShare: () => 0.2, medianHours: () => 48 };
/** From the window after the action on: 20 % to 45 % of sixty deals, 48 h to 28 h. */
const changed = {
  perWindow: 60,
  wonShare: (window: number) => (window < 12 ? 0.2 : 0.45),
  medianHours: (window: number) => (window < 12 ? 48 : 28),
};
const company: readonly Planted[] = [
  { team: 'real', ...changed },
  { team: 'null', ...same },
  ...['a', 'b', 'c', 'd'].map((team) => ({ team, ...same, perWindow: 40 })),
];

interface Seen {
  readonly real: EffectReport;
  readonly none: EffectReport;
  readonly worst: EffectReport;
  /** The same team, judged by its worst window alone. */
  readonly worstNaively: EffectReport;
}

async function runSeed(seed: number, kpi: string): Promise<Seen> {
  await using workspace = await openWorkspace();
  const { team, actor, memberships } = teamsOf(company);
  await workspace.save({ team, actor, ...plantRows(company, { seed, windows: 13, kpi }) }, { memberships });
  const measure = await measureAt(workspace);
  const worst = teamSegment(await worstTeam(measure, kpi));
  return {
    real: await judge(workspace, { measure, kpi, segment: teamSegment('real'), picked: true }),
    none: await judge(workspace, { measure, kpi, segment: teamSegment('null') }),
    worst: await judge(workspace, { measure, kpi, segment: worst, picked: true }),
    worstNaively: await judge(workspace, { measure, kpi, segment: worst }),
  };
}

/** Of the teams that nothing happened to, the one whose last window before was worst. */
async function worstTeam(measure: Measure, kpi: string): Promise<string> {
  const segment = { kind: 'company', id: null, source: null };
  const span = { from: addDays(startOn, -windowDays), to: startOn };
  const answer = await measure({ kpi, segment, spans: [span], strata: 'team' });
  const unlucky = (answer?.spans[0]?.strata ?? [])
    .filter(({ segment: { name } }) => name !== 'real' && name !== 'null')
    .sort((a, b) => ((a.figure.value ?? 0) - (b.figure.value ?? 0)) * (kpi === 'win_rate' ? 1 : -1));
  return unlucky[0]?.segment.name ?? '';
}

function rate(all: readonly Seen[], which: keyof Seen, verdict: Verdict): number {
  return all.filter((seen) => seen[which].verdict === verdict).length / all.length;
}

it.each(['win_rate', 'case_resolution_hours'])(
  'recognises a planted effect on %s and calls a null one no_evidence',
  { timeout: 900_000 },
  async (kpi) => {
    const all: Seen[] = [];
    for (let seed = 1; seed <= seeds; seed++) all.push(await runSeed(seed, kpi));
    const rates = {
      seeds,
      'real: improved': rate(all, 'real', 'improved'),
      'null: no_evidence': rate(all, 'none', 'no_evidence'),
      'worst of four by bad luck, long baseline: no_evidence': rate(all, 'worst', 'no_evidence'),
      'the same, last window only: improved': rate(all, 'worstNaively', 'improved'),
    };
    process.stdout.write(`${kpi} ${JSON.stringify(rates)}\n`);
    expect(rates['real: improved']).toBeGreaterThanOrEqual(0.9);
    expect(rates['null: no_evidence']).toBeGreaterThanOrEqual(0.9);
    expect(rates['worst of four by bad luck, long baseline: no_evidence']).toBeGreaterThanOrEqual(0.9);
  },
);
