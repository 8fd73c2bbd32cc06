import type { StoredResult } from '../model/result-store.ts';
import type { ChartSignal } from '../statistics/behaviour-chart.ts';
import type { Figure } from './figures.ts';
import type { Format } from './format.ts';
import type { Limits } from './limits.ts';
import { routineWords } from './routine-words.ts';

/** Of the target, else of what is usual: less is no reason to act, however sure it is. */
const leastEffect = 0.05;

/** What the newest official figure says against what is routine. */
type Signal = ChartSignal | 'higher' | 'lower';

interface Judged {
  readonly period: string;
  readonly signals: readonly Signal[];
  /** There are signals, of a change that is too small to act on. */
  readonly small: boolean;
}

/** Null where nothing can be said. */
export function judgeNewest(limits: Limits): Judged | null {
  if (limits.kind === 'few') return null;
  const { newest } = limits;
  const period = newest.periodLabel;
  if (limits.kind === 'uneven') {
    if (limits.against === null) return null;
    const { low, high, d, share } = limits.against;
    const signals = low > 0 ? ['higher' as const] : high < 0 ? ['lower' as const] : [];
    return { period, signals, small: signals.length > 0 && isSmall(newest, d, share) };
  }
  const { chart, kind } = limits;
  const change = kind === 'steps' ? changeOf(newest, limits) - chart.mean : (newest.value ?? 0) - chart.mean;
  const usual = kind === 'steps' ? (newest.value ?? 0) : chart.mean;
  // A state that has grown for long is no news each time.
  const signals = kind === 'steps' ? chart.signals.filter((signal) => signal === 'outside') : chart.signals;
  return { period, signals, small: signals.length > 0 && isSmall(newest, change, usual) };
}

function isSmall({ target }: StoredResult, change: number, usual: number): boolean {
  const measure = typeof target === 'number' && target !== 0 ? target : usual;
  return measure !== 0 && Math.abs(change) < leastEffect * Math.abs(measure) - 1e-9;
}

function changeOf(newest: StoredResult, { before }: { readonly before: number }): number {
  return (newest.value ?? 0) - before;
}

/** In a sentence or two; empty where nothing can be said. */
export function routineText(limits: Limits, { result }: Pick<Figure, 'result'>, format: Format): string {
  const judged = judgeNewest(limits);
  if (judged === null || limits.kind === 'few') return '';
  const say = routineWords[format.language];
  const period = format.period(judged.period);
  const value = (amount: number) => format.value(amount, result);
  const small = judged.small ? [say.small(format.share(leastEffect))] : [];
  if (limits.kind === 'uneven') {
    const share = value(limits.against?.share ?? 0);
    const [side] = judged.signals;
    const text = side === 'higher' ? say.higher : side === 'lower' ? say.lower : say.alike;
    return sentences([text(period, share), ...small]);
  }
  if (limits.kind === 'steps') {
    const { chart } = limits;
    const change = value(changeOf(limits.newest, limits));
    const text = judged.signals.length > 0 ? say.jump : say.steady;
    return sentences([
      say.steps(format.number(chart.n), value(chart.low), value(chart.high)),
      text(period, change),
      ...small,
    ]);
  }
  const told = limits.chart.signals.map((signal) => say.signal[signal](period));
  return sentences([...(told.length > 0 ? told : [say.routine(period)]), ...small]);
}

/** Spanish months begin small, sentences do not. */
function sentences(texts: readonly string[]): string {
  return texts.map((text) => text.charAt(0).toUpperCase() + text.slice(1)).join(' ');
}
