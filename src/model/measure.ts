import type { DurationClock } from './goal.ts';
import type { Segment } from './result.ts';

/** Local days, the second exclusive. */
export interface Span {
  readonly from: string;
  readonly to: string;
}

/**
 * What can be said of two figures of a KPI. `proportion`: whole records of records. `duration`: each one is known.
 * `points`: a mean of answers. `count`: events in a time. `series`: only earlier windows tell what is usual (money,
 * states at an instant).
 */
export type FigureKind = 'proportion' | 'duration' | 'points' | 'count' | 'series';

/** A KPI over any span of days. Money in minor units, durations in the KPI's unit. */
export interface Measured {
  readonly num: number | null;
  readonly den: number | null;
  readonly value: number | null;
  readonly n: number;
  readonly nMissing: number;
  /** Of durations each one that has ended, in order. */
  readonly values: Float64Array;
  /** Of durations each one that goes on, with its length so far, in order. */
  readonly open: Float64Array;
  /** Sum of the squares of num, for the spread of points. */
  readonly squares: number;
  readonly flags: readonly string[];
}

/** A part of a span's figure: the facts of one segment of another kind. */
export interface Stratum {
  readonly segment: Segment;
  readonly figure: Measured;
}

export interface SpanFigures {
  readonly span: Span;
  readonly whole: Measured;
  readonly strata: readonly Stratum[];
}

export interface MeasureRequest {
  readonly kpi: string;
  readonly segment: Pick<Segment, 'kind' | 'id' | 'source'>;
  readonly spans: readonly Span[];
  /** Kind of segments by which each figure is split as well. */
  readonly strata?: string;
  /** What durations are measured by; else the calendar. */
  readonly clock?: DurationClock;
}

export interface MeasureAnswer {
  readonly kind: FigureKind;
  /** In the order of the request. */
  readonly spans: readonly SpanFigures[];
}

/** Computes a KPI over arbitrary days; null where no connection delivers what it needs. */
export type Measure = (request: MeasureRequest) => Promise<MeasureAnswer | null>;
