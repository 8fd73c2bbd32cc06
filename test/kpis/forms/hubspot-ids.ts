import type { CaseRow, FormCase, Link } from './form.ts';

export type Files = Record<string, object[]>;

/** Records have numbers; equal ids of different tables may share theirs. */
export function numberOf(id: string): number {
  return Number.parseInt(Buffer.from(id).toString('hex').slice(-12), 16) % 2_000_000_000;
}

/** What pointed to a record that was merged away points to the one that survived. */
export function createLink({ merged }: FormCase): Link {
  return (table, id) =>
    id === null || id === undefined ? null : String(numberOf(merged[table]?.[String(id)] ?? String(id)));
}

export const fieldOf = (column: string) => `own_${column}`;
export const objectOf = (table: string) => `own_${table}`;

export function add(files: Files, object: string, record: object): void {
  files[object] = [...(files[object] ?? []), record];
}

export type Teller = (row: CaseRow, at: { readonly one: FormCase; readonly link: Link }) => object;
