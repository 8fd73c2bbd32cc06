import { resolve } from 'node:path';
import type { GoalTargets, TargetValue } from '../model/goal.ts';
import type { Unit } from '../model/kpi.ts';
import type { CalendarRules, Grain } from '../model/period.ts';
import type { GoalInput } from './goal-schema.ts';
import type { GoalContext } from './goals.ts';
import { labelExamples, labelsWithin } from './labels.ts';
import type { Path } from './paths.ts';
import { readTableFile } from './table-file.ts';

type Spec = NonNullable<GoalInput['atLeast'] | GoalInput['between']>;
type Row = Extract<GoalTargets, { kind: 'list' }>['rows'][number];

export interface Promised {
  readonly targets: GoalTargets;
  readonly segments: readonly string[];
}

interface TargetPlace {
  readonly at: Path;
  readonly unit: Unit;
  readonly spec: Spec | undefined;
}

const everyPeriod = '*';
const everyId = '*';

/** What a goal promises, and for which segments; null after telling what is wrong. */
export async function buildTargets(
  input: GoalInput,
  place: TargetPlace,
  context: GoalContext,
): Promise<Promised | null> {
  const { spec } = place;
  const given = { segments: input.segments ?? ['company'] };
  if (spec === undefined) return null;
  if (input.by) return buildBySegment({ ...input, by: input.by }, { ...place, spec }, context);
  if (typeof spec === 'number' || isRange(spec))
    return { targets: { kind: 'constant', value: spec }, ...given };
  if (isFile(spec)) return buildFromFile(input, { ...place, file: spec.file }, context);
  if (isFromQuotas(spec)) {
    const segments = input.segments ?? ['company', 'team', 'owner'];
    const rule = 'takes quotas as targets, which only counts and sums have';
    return addsUp(place.unit) ? { targets: { kind: 'quotas' }, segments } : onlySums(place, context, rule);
  }
  if (isYearly(spec))
    return addsUp(place.unit)
      ? { targets: { kind: 'yearly', ...spec }, ...given }
      : onlySums(place, context, 'spreads a year over its periods, which only counts and sums allow');
  const values = expandPeriods<TargetValue>(input, { ...place, values: spec }, context);
  return { targets: { kind: 'by_period', values: Object.fromEntries(values) }, ...given };
}

/** Counts and sums: a part of the company has a part of its target, and a month a part of its quarter's. */
function addsUp(unit: Unit): boolean {
  return unit === 'count' || unit === 'money';
}

function isRange(spec: Spec): spec is { lo: number; hi: number } {
  return typeof spec === 'object' && typeof Object(spec).lo === 'number';
}

function isFile(spec: object): spec is { file: string } {
  return 'file' in spec && typeof spec.file === 'string';
}

function isFromQuotas(spec: object): spec is { from: 'quotas' } {
  return 'from' in spec && spec.from === 'quotas';
}

function isYearly(spec: object): spec is { year: number; spread: 'even' | 'business_days' } {
  return 'spread' in spec && 'year' in spec;
}

function onlySums({ at }: TargetPlace, { report }: GoalContext, rule: string): null {
  const fix = 'give the level itself, or levels by period.';
  report.add({
    path: at,
    rule,
    fix,
    showsValue: false,
  });
  return null;
}

interface ByPeriod<T> {
  readonly at: Path;
  readonly unit: Unit;
  readonly values: Readonly<Record<string, T>>;
}

/** Targets by label of the goal's own period; a level promised for a quarter or a year holds in each of its months. */
function expandPeriods<T>(
  { every }: GoalInput,
  { at, unit, values }: ByPeriod<T>,
  { rules, report }: GoalContext,
): Map<string, T> {
  const targets = new Map<string, T>();
  const finestLast = Object.entries(values).toSorted(([a], [b]) => a.length - b.length);
  for (const [label, value] of finestLast) {
    const labels = labelsFor(label, every, { unit, rules });
    if (labels === null) {
      const fix = `name periods like ${labelExamples[every]}, as the goal is for every ${every}.`;
      report.add({
        path: at,
        rule: `has a target for ${label}, which is no ${every}`,
        fix,
        showsValue: false,
      });
    }
    for (const each of labels ?? []) targets.set(each, value);
  }
  return targets;
}

