import type { SqlValue } from '../model/entities.ts';
import type { Labels } from '../model/kpi.ts';
import { hodgesLehmann, type Shift } from '../statistics/shifts.ts';
import { kaplanMeierMedian } from '../statistics/survival.ts';
import { type Bench, hoursOf } from './bench.ts';
import { type Detector, type Draft, type Found, silent, tooFew, wholeCompany } from './detector.ts';
import { caseOf, createTally, type Tally } from './tally.ts';
import type { Speak } from './words.ts';

const leastShare = 0.4;
const slowdown = 1.5;
const leastVisits = 8;
/** With two stages one of them always holds much of the time. */
const leastStages = 3;

/** All visits of a deal to a stage as one, by its first entry; with the present outcome of the deal. */
const sql = `
  select v.source_id, v.id, d.owner_id, coalesce(v.pipeline, '') as pipeline, v.stage, min(v.entered_at) as entered_at,
         sum(case when v.left_at is null or v.left_at >= :as_of then :as_of else v.left_at end - v.entered_at) as dwell,
         max(case when v.left_at is null or v.left_at >= :as_of then 1 else 0 end) as is_open,
         max(case when d.outcome = 'won' and d.closed_on >= :from_on and d.closed_on <= :today then 1 else 0 end) as is_won
  from stage_visit v
  join deal d on d.source_id = v.source_id and d.id = v.id
  where v.entered_at < :as_of
  group by v.source_id, v.id, d.owner_id, coalesce(v.pipeline, ''), v.stage
  having max(v.inferred) = 0
    and (min(v.entered_at) >= :before or max(case when d.outcome = 'won' and d.closed_on >= :from_on then 1 else 0 end) = 1)`;

interface Stays {
  readonly hours: number[];
  readonly isOpen: number[];
}

interface Place {
  readonly source: string;
  readonly pipeline: string;
  readonly stage: string;
}

interface Stage extends Place {
  /** Entered in the window, and in the one before it. */
  readonly now: Stays;
  readonly earlier: Stays;
  /** Of deals won in the window. */
  wonHours: number;
  wonVisits: number;
}

export const stageBottleneck: Detector = {
  id: 'stage_bottleneck',
  kind: 'inefficiency',
  effort: 'M',
  kpis: [
    'stage_dwell_hours',
    'sales_cycle_hours',
    'stage_conversion_rate',
    'win_rate',
    'deals_won',
    'revenue_won',
  ],
  reading: { of: 'deal', columns: ['deal.stage', 'deal.pipeline', 'deal.outcome', 'deal.closed_on'] },
  rule: {
    en: 'A stage holds 40 % or more of the time that deals won in 180 days spent in all stages (of three or more), or its median stay is 1.5 times that of the 180 days before, with evidence; 8 visits at least.',
    es: 'Una etapa reúne el 40 % o más del tiempo que las oportunidades ganadas en 180 días pasaron en todas las etapas (de tres o más), o su estancia mediana es 1,5 veces la de los 180 días anteriores, con evidencia; al menos 8 visitas.',
  },
  find: findBottlenecks,
};

interface Bottleneck {
  readonly stage: Stage;
  readonly share: number;
  readonly median: number | null;
  readonly earlierMedian: number | null;
  /** Set where it has become slower. */
  readonly shift: Shift | null;
  readonly reach: number;
}

async function findBottlenecks(bench: Bench): Promise<Found> {
  const stages = await readStages(bench);
  const most = Math.max(0, ...stages.map(({ now, wonVisits }) => Math.max(now.hours.length, wonVisits)));
  if (most < leastVisits) {
    const what = { en: 'visits to one stage with a history', es: 'visitas con historial a una misma etapa' };
    return silent(tooFew(what, most, leastVisits));
  }
  const found = stages.flatMap((stage) => {
    const siblings = stages.filter(
      ({ source, pipeline }) => source === stage.source && pipeline === stage.pipeline,
    );
    const judged = judgeStage(stage, siblings);
    return judged ? [judged] : [];
  });
  const tallies = await tallyStays(bench, found);
  const labels = await readLabels(bench);
  return {
    drafts: found.map((one, place) => draftOf(bench, one, { tally: tallies[place], labels })),
    silences: [],
  };
}

function keyOf({ source, pipeline, stage }: Place): string {
  return `${source}\n${pipeline}\n${stage}`;
}

function placeOf(row: readonly SqlValue[]): Place {
  return { source: String(row[0]), pipeline: String(row[3]), stage: String(row[4]) };
}

async function readStages(bench: Bench): Promise<readonly Stage[]> {
  const stages = new Map<string, Stage>();
  const noStays = (): Stays => ({ hours: [], isOpen: [] });
  await bench.each(sql, (row) => {
    const place = placeOf(row);
    const stage = stages.get(keyOf(place)) ?? {
      ...place,
      now: noStays(),
      earlier: noStays(),
      wonHours: 0,
      wonVisits: 0,
    };
    stages.set(keyOf(place), stage);
    const [enteredAt, hours, isOpen, isWon] = [
      Number(row[5]),
      hoursOf(Number(row[6])),
      Number(row[7]),
      row[8],
    ];
    const stays = enteredAt >= bench.from ? stage.now : stage.earlier;
    stays.hours.push(hours);
    stays.isOpen.push(isOpen);
    if (isWon !== 1) return;
    stage.wonHours += hours;
    stage.wonVisits++;
  });
  return [...stages.values()];
}

