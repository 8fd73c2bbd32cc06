import { basename } from 'node:path';
import { type Document, LineCounter, parseDocument } from 'yaml';
import * as z from 'zod';
import { readText } from '../../evaluate/file-text.ts';
import { entityTables, type TableName } from '../../model/entities.ts';
import { RunError } from '../../model/errors.ts';

const Row = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
  .refine(({ id }) => id !== undefined && id !== null, 'each row must have an id');
const Instant = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), 'must be an instant, as 2026-02-20T12:00:00Z');
const TimeZone = z.string().refine(isZone, 'must be a time zone, as Europe/Madrid');
export const tableNames = Object.keys(entityTables) as TableName[];
const Tables = z.partialRecord(z.enum(tableNames), z.array(Row));

/** One case: what the CRM holds, and the result that must come of it. */
const Case = z.strictObject({
  it: z.string(),
  timeZone: TimeZone.default('Europe/Madrid'),
  currency: z.string().default('EUR'),
  asOf: Instant.default('2026-02-20T12:00:00Z'),
  syncedAt: Instant.default('2030-01-01T00:00:00Z'),
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
  const found = readText(file);
  if ('problem' in found) throw refusal(basename(file), `the file ${found.problem.message}`);
  const counter = new LineCounter();
  const document = parseDocument(found.text, { lineCounter: counter });
  const [broken] = document.errors;
  if (broken) throw refusal(`${basename(file)}:${counter.linePos(broken.pos[0]).line}`, 'it is not YAML');
  const parsed = z.array(Case).safeParse(valuesOf(document, file) ?? []);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const [place, ...path] = issue?.path ?? [];
  if (place === undefined) throw refusal(basename(file), 'it is no list of cases');
  const name = path.join('.');
  throw refusal(
    `${basename(file)}, case ${Number(place) + 1}`,
    `${name === '' ? '' : `${name}: `}${issue?.message ?? ''}`,
  );
}

/** An alias of nothing is found only when it is followed. */
function valuesOf(document: Document.Parsed, file: string): unknown {
  try {
    return document.toJS();
  } catch {
    throw refusal(basename(file), 'an alias (*) in it cannot be followed');
  }
}

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== null;
  } catch {
    return false;
  }
}

function refusal(where: string, message: string): RunError {
  return new RunError('config', {
    where,
    message: `The cases cannot be read: ${message}.`,
    fix: 'A case has it, rows and expect; `crm-kpi kpi new NAME` writes a file of cases that works.',
  });
}
