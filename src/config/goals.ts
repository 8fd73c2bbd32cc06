import type { Goal } from '../model/goal.ts';
import type { Unit } from '../model/kpi.ts';
import type { CalendarRules } from '../model/period.ts';
import { nearestWord, suggest } from './did-you-mean.ts';
import { checkFit, type KpiTraits } from './goal-fit.ts';
import { type GoalInput, goalSchema } from './goal-schema.ts';
import { explainIssues, type Finding } from './issues.ts';
import { isRecord, type Path } from './paths.ts';
import type { Report } from './report.ts';
import { buildTargets } from './targets.ts';

export interface GoalContext {
  readonly folder: string;
  readonly rules: CalendarRules;
  readonly kpiUnit: (id: string) => Unit | null;
  /** Absent: goals are not held against their KPI. */
  readonly kpiTraits?: (id: string) => KpiTraits | null;
  readonly kpiIds: readonly string[];
  /** Kinds of segments, mapped dimensions included. */
  readonly segments: readonly string[];
  /** Whether the settings know working hours. */
  readonly hasBusinessHours: boolean;
  readonly report: Report;
}

const shapes = { atLeast: 'at_least', atMost: 'at_most', between: 'between' } as const;
const shapeKeys = ['atLeast', 'atMost', 'between'] as const;
type ShapeKey = (typeof shapeKeys)[number];

export async function buildGoals(raw: readonly unknown[], context: GoalContext): Promise<Goal[]> {
  const goals: Goal[] = [];
  const seen = new Map<string, number>();
  for (const [index, entry] of raw.entries()) {
    const goal = await buildGoal(entry, ['goals', index], context);
    if (!goal) continue;
    const twin = seen.get(goal.id);
    if (twin === undefined) seen.set(goal.id, index);
    else context.report.add(duplicate(goal.id, { index, twin }));
    goals.push(goal);
  }
  return goals;
}

async function buildGoal(raw: unknown, at: Path, context: GoalContext): Promise<Goal | null> {
  const { report } = context;
  if (!isRecord(raw)) {
    const fix = 'write - { kpi: win_rate, every: month, atLeast: 0.2 }.';
    report.add({ path: at, rule: 'must be a group of settings', fix, showsValue: true });
    return null;
  }
  const unit = typeof raw.kpi === 'string' && raw.kpi !== '' ? context.kpiUnit(raw.kpi) : null;
  if (unit === null && typeof raw.kpi === 'string')
    report.add(unknownKpi(raw.kpi, [...at, 'kpi'], context.kpiIds));
  const shape = findShape(raw, at, report);
  const parsed = goalSchema.safeParse(raw);
  report.add(...explainIssues(parsed.error?.issues ?? [], { schema: goalSchema, value: raw, at }));
  if (!parsed.success || unit === null || shape === null) return null;
  report.add(
    ...checkUse(parsed.data, unit, at),
    ...checkClock(parsed.data, context, at),
    ...checkSegments(parsed.data.segments ?? [], at, context.segments),
  );
  const promised = await buildTargets(parsed.data, { at, unit, spec: parsed.data[shape] }, context);
  if (!promised) return null;
  const kpi = context.kpiTraits?.(parsed.data.kpi) ?? null;
  if (kpi) report.add(...checkFit(parsed.data, { targets: promised.targets, shapeKey: shape, kpi }, at));
  return assemble(parsed.data, { ...promised, shape, unit });
}

function findShape(raw: Readonly<Record<string, unknown>>, at: Path, report: Report): ShapeKey | null {
  const given = shapeKeys.filter((key) => raw[key] !== undefined && raw[key] !== null);
  if (given.length === 1 && given[0]) return given[0];
  const rule = given.length === 0 ? 'promises nothing' : `promises ${given.join(' and ')} at once`;
  const fix = 'give it exactly one of atLeast: N, atMost: N and between: [LO, HI].';
  report.add({ path: at, rule, fix, showsValue: false });
  return null;
}

interface GoalParts {
  readonly targets: Goal['targets'];
  readonly segments: readonly string[];
  readonly shape: ShapeKey;
  readonly unit: Unit;
}

function assemble(input: GoalInput, { targets, segments, shape, unit }: GoalParts): Goal {
  const statistic = input.statistic ?? 'p50';
  const clock = input.clock ?? 'calendar';
  const { kpi, every, baseline } = input;
  const ownId = unit === 'hours' ? `${kpi}.${every}.${statistic}.${clock}` : `${kpi}.${every}`;
  return {
    id: input.id ?? ownId,
    kpi,
    every,
    shape: shapes[shape],
    targets,
    weight: input.weight,
    segments,
    baseline: 'periods' in baseline ? { kind: 'auto', ...baseline } : { kind: 'fixed', ...baseline },
    warnTolerance: input.warnTolerance,
    exceedTolerance: input.exceedTolerance,
    minN: input.minN,
    statistic,
    clock,
    pacing: input.pacing,
    ...(input.ramp && { ramp: input.ramp }),
    ...(input.newHires && { newHires: input.newHires }),
    accountable: input.accountable ?? null,
    reason: input.reason ?? null,
  };
}

function checkUse(input: GoalInput, unit: Unit, at: Path): Finding[] {
  const eased: Finding[] =
    input.newHires && input.atLeast === undefined
      ? [
          {
            path: [...at, 'newHires'],
            rule: 'eases what is promised at least',
            fix: 'use it with atLeast, or delete it.',
            showsValue: false,
          },
        ]
      : [];
  if (unit === 'hours') return eased;
  if (unit === 'months' && input.clock === undefined) return eased;
  const given = (['statistic', 'clock'] as const).filter((key) => input[key] !== undefined);
  return [
    ...eased,
    ...given.map((key) => ({
      path: [...at, key],
      rule: `is for durations, and ${input.kpi} is none`,
      fix: 'delete it.',
      showsValue: false,
    })),
  ];
}

/** A goal by working hours that nobody has told would be judged by something else. */
function checkClock({ clock }: GoalInput, { hasBusinessHours }: GoalContext, at: Path): Finding[] {
  if (clock !== 'business' || hasBusinessHours) return [];
  const fix =
    'add businessHours: { from: "09:00", to: "18:00", holidays: holidays.csv } to the file, or use clock: calendar.';
  const rule = 'needs working hours, and the settings have none';
  return [{ path: [...at, 'clock'], rule, fix, showsValue: true }];
}

export function checkSegments(segments: readonly string[], at: Path, known: readonly string[]): Finding[] {
  const findings: Finding[] = [];
  for (const [index, segment] of segments.entries()) {
    if (known.includes(segment)) continue;
    const path = [...at, 'segments', index];
    findings.push({
      path,
      rule: 'which is no kind of segment',
      fix: suggest(segment, known),
      showsValue: true,
    });
  }
  return findings;
}

export function unknownKpi(id: string, path: Path, known: readonly string[]): Finding {
  const nearest = nearestWord(id, known);
  const list = `known KPIs: ${known.toSorted().join(', ')}.`;
  const fix = nearest === null ? list : `did you mean ${nearest}? ${list}`;
  return { path, rule: 'which is no KPI', fix, showsValue: true };
}

function duplicate(id: string, { index, twin }: { readonly index: number; readonly twin: number }): Finding {
  return {
    path: ['goals', index],
    rule: `has the same id as goals[${twin}]: ${id}`,
    fix: 'give one of them an id of its own, such as id: stretch, or delete one.',
    showsValue: false,
  };
}
