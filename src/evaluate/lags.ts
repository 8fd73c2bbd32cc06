import type { TimeSpan } from '../model/fact-store.ts';
import type { Kpi } from '../model/kpi.ts';
import { addDays, type Zone } from '../model/zone.ts';
import { tokenize } from './tokens.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Columns of the table `period` that lie before its end: by how many days at least and at most. */
const earlier = [
  ['quarter_ago', 90, 90],
  ['half_year_ago', 180, 180],
  ['year_ago', 365, 366],
  ['two_years_ago', 730, 731],
] as const;

interface Lag {
  readonly least: number;
  readonly most: number;
  /** In days, which are longer and shorter than 24 hours. */
  readonly byDays: boolean;
}

/**
 * What time alone changes: between two evaluations a fact of unchanged records changes only where one of their dates
 * passed as_of, or passed as_of less a time that the KPI names (how long members are observed, a number in its query).
 */
export function spansBetween(
  kpis: readonly Kpi[],
  { from, until, zone }: { readonly from: number; readonly until: number; readonly zone: Zone },
): readonly TimeSpan[] {
  if (from === until) return [];
  const lags = new Map<string, Lag>();
  for (const lag of kpis.flatMap(listLags)) lags.set(`${lag.least} ${lag.most} ${lag.byDays}`, lag);
  return [...lags.values()].map(({ least, most, byDays }) => {
    const [fromAt, untilAt] = [from - most, until - least];
    const slackMs = byDays ? dayMs : 0;
    return {
      fromAt: fromAt - slackMs,
      // What matures at as_of counts.
      untilAt: untilAt + slackMs + 1,
      fromOn: addDays(zone.dateOf(fromAt - slackMs), -2),
      throughOn: addDays(zone.dateOf(untilAt + slackMs), 1),
    };
  });
}

function listLags({ sql, maturesMs, withinMs }: Kpi): readonly Lag[] {
  const tokens = tokenize(sql);
  // What a time is divided by is no time that passes.
  const numbers = tokens.map(({ text }, place) =>
    /^\d+$/.test(text) && tokens[place - 1]?.text !== '%' ? Number(text) : 0,
  );
  const exact = [0, maturesMs ?? 0, withinMs ?? 0, ...numbers.filter((number) => number >= hourMs)];
  const words = new Set(tokens.map(({ text }) => text.replace(/_(at|on)$/, '')));
  return [
    ...exact.map((ms) => ({ least: ms, most: ms, byDays: false })),
    ...earlier
      .filter(([name]) => words.has(name))
      .map(([, least, most]) => ({ least: least * dayMs, most: most * dayMs, byDays: true })),
  ];
}

/** How far before a period a KPI looks at most, ms. */
export function longestLag(kpi: Kpi): number {
  return Math.max((kpi.windowDays ?? 0) * dayMs, ...listLags(kpi).map(({ most }) => most));
}
