/** One line of the table: what was measured, against what, in the same run. */
export interface Figure {
  readonly what: string;
  readonly ours: string;
  /** The limit or alternative and its figure; null: stands alone. */
  readonly against: string | null;
  readonly ratio: number | null;
  /** `<= 1.5`; null: told, not judged. */
  readonly goal: string | null;
  readonly met: boolean | null;
}

/** One group of the table. */
export interface Bench {
  readonly name: string;
  readonly about: string;
  /** What a profile (`node --cpu-prof`) shows; told where a goal is missed. */
  readonly profile?: string;
  run(env: BenchEnv): AsyncIterable<Figure>;
}

export interface BenchEnv {
  /** Empty, and removed at the end. */
  readonly folder: string;
  /** How many times each thing is timed; the median counts. */
  readonly runs: number;
  /** A size: `--deals 1000000`, else the default. */
  readonly size: (name: string, byDefault: number) => number;
  /** For the person who waits. */
  readonly tell: (line: string) => void;
  /** Rows against time and memory, for the plot. */
  readonly points: ScalePoint[];
}

export interface ScalePoint {
  readonly rows: number;
  readonly seconds: number;
  readonly limitSeconds: number;
  readonly memoryMb: number;
}

export function atMost(figure: Omit<Figure, 'goal' | 'met'>, limit: number): Figure {
  const { ratio } = figure;
  return { ...figure, goal: `<= ${limit}`, met: ratio === null ? null : ratio <= limit };
}

export function atLeast(figure: Omit<Figure, 'goal' | 'met'>, limit: number): Figure {
  const { ratio } = figure;
  return { ...figure, goal: `>= ${limit}`, met: ratio === null ? null : ratio >= limit };
}

export const told = (what: string, ours: string, against: string | null = null): Figure => ({
  ...{ what, ours, against, ratio: null, goal: null, met: null },
});

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

export const whole = (number: number): string => number.toLocaleString('en-US', { maximumFractionDigits: 0 });

export function timeOf(ms: number): string {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  return ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}
