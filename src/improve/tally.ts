import type { SqlValue, TableName } from '../model/entities.ts';
import type { FindingRecord } from '../model/finding.ts';
import type { Bench } from './bench.ts';
import type { TeamCount } from './detector.ts';

const recordsKept = 20;

/** One record of the population that a detector looks at. */
export interface Case {
  readonly source: string;
  readonly id: string;
  readonly owner: string | null;
  readonly bad: boolean;
  /** What makes it bad, in the detector's unit: the larger the worse. */
  readonly measure: number | null;
}

/** Columns of a population query begin with source_id, id, owner_id. */
export function caseOf([source, id, owner]: readonly SqlValue[], bad: boolean, measure: number | null): Case {
  return { source: String(source), id: String(id), owner: textOf(owner), bad, measure };
}

export function textOf(value: SqlValue | undefined): string | null {
  return value === null || value === undefined || value === '' ? null : String(value);
}

export function numberOf(value: SqlValue | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}

/** Counts records as they pass and keeps the worst, so that millions of them take no memory. */
export interface Tally {
  add(one: Case): void;
  /** A whole group of one owner at once. */
  addCounts(
    source: string,
    owner: string | null,
    counts: { readonly num: number; readonly den: number },
  ): void;
  readonly num: number;
  readonly den: number;
  readonly share: number;
  records(): readonly FindingRecord[];
  teams(): readonly TeamCount[];
}

export function createTally({ teamOf }: Pick<Bench, 'teamOf'>, table: TableName): Tally {
  let num = 0;
  let den = 0;
  const worst: FindingRecord[] = [];
  const teams = new Map<
    string,
    { source: string; id: string; name: string | null; num: number; den: number }
  >();

  function addCounts(source: string, owner: string | null, counts: { num: number; den: number }): void {
    num += counts.num;
    den += counts.den;
    const team = teamOf(source, owner);
    if (!team) return;
    const key = `${source}\n${team.id}`;
    const known = teams.get(key) ?? { source, id: team.id, name: team.name, num: 0, den: 0 };
    teams.set(key, known);
    known.num += counts.num;
    known.den += counts.den;
  }

  return {
    add({ source, id, owner, bad, measure }) {
      addCounts(source, owner, { num: bad ? 1 : 0, den: 1 });
      if (!bad) return;
      worst.push({ source, table, id, measure });
      if (worst.length >= 50 * recordsKept) keepWorst(worst);
    },
    addCounts,
    get num() {
      return num;
    },
    get den() {
      return den;
    },
    get share() {
      return den === 0 ? 0 : num / den;
    },
    records: () => keepWorst(worst),
    teams: () =>
      [...teams.values()].sort((a, b) => (`${a.source}\n${a.id}` < `${b.source}\n${b.id}` ? -1 : 1)),
  };
}

function keepWorst(records: FindingRecord[]): readonly FindingRecord[] {
  records.sort(byMeasure);
  records.length = Math.min(records.length, recordsKept);
  return [...records];
}

function byMeasure(a: FindingRecord, b: FindingRecord): number {
  const [first, second] = [a.measure ?? Number.NEGATIVE_INFINITY, b.measure ?? Number.NEGATIVE_INFINITY];
  if (first !== second) return second - first;
  return `${a.source}\n${a.id}` < `${b.source}\n${b.id}` ? -1 : 1;
}
