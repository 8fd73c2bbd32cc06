import { formatValue } from '../model/format.ts';
import type { Goal, Status } from '../model/goal.ts';
import type { Language } from '../model/kpi.ts';
import type { Result } from '../model/result.ts';

interface Words {
  readonly atLeast: string;
  readonly atMost: string;
  readonly between: (lo: string, hi: string) => string;
  readonly against: (value: string, target: string) => string;
  readonly paced: (due: string) => string;
  readonly derived: (kind: string) => string;
  readonly rules: (bounds: {
    readonly warn: string;
    readonly exceed: string;
    readonly minN: number;
  }) => Readonly<Record<Status, string>>;
  readonly why: { readonly incomplete: string; readonly before: string; readonly early: string };
}

const words: Readonly<Record<Language, Words>> = {
  en: {
    atLeast: 'at least',
    atMost: 'at most',
    between: (lo, hi) => `between ${lo} and ${hi}`,
    against: (value, target) => `${value} against ${target}`,
    paced: (due) => `${due} was due by now`,
    derived: (kind) => `the target follows from those of the segments of kind ${kind}`,
    rules: ({ warn, exceed, minN }) => ({
      not_started: 'the period has not begun',
      no_data: 'there is no value',
      insufficient: `fewer than ${minN} records`,
      exceeded: `better than the target by ${exceed} of it or more`,
      on_target: 'the target is met',
      at_risk: `short of the target by no more than ${warn} of it`,
      off_target: `short of the target by more than ${warn} of it`,
    }),
    why: {
      incomplete: 'data of the period is missing',
      before: 'it lies before the first record',
      early: 'less than 10 % of the period is over',
    },
  },
  es: {
    atLeast: 'al menos',
    atMost: 'como máximo',
    between: (lo, hi) => `entre ${lo} y ${hi}`,
    against: (value, target) => `${value} frente a ${target}`,
    paced: (due) => `a estas alturas correspondía ${due}`,
    derived: (kind) => `el objetivo se deduce de los de los segmentos de tipo ${kind}`,
    rules: ({ warn, exceed, minN }) => ({
      not_started: 'el periodo no ha empezado',
      no_data: 'no hay valor',
      insufficient: `menos de ${minN} registros`,
      exceeded: `mejor que el objetivo en un ${exceed} o más`,
      on_target: 'se cumple el objetivo',
      at_risk: `por debajo del objetivo en no más de un ${warn}`,
      off_target: `por debajo del objetivo en más de un ${warn}`,
    }),
    why: {
      incomplete: 'faltan datos del periodo',
      before: 'es anterior al primer registro',
      early: 'ha pasado menos del 10 % del periodo',
    },
  },
};

/** Which rule gave a result its status, with the figures that it was applied to; null without a goal. */
export function statusRule(result: Result, goal: Goal | undefined, language: Language): string | null {
  const { status, target, attainment, complete, unit, currency } = result;
  // What was judged is the figure as it was published.
  const value = result.restatement ? result.restatement.official.value : result.value;
  if (status === null || !goal) return null;
  const say = words[language];
  const format = (figure: number) => formatValue(figure, { unit, currency, language });
  const percent = (share: number) => formatValue(share, { unit: 'ratio', currency: null, language });
  const rules = say.rules({
    warn: percent(goal.warnTolerance),
    exceed: percent(goal.exceedTolerance),
    minN: goal.minN,
  });
  const promise =
    target === null
      ? ''
      : typeof target === 'object'
        ? say.between(format(target.lo), format(target.hi))
        : `${goal.shape === 'at_most' ? say.atMost : say.atLeast} ${format(target)}`;
  const due = dueByNow({ target, attainment, value, complete, shape: goal.shape });
  const parts = [
    ...(value !== null && promise !== '' ? [say.against(format(value), promise)] : []),
    ...(due === null ? [] : [say.paced(format(due))]),
    status === 'insufficient' ? insufficientRule(result, rules.insufficient, say) : rules[status],
    ...(result.details?.targetFrom ? [say.derived(result.details.targetFrom)] : []),
  ];
  return parts.join('; ');
}

function insufficientRule({ flags, unit, complete }: Result, few: string, { why }: Words): string {
  if (flags.includes('incomplete')) return why.incomplete;
  if (flags.includes('before_first_record')) return why.before;
  return !complete && (unit === 'money' || unit === 'count') ? why.early : few;
}

/** A running sum is judged by the part of the target that was due; its attainment tells which. */
function dueByNow({
  target,
  attainment,
  value,
  complete,
  shape,
}: Pick<Result, 'target' | 'attainment' | 'value' | 'complete'> & Pick<Goal, 'shape'>): number | null {
  if (complete || typeof target !== 'number' || !attainment || value === null || shape === 'between')
    return null;
  const due = shape === 'at_least' ? value / attainment : value * attainment;
  return Math.abs(due - target) <= 1e-6 * Math.abs(target) ? null : due;
}
