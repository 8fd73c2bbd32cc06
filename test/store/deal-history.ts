import { type LooseRow, openTempStore, type TempStore } from './temp-store.ts';

export const stages: readonly LooseRow[] = [
  stage('new', 0, 0),
  stage('offer', 0, 0),
  stage('won', 1, 1),
  stage('lost', 1, 0),
];

export function stage(key: string, closed: number, won: number): LooseRow {
  return { id: key, object: 'deal', pipeline: 'p', key, is_closed: closed, is_won: won };
}

export const january = (day: number): number => Date.UTC(2026, 0, day, 9);
const dayOf = (instant: unknown) =>
  instant === null ? null : new Date(Number(instant)).toISOString().slice(5, 10);

export function deal(row: LooseRow = {}): LooseRow {
  const open = { id: 'd', pipeline: 'p', stage: 'new', outcome: 'open', amount_minor: 100, currency: 'EUR' };
  return {
    ...open,
    owner_id: 'ann',
    created_at: january(5),
    updated_at: january(5),
    closed_at: null,
    ...row,
  };
}

export function change(day: number, field: string, to: string | null, from: string | null = null): LooseRow {
  const id = `${day}:${field}:${to}`;
  return { id, object: 'deal', record_id: 'd', field, at: january(day), from_value: from, to_value: to };
}

/** [from, to, outcome, stage, inferred] and, where asked for, one more column. */
export function states({ sql }: TempStore, column?: string) {
  const rows = sql(
    `SELECT from_at, to_at, outcome, stage, inferred, ${column ?? 'NULL'} AS more FROM deal_state ORDER BY id, from_at`,
  );
  return rows.map((row) => [
    dayOf(row.from_at),
    dayOf(row.to_at),
    row.outcome,
    row.stage,
    row.inferred,
    ...(column ? [row.more] : []),
  ]);
}

export async function derive(record: LooseRow, changes: readonly LooseRow[] = []): Promise<TempStore> {
  const temp = await openTempStore();
  await temp.fill({ stage: stages, deal: [record], change: changes });
  return temp;
}
