import { createNumberFormat, formatValue } from '../model/format.ts';
import type { Language, Unit } from '../model/kpi.ts';
import { toMajorUnits } from '../model/money.ts';
import type { Result, Segment } from '../model/result.ts';
import { textOf, type Words, words } from './words.ts';

type Measured = Pick<Result, 'unit' | 'currency'>;

/** Numbers, dates and names as people of a language write them, in the business time zone. */
export interface Format {
  readonly language: Language;
  readonly say: Words;
  value(value: number | null, of: Measured): string;
  /** For an axis that goes up to `max`. */
  tick(value: number, of: Measured & { readonly max: number }): string;
  number(value: number, digits?: number): string;
  /** 0.123 as `12.3 %`. */
  share(value: number, digits?: number): string;
  /** 22 Nov 2026, 03:30 */
  instant(at: number): string;
  /** 22 Nov 2026 */
  day(at: number): string;
  date(date: string): string;
  /** 2026-10 as October 2026; labels of one's own calendar stay as they are. */
  period(label: string): string;
  periodShort(label: string): string;
  duration(ms: number): string;
  segment(segment: Segment): string;
  target(target: Result['target'], shape: string | undefined, of: Measured): string;
}

const hoursPerDay = 24;
/** From here on durations read better in days (as src/model/format.ts does for single figures). */
const daysFromHours = 14 * hoursPerDay;

export function createFormat(language: Language, timeZone: string): Format {
  const say = words[language];
  const { locale } = say;
  const numbers = createNumberFormat(language);
  const value = (number: number | null, { unit, currency }: Measured) =>
    formatValue(number, { unit, currency, language }, numbers);
  const number = (amount: number, digits = 0) => numbers(amount, digits);
  const periods = new Map<string, string>();
  const nameOf = (label: string, style: 'long' | 'short') => {
    const key = `${style} ${label}`;
    const name = periods.get(key) ?? periodName(label, { language, locale, style });
    periods.set(key, name);
    return name;
  };
  const instants = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone });
  const days = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone });
  const dates = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
  return {
    language,
    say,
    value,
    tick: (amount, of) => formatTick(amount, of, locale),
    number,
    share: (amount, digits = 0) => `${number(amount * 100, digits)} %`,
    instant: (at) => instants.format(at),
    day: (at) => days.format(at),
    date: (date) => dates.format(Date.parse(`${date}T00:00:00Z`)),
    period: (label) => nameOf(label, 'long'),
    periodShort: (label) => nameOf(label, 'short'),
    duration: (ms) => formatDuration(ms, say, number),
    segment: (segment) => segmentName(segment, say),
    target: (target, shape, of) => {
      if (target === null) return '';
      if (typeof target === 'object') return say.target.between(value(target.lo, of), value(target.hi, of));
      return shape === 'at_most'
        ? say.target.at_most(value(target, of))
        : say.target.at_least(value(target, of));
    },
  };
}

function formatTick(
  value: number,
  { unit, currency, max }: Measured & { max: number },
  locale: string,
): string {
  const compact = (amount: number, suffix: string) =>
    `${new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 }).format(amount)}${suffix}`;
  const suffixes = {
    points: '',
    count: '',
    ratio: ' %',
    months: '',
    hours: ' h',
    money: '',
  } satisfies Record<Unit, string>;
  if (unit === 'ratio') return compact(Number((value * 100).toPrecision(12)), suffixes.ratio);
  if (unit === 'money') return compact(toMajorUnits(value, currency ?? ''), ` ${currency ?? ''}`);
  if (unit === 'hours' && max >= daysFromHours) return compact(value / hoursPerDay, ' d');
  return compact(value, suffixes[unit]);
}

interface PeriodStyle {
  readonly language: Language;
  readonly locale: string;
  readonly style: 'long' | 'short';
}

function periodName(label: string, { language, locale, style }: PeriodStyle): string {
  const month = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(label);
  const day = /^\d{4}-\d\d-\d\d$/.test(label);
  const at = Date.parse(`${label}${month ? '-01' : ''}T00:00:00Z`);
  if (month || day) {
    return new Intl.DateTimeFormat(locale, {
      timeZone: 'UTC',
      month: style,
      ...(day ? { day: 'numeric' } : {}),
      year: style === 'long' ? 'numeric' : '2-digit',
    }).format(at);
  }
  const part = /^(\d{4})-([QW])(\d{1,2})$/.exec(label);
  if (!part) return label;
  const letter = language === 'es' ? { Q: 'T', W: 'S' }[part[2] === 'Q' ? 'Q' : 'W'] : part[2];
  return `${letter}${part[3]} ${style === 'long' ? part[1] : (part[1] ?? '').slice(2)}`;
}

function formatDuration(ms: number, say: Words, number: (value: number, digits?: number) => string): string {
  const seconds = ms / 1000;
  if (seconds < 90) return say.duration.seconds(number(seconds));
  if (seconds < 90 * 60) return say.duration.minutes(number(seconds / 60));
  if (seconds < 48 * 3600) return say.duration.hours(number(seconds / 3600));
  return say.duration.days(number(seconds / 86_400));
}

function segmentName({ kind, id, name }: Segment, say: Words): string {
  if (kind === 'company') return say.kind.company;
  return id === '(none)' ? say.none : (name ?? id ?? textOf(say.kind, kind));
}
