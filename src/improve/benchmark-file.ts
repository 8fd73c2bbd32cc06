import { readFile } from 'node:fs/promises';
import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { RunError } from '../model/errors.ts';
import type { Labels } from '../model/kpi.ts';
import { type Benchmark, comparabilities } from './benchmarks.ts';

const labels = z.union([z.string(), z.strictObject({ en: z.string(), es: z.string() })]);
const date = z.string().regex(/^\d{4}-\d\d-\d\d$/, 'must be a date as 2026-10-31');

const benchmark = z
  .strictObject({
    kpi: z.string(),
    value: z.number().optional(),
    low: z.number().optional(),
    high: z.number().optional(),
    statistic: z.string().optional(),
    segment: labels.default(''),
    source: z.string().min(1, 'must say where the figure comes from'),
    measured: date.optional(),
    published: date.optional(),
    note: labels.optional(),
    comparability: z.enum(comparabilities),
  })
  .refine(
    ({ value, low, high }) =>
      value === undefined
        ? low !== undefined && high !== undefined && low <= high
        : low === undefined && high === undefined,
    {
      message: 'must have value, or low and high',
    },
  );

/** Figures of a file; `kpiIds`: those that they may speak of. */
export async function readBenchmarks(
  path: string,
  { kpiIds, from }: { readonly kpiIds: readonly string[]; readonly from: Benchmark['from'] },
): Promise<readonly Benchmark[]> {
  const parsed = z.array(benchmark).safeParse(await readYaml(path));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const place = issue?.path.length ? ` ${issue.path.join('.')}` : '';
    throw fileError(`${path}${place}`, `${issue?.message ?? 'It is no list of benchmarks'}.`);
  }
  return parsed.data.map((one, place): Benchmark => {
    if (!kpiIds.includes(one.kpi))
      throw fileError(`${path} ${place}.kpi`, `There is no KPI called ${one.kpi}.`);
    return {
      kpi: one.kpi,
      low: one.value ?? one.low ?? 0,
      high: one.value ?? one.high ?? 0,
      statistic: one.statistic ?? null,
      segment: toLabels(one.segment),
      source: one.source,
      measuredOn: one.measured ?? null,
      publishedOn: one.published ?? null,
      note: one.note === undefined ? null : toLabels(one.note),
      comparability: one.comparability,
      from,
    };
  });
}

export async function readYaml(path: string): Promise<unknown> {
  try {
    return parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (error instanceof YAMLParseError)
      throw fileError(path, `It is no YAML: ${error.message.split('\n')[0] ?? ''}`);
    throw error;
  }
}

function toLabels(text: string | Labels): Labels {
  return typeof text === 'string' ? { en: text, es: text } : text;
}

function fileError(where: string, message: string): RunError {
  return new RunError('config', {
    where,
    message,
    fix: 'Correct the file; config/benchmarks.yaml of the program is a model.',
  });
}
