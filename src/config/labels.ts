import type { CalendarRules, Grain } from '../model/period.ts';

const forms = {
  day: /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/,
  week: /^\d{4}-W(0[1-9]|[1-4]\d|5[0-3])$/,
  month: /^\d{4}-(0[1-9]|1[0-2])$/,
  quarter: /^\d{4}-Q[1-4]$/,
  year: /^\d{4}$/,
} as const satisfies Record<Grain, RegExp>;

export const labelExamples = {
  day: '2026-01-31',
  week: '2026-W05',
  month: '2026-01',
  quarter: '2026-Q1',
  year: '2026',
} as const satisfies Record<Grain, string>;

function grainOfLabel(label: string): Grain | null {
  for (const grain of ['day', 'week', 'month', 'quarter', 'year'] as const) {
    if (forms[grain].test(label)) return grain;
  }
  return null;
}

/**
 * The labels of the periods of a grain within a fiscal quarter or year; null where the one is not made up of the
 * other. A level promised for a quarter holds in each of its months.
 */
export function labelsWithin(rules: CalendarRules, label: string, grain: Grain): string[] | null {
  const listed = (rules.table ?? []).filter((period) => period.grain === grain);
  if (listed.length > 0) return listed.some((period) => period.label === label) ? [label] : null;
  const held = grainOfLabel(label);
  if (held === grain) return [label];
  const isQuarter = held === 'quarter';
  if (!isQuarter && held !== 'year') return null;
  const year = label.slice(0, 4);
  if (grain === 'quarter' && !isQuarter) return [1, 2, 3, 4].map((quarter) => `${year}-Q${quarter}`);
  if (grain !== 'month') return null;
  const skipped = isQuarter ? (Number(label.slice(6)) - 1) * 3 : 0;
  const endsLater = rules.fiscalYearStart > 1 && rules.fiscalYearName === 'end';
  const first = (Number(year) - (endsLater ? 1 : 0)) * 12 + rules.fiscalYearStart - 1 + skipped;
  return Array.from({ length: isQuarter ? 3 : 12 }, (_, index) => monthLabel(first + index));
}

/** Of a month counted from year 0. */
function monthLabel(month: number): string {
  return `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}`;
}
