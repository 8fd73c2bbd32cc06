import type { TableName } from './entities.ts';

export type Unit = 'ratio' | 'money' | 'hours' | 'count' | 'points' | 'months';
export type Direction = 'higher' | 'lower' | 'range';
/** flow: event in the period. snapshot: state at one instant, never summed. cohort: population by start date, mature members only. */
export type KpiKind = 'flow' | 'snapshot' | 'cohort';
export type Language = 'en' | 'es';
export type Labels = Readonly<Record<Language, string>>;

export const segmentKinds = [
  'company',
  'connection',
  'team',
  'owner',
  'pipeline',
  'category',
  'case_category',
  'campaign',
  'priority',
  'channel',
  'source',
  'type',
  'stage',
] as const;

/** Records whose changes can be followed one by one. */
export const recordKinds = [
  'deal',
  'ticket',
  'activity',
  'lead',
  'account',
  'email_stat',
  'survey_answer',
] as const;
export type RecordKind = (typeof recordKinds)[number];

/** Arithmetic over `kpi.num`, `kpi.den` and `kpi.value`, as the file has it. */
export interface Derivation {
  readonly num: string;
  readonly den: string | null;
  /** Ids of the KPIs that it names. */
  readonly inputs: readonly string[];
}

/** One KPI: the header of its file and its facts query. */
export interface Kpi {
  readonly id: string;
  readonly label: Labels;
  readonly description: Labels;
  readonly domain: string;
  readonly unit: Unit;
  readonly better: Direction;
  readonly kind: KpiKind;
  /** Segment kinds that make sense beside company and connection. */
  readonly dimensions: readonly string[];
  /** Tables without which there is no value. */
  readonly needs: readonly TableName[];
  /** Which measures are money, converted per record. */
  readonly money: readonly ('num' | 'den')[];
  /** `within`: an event later than this does not count; durations in ms. */
  readonly withinMs: number | null;
  /** A member counts only once it has been observed this long. */
  readonly maturesMs: number | null;
  /** Rolling: a period's figure is of so many local days before its end. */
  readonly windowDays?: number | null;
  /** `cost`: no value unless every day of the period has a cost. */
  readonly complete?: 'cost' | null;
  /** Its rows were noted at the time: nothing about the past is concluded. */
  readonly captured?: boolean;
  /** Each fact follows from the records of one of these alone. */
  readonly per?: RecordKind | null;
  /** Of a mean of money: its median and 90 % quantile are kept beside it. */
  readonly quantiles?: boolean;
  /** Columns, one of which must be filled somewhere: where none is, there is no value. */
  readonly inputs?: readonly string[];
  /** It rests on what people entered by judgement: results say so. */
  readonly estimate?: boolean;
  /** Computed from other KPIs' sums instead of a query; `sql` is empty then. */
  readonly derive?: Derivation | null;
  /** Facts query: one SELECT or WITH. */
  readonly sql: string;
  /** Changes whenever header or query change: 8 hex digits. */
  readonly version: string;
  /** File and its place, for messages. */
  readonly file: string;
}
