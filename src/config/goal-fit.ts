import type { Goal, TargetValue } from '../model/goal.ts';
import type { Kpi } from '../model/kpi.ts';
import type { GoalInput } from './goal-schema.ts';
import type { Finding } from './issues.ts';
import type { Path } from './paths.ts';

/** What a goal must fit to. */
export type KpiTraits = Pick<Kpi, 'id' | 'unit' | 'kind' | 'sql'> &
  Partial<Pick<Kpi, 'windowDays' | 'derive'>> & {
    /** From the workspace's own folder. */
    readonly own: boolean;
  };

/** Measured against a cost, a quota or their own past; other ratios are parts of a whole. */
const aboveOne: ReadonlySet<string> = new Set([
  'campaign_roi',
  'crm_roi',
  'net_revenue_retention',
  'pipeline_coverage',
  'quota_attainment',
  'sales_efficiency',
]);
/** Of a ratio of which nothing is known, a promise from here on is a percentage without its sign. */
const hardlyMeant = 10;

interface Fit {
  readonly targets: Goal['targets'];
  readonly shapeKey: 'atLeast' | 'atMost' | 'between';
  readonly kpi: KpiTraits;
}

/** What the KPI makes of a goal that is well-formed in itself. */
export function checkFit(input: GoalInput, { targets, shapeKey, kpi }: Fit, at: Path): Finding[] {
  const wrong = numbersIn(targets).find((value) => isPercentage(value, kpi));
  const percentage: Finding[] =
    wrong === undefined
      ? []
      : [
          {
            path: [...at, shapeKey],
            rule: `promises ${wrong}, which is ${wrong * 100} %`,
            fix: `write ${wrong / 100} or ${wrong}%: ratios are shares of 1.`,
            showsValue: false,
          },
        ];
  return [...percentage, ...checkRamp(input, { targets, shapeKey, kpi }, at)];
}

function isPercentage(value: number, { id, unit, own }: KpiTraits): boolean {
  if (unit !== 'ratio' || aboveOne.has(id)) return false;
  return own ? value >= hardlyMeant : value > 1;
}

function numbersIn(targets: Goal['targets']): readonly number[] {
  const endsOf = (value: TargetValue) => (typeof value === 'number' ? [value] : [value.lo, value.hi]);
  if (targets.kind === 'constant') return endsOf(targets.value);
  if (targets.kind === 'by_period') return Object.values(targets.values).flatMap(endsOf);
  return targets.kind === 'list' ? targets.rows.map(({ target }) => target) : [];
}

function checkRamp({ ramp }: GoalInput, { shapeKey, kpi }: Fit, at: Path): Finding[] {
  if (!ramp) return [];
  const path = [...at, 'ramp'];
  if (shapeKey === 'between') {
    const fix = 'promise atLeast or atMost, or delete the ramp.';
    return [{ path, rule: 'leads to one figure, and a range has two', fix, showsValue: false }];
  }
  if (!isRunningSum(kpi)) return [];
  const rule = `is for ratios, durations and stocks, and ${kpi.id} adds up through its period`;
  return [
    { path, rule, fix: 'give rising targets by period instead, or delete the ramp.', showsValue: false },
  ];
}

/** Without a denominator: a mean of money does not add up. */
function isRunningSum({ unit, kind, windowDays, derive, sql }: KpiTraits): boolean {
  const divides = derive ? derive.den !== null : /\bas\s+den\b/i.test(sql);
  return (unit === 'count' || unit === 'money') && kind === 'flow' && !windowDays && !divides;
}
