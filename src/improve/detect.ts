import type { Log } from '../model/connector.ts';
import type { DetectorSilence, Finding } from '../model/finding.ts';
import type { Detection } from '../model/store.ts';
import { type Bench, type BenchOptions, openBench } from './bench.ts';
import type { Detector, Draft, GoalLink } from './detector.ts';
import { detectors } from './detectors.ts';
import { standingBy, standingOf } from './goal-standing.ts';
import { byPriority, type GoalStanding, rankFinding } from './priority.ts';
import { findReadable } from './readable.ts';
import { rateTeams } from './team-rates.ts';

export interface DetectOptions extends BenchOptions {
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Binary fractions miss no goal. */
const missedBy = 1e-9;

interface Drafted {
  readonly detector: Detector;
  readonly draft: Draft;
}

/** Looks for every kind of problem in the records up to an instant, and ranks what it finds. */
export async function detectFindings({ log, signal, ...options }: DetectOptions): Promise<Detection> {
  const bench = await openBench(options);
  const drafted: Drafted[] = [];
  const silences: DetectorSilence[] = [];
  for (const detector of detectors) {
    signal.throwIfAborted();
    const { reading, find } = detector;
    const found = await (reading ? findReadable(bench, reading, find) : find(bench));
    for (const draft of found.drafts) drafted.push({ detector, draft });
    for (const reason of found.silences) silences.push({ detector: detector.id, reason });
    log.debug({ detector: detector.id, found: found.drafts.length }, 'detector.ran');
  }
  const teams = rateTeams(drafted.map(({ draft }) => draft));
  const ids = uniqueIds(drafted);
  const findings = drafted.map(({ detector, draft }, place): Finding => {
    const { segment, subject, title, evidence, records, reach } = draft;
    const { kpi, goal } = linkOf(bench, detector, draft);
    return {
      id: ids[place] ?? '',
      detector: detector.id,
      kind: detector.kind,
      segment,
      subject,
      title,
      rule: detector.rule,
      evidence,
      records,
      teams: teams[place] ?? [],
      kpi,
      goal,
      reach,
      effort: detector.effort,
      ...rankFinding(reach, standingFor(bench, draft, goal)),
    };
  });
  return { findings: findings.sort(byPriority), silences };
}

/** `detector|segment kind:id|subject`; where two connections share it, the connection is added to the later ones. */
function uniqueIds(drafted: readonly Drafted[]): readonly string[] {
  const taken = new Set<string>();
  return drafted.map(({ detector, draft: { segment, subject } }) => {
    const place = segment.id === null ? segment.kind : `${segment.kind}:${segment.id}`;
    const plain = [detector.id, place, ...(subject === null ? [] : [subject])].join('|');
    const id = taken.has(plain) ? `${plain}|${segment.source ?? ''}` : plain;
    taken.add(id);
    return id;
  });
}

function standingFor(bench: Bench, { deviation, judgedBy }: Draft, id: string | null): GoalStanding | null {
  if (id === null) return null;
  const goal = bench.goals.find((known) => known.id === id);
  const standing = goal && judgedBy ? standingBy(bench, goal, judgedBy) : standingOf(bench, id);
  if (standing === null || deviation === undefined) return standing;
  return { ...standing, deviation: Math.max(standing.deviation, deviation) };
}

/** The nearest of the detector's KPIs whose goal is missed, else has a verdict, else has a goal; else the nearest. */
function linkOf(bench: Bench, { kpis }: Detector, { goal, deviation }: Draft): GoalLink {
  if (goal) return goal;
  const linked = kpis.flatMap((kpi) => bench.goals.filter((known) => known.kpi === kpi));
  const standings = linked.map((known) => ({ known, standing: standingOf(bench, known.id) }));
  const missed = standings.find(
    ({ standing }) => (standing?.deviation ?? 0) > missedBy || deviation !== undefined,
  );
  const chosen = missed ?? standings.find(({ standing }) => standing !== null) ?? standings[0];
  if (chosen) return { kpi: chosen.known.kpi, goal: chosen.known.id };
  return { kpi: kpis.find((id) => bench.catalog.some((kpi) => kpi.id === id)) ?? null, goal: null };
}