/** `by`: targets of single segments beside the company's. */
function buildBySegment(
  input: GoalInput & { readonly by: NonNullable<GoalInput['by']> },
  place: TargetPlace & { readonly spec: Spec },
  context: GoalContext,
): Promised | null {
  const { at, unit, spec } = place;
  const isPlain =
    typeof spec === 'number' || (!isRange(spec) && !isFile(spec) && !isYearly(spec) && !isFromQuotas(spec));
  if (!isPlain) {
    const fix = 'give atLeast or atMost as a number or by period, or put all targets into a file.';
    context.report.add({
      path: [...at, 'by'],
      rule: 'does not go together with this target',
      fix,
      showsValue: false,
    });
    return null;
  }
  const rowsFor = (segmentKind: string, segmentId: string, target: unknown, path: Path) =>
    periodRows(input, { at: path, unit, target }, context).map((row) => ({ ...row, segmentKind, segmentId }));
  const rows: Row[] = [];
  for (const [kind, ids] of Object.entries(input.by)) {
    checkKind(kind, [...at, 'by', kind], context);
    for (const [id, target] of Object.entries(ids))
      rows.push(...rowsFor(kind, id, target, [...at, 'by', kind, id]));
  }
  rows.push(...rowsFor('company', '', spec, at));
  const segments = input.segments ?? ['company', ...Object.keys(input.by)];
  // A level holds for all others of a kind as well; parts of a sum do not follow from the whole.
  const others = addsUp(unit) ? [] : segments.filter((kind) => kind !== 'company');
  for (const kind of others) rows.push(...rowsFor(kind, everyId, spec, at));
  return { targets: { kind: 'list', rows }, segments };
}

function periodRows(
  input: GoalInput,
  { at, unit, target }: { readonly at: Path; readonly unit: Unit; readonly target: unknown },
  context: GoalContext,
): { period: string; target: number }[] {
  if (typeof target === 'number') return [{ period: everyPeriod, target }];
  const values: Record<string, number> = {};
  for (const [label, value] of Object.entries(Object(target)))
    if (typeof value === 'number') values[label] = value;
  const expanded = expandPeriods(input, { at, unit, values }, context);
  return [...expanded].map(([period, value]) => ({ period, target: value }));
}

function checkKind(kind: string, path: Path, { report, segments }: GoalContext): void {
  if (segments.includes(kind)) return;
  const fix = `use one of: ${segments.join(', ')}.`;
  report.add({ path, rule: 'is no kind of segment', fix, showsValue: false });
}

const quotaColumns = ['period', 'kind', 'id', 'target'];

async function buildFromFile(
  input: GoalInput,
  { at, unit, file }: { readonly at: Path; readonly unit: Unit; readonly file: string },
  context: GoalContext,
): Promise<Promised | null> {
  const found = await readTableFile(resolve(context.folder, file), quotaColumns);
  if ('rule' in found) {
    const path = [...at, input.atLeast === undefined ? 'atMost' : 'atLeast', 'file'];
    context.report.add({ path, ...found, showsValue: true });
    return null;
  }
  const rows: Row[] = [];
  for (const { line, cells } of found.rows) {
    const { period = '', kind: segmentKind = '', id = '', target = '' } = cells;
    const labels =
      period === '' || period === everyPeriod
        ? [everyPeriod]
        : labelsFor(period, input.every, { unit, rules: context.rules });
    const rule = quotaRule({ ...cells, labels }, input, context);
    if (rule !== null) {
      const fix = `write lines such as ${labelExamples[input.every]},team,00G5e0001,120000; company has an empty id.`;
      context.report.addProblem({ file, line, path: '', value: null, rule, fix });
      continue;
    }
    const segmentId = segmentKind === 'company' ? '' : id;
    for (const label of labels ?? [])
      rows.push({ period: label, segmentKind, segmentId, target: Number(target) });
  }
  const kinds = [...new Set(rows.map(({ segmentKind }) => segmentKind))];
  return {
    targets: { kind: 'list', rows },
    segments: input.segments ?? (kinds.length > 0 ? kinds : ['company']),
  };
}

function labelsFor(
  label: string,
  every: Grain,
  { unit, rules }: { readonly unit: Unit; readonly rules: CalendarRules },
): string[] | null {
  const labels = labelsWithin(rules, label, every);
  return addsUp(unit) && labels?.[0] !== label ? null : labels;
}

function quotaRule(
  cells: Readonly<Record<string, unknown>>,
  { every }: GoalInput,
  { segments }: GoalContext,
): string | null {
  if (cells.labels === null) return `has a target for ${cells.period}, which is no ${every}`;
  if (!segments.includes(String(cells.kind))) return `names no kind of segment: ${cells.kind || 'empty'}`;
  if (cells.kind !== 'company' && !cells.id) return 'has no id';
  return /^-?\d+(\.\d+)?$/.test(String(cells.target))
    ? null
    : 'has a target that is no number (decimal point, no separators)';
}