function judgeStage(stage: Stage, siblings: readonly Stage[]): Bottleneck | null {
  const { now, earlier, wonHours, wonVisits } = stage;
  const all = siblings.reduce((sum, sibling) => sum + sibling.wonHours, 0);
  const share = all > 0 ? wonHours / all : 0;
  const used = siblings.filter((sibling) => sibling.wonVisits > 0).length;
  const holds = wonVisits >= leastVisits && used >= leastStages && share >= leastShare;
  const median = kaplanMeierMedian(now.hours, now.isOpen);
  const earlierMedian = kaplanMeierMedian(earlier.hours, earlier.isOpen);
  const longer = median !== null && earlierMedian !== null && median >= slowdown * earlierMedian;
  // Stays that go on count with their length so far: they can only hide a slowdown, not make one.
  const shift = longer && now.hours.length >= leastVisits ? hodgesLehmann(earlier.hours, now.hours) : null;
  const slower = shift !== null && shift.low > 0;
  if (!holds && !slower) return null;
  const busiest = Math.max(...siblings.map((sibling) => sibling.now.hours.length), 1);
  return {
    stage,
    share,
    median,
    earlierMedian,
    shift: slower ? shift : null,
    reach: now.hours.length / busiest,
  };
}

/** Stays of the window that are much longer than the stage's median, with the teams that have them. */
async function tallyStays(bench: Bench, found: readonly Bottleneck[]): Promise<readonly Tally[]> {
  const tallies = found.map(() => createTally(bench, 'deal'));
  if (found.length === 0) return tallies;
  const places = new Map(found.map(({ stage }, place) => [keyOf(stage), place]));
  await bench.each(sql, (row) => {
    const place = places.get(keyOf(placeOf(row)));
    const one = place === undefined ? undefined : found[place];
    if (place === undefined || !one || Number(row[5]) < bench.from) return;
    const hours = hoursOf(Number(row[6]));
    tallies[place]?.add(caseOf(row, hours > slowdown * (one.median ?? 0), hours));
  });
  return tallies;
}

async function readLabels(bench: Bench): Promise<ReadonlyMap<string, string>> {
  const labels = new Map<string, string>();
  const sql =
    "select source_id, coalesce(pipeline, ''), key, label from stage where object = 'deal' and label is not null";
  await bench.each(sql, ([source, pipeline, stage, label]) => {
    const place = { source: String(source), pipeline: String(pipeline), stage: String(stage) };
    labels.set(keyOf(place), String(label));
    labels.set(keyOf({ ...place, pipeline: '' }), String(label));
  });
  return labels;
}

interface Telling {
  readonly tally: Tally | undefined;
  readonly labels: ReadonlyMap<string, string>;
}

function draftOf({ speak }: Bench, one: Bottleneck, { tally, labels }: Telling): Draft {
  const { stage, share, median, earlierMedian, shift, reach } = one;
  const name = labels.get(keyOf(stage)) ?? labels.get(keyOf({ ...stage, pipeline: '' })) ?? stage.stage;
  const { source, pipeline } = stage;
  return {
    segment: pipeline === '' ? wholeCompany : { kind: 'pipeline', id: pipeline, name: pipeline, source },
    subject: stage.stage,
    title: titleOf(speak, name, one),
    evidence: {
      stage: name,
      visits: stage.now.hours.length,
      visits_before: stage.earlier.hours.length,
      won_visits: stage.wonVisits,
      won_time_share: share,
      median_hours: median,
      median_hours_before: earlierMedian,
      shift_hours: shift?.shift ?? null,
      shift_low: shift?.low ?? null,
      shift_high: shift?.high ?? null,
      p: shift?.p ?? null,
      measure: 'hours',
    },
    records: tally?.records() ?? [],
    teams: tally?.teams() ?? [],
    reach,
  };
}

function titleOf(speak: Speak, name: string, { share, median, earlierMedian, shift }: Bottleneck): Labels {
  if (median !== null && earlierMedian !== null && shift !== null)
    return speak({
      en: (w) =>
        `Deals stay longer in ${name}: ${w.hours(median)} (median), ${w.hours(earlierMedian)} before.`,
      es: (w) =>
        `Las oportunidades pasan más tiempo en ${name}: ${w.hours(median)} (mediana), antes ${w.hours(earlierMedian)}.`,
    });
  return speak({
    en: (w) => `${name} holds ${w.share(share)} of the time that won deals take.`,
    es: (w) => `${name} reúne el ${w.share(share)} del tiempo de las oportunidades ganadas.`,
  });
}
