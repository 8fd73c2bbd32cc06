import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import * as z from 'zod';
import { entityTables, type TableName } from '../../model/entities.ts';
import { RunError } from '../../model/errors.ts';

const Row = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
export const tableNames = Object.keys(entityTables) as TableName[];
const Tables = z.partialRecord(z.enum(tableNames), z.array(Row));

/** One case: what the CRM holds, and the result that must come of it. */
const Case = z.strictObject({
  it: z.string(),
  timeZone: z.string().default('Europe/Madrid'),
  currency: z.string().default('EUR'),
  asOf: z.string().default('2026-02-20T12:00:00Z'),
  syncedAt: z.string().default('2030-01-01T00:00:00Z'),
  period: z.string().default('2026-01'),
  segment: z.string().default('company'),
  rows: Tables,
  /** Rows of further connections. */
  others: z.record(z.string(), Tables).default({}),
  deleted: z.partialRecord(z.enum(tableNames), z.array(z.string())).default({}),
  merged: z.partialRecord(z.enum(tableNames), z.record(z.string(), z.string())).default({}),
  memberships: z
    .array(
      z.strictObject({
        actorId: z.string(),
        teams: z.array(z.strictObject({ teamId: z.string(), primary: z.boolean() })),
      }),
    )
    .default([]),
  /** Fields of the result; null: there is no such result. */
  expect: z.record(z.string(), z.unknown()).nullable(),
});
export type KpiCase = z.output<typeof Case>;

export function readCases(file: string): readonly KpiCase[] {
  const counter = new LineCounter();
  const document = parseDocument(readFileSync(file, 'utf8'), { lineCounter: counter });
  const [broken] = document.errors;
  if (broken) throw refusal(`${basename(file)}:${counter.linePos(broken.pos[0]).line}`, 'is not YAML');
  const parsed = z.array(Case).safeParse(document.toJS() ?? []);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const [place = 0, ...path] = issue?.path ?? [];
  throw refusal(`${basename(file)}, case ${Number(place) + 1}`, `${path.join('.')}: ${issue?.message ?? ''}`);
}

function refusal(where: string, message: string): RunError {
  return new RunError('config', {
    where,
    message: `The cases cannot be read: ${message}.`,
    fix: 'A case has it, rows and expect; `crm-kpi kpi new NAME` writes a file of cases that works.',
  });
}
