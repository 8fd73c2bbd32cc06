import type { SqlValue } from '../model/entities.ts';
import type { FactStore } from '../model/fact-store.ts';
import type { Kpi } from '../model/kpi.ts';
import { currencyExponent } from '../model/money.ts';
import type { CalendarRules, Grain } from '../model/period.ts';
import { addDays, type Zone } from '../model/zone.ts';
import { isListed, periodOf } from './periods.ts';
import type { Rates } from './rates.ts';
import type { ListedTarget } from './roll-up.ts';

/** A quota or goal as it stands in a CRM. */
interface Quota {
  readonly source: string;
  readonly actor: { readonly source: string; readonly id: string } | null;
  /** Entered for a team, or for nobody: the company. */
  readonly team: string | null;
  readonly amountMinor: number | null;
  readonly value: number | null;
  readonly currency: string | null;
  readonly fromOn: string;
  /** Null: told by its first day alone. */
  readonly toOn: string | null;
  readonly purpose: string | null;
}

export interface QuotaContext {
  readonly store: Pick<FactStore, 'rows'>;
  readonly rates: Rates;
  readonly rules: CalendarRules;
  readonly zone: Zone;
  readonly currency: string;
  readonly catalog: ReadonlyMap<string, Kpi>;
}

/** Promises that CRMs keep, as targets of a KPI in the periods of a grain. */
export type QuotaTargets = (kpi: Kpi, grain: Grain) => readonly ListedTarget[];

const sql = `select e.source_id, e.actor_id, a.source_id as actor_source, a.id as actor, e.team_id, e.amount_minor, e.value,
    e.currency, coalesce(e.from_on, e.day) as from_on, e.to_on, e.purpose, e.id
  from entry e left join actor a on a.id = e.actor_id or lower(a.email) = lower(e.actor_id)
  where e.kind = 'quota' and coalesce(e.from_on, e.day) is not null
  order by e.source_id, e.id, a.source_id, a.id`;

export async function loadQuotas(context: QuotaContext): Promise<QuotaTargets> {
  const quotas: Quota[] = [];
  const seen = new Set<string>();
  for await (const rows of context.store.rows({ sql, params: {} })) {
    for (const row of rows) {
      // Somebody may stand in several CRMs: an entry counts once in each, and never twice in one.
      const key = `${row[0]}\n${row[11]}\n${row[2] ?? ''}`;
      if (!seen.has(key)) quotas.push(readQuota(row));
      seen.add(key);
    }
  }
  const made = new Map<string, readonly ListedTarget[]>();
  return (kpi, grain) => {
    const key = `${kpi.id} ${grain}`;
    const known = made.get(key) ?? toTargets(quotas, context, { kpi, grain });
    made.set(key, known);
    return known;
  };
}

function readQuota(row: readonly SqlValue[]): Quota {
  const text = (place: number) => (typeof row[place] === 'string' ? String(row[place]) : null);
  const number = (place: number) => (typeof row[place] === 'number' ? Number(row[place]) : null);
  const [actorSource, actor] = [text(2), text(3)];
  return {
    source: String(row[0]),
    actor:
      actorSource !== null && actor !== null
        ? { source: actorSource, id: actor }
        : row[1] === null
          ? null
          : { source: String(row[0]), id: String(row[1]) },
    team: text(4),
    amountMinor: number(5),
    value: number(6),
    currency: text(7),
    fromOn: String(row[8]),
    toOn: text(9),
    purpose: text(10),
  };
}

/** Rows of one segment and period are added up; those for whom nothing was entered follow from their parts. */
function toTargets(
  quotas: readonly Quota[],
  context: QuotaContext,
  { kpi, grain }: { readonly kpi: Kpi; readonly grain: Grain },
): readonly ListedTarget[] {
  const sums = new Map<string, { row: Omit<ListedTarget, 'target'>; target: number }>();
  const add = (row: Omit<ListedTarget, 'target'>, target: number) => {
    const key = `${row.segmentKind}\n${row.segmentId}\n${row.period}`;
    const known = sums.get(key);
    if (known) known.target += target;
    else sums.set(key, { row, target });
  };
  for (const quota of quotas) {
    const target = targetOf(quota, context, kpi);
    // Of years that one's own table of periods leaves out nothing is asked.
    const period = isListed(context.rules, grain, quota.fromOn)
      ? periodOf(context.rules, context.zone, grain, quota.fromOn)
      : null;
    const fits =
      period?.startOn === quota.fromOn &&
      (quota.toOn ?? addDays(period.endOn, -1)) === addDays(period.endOn, -1);
    if (target === null || !period || !fits) continue;
    const at = period.label;
    const { actor, team } = quota;
    if (actor) add({ period: at, segmentKind: 'owner', segmentId: actor.id }, target);
    else if (team !== null) add({ period: at, segmentKind: 'team', segmentId: team }, target);
    else add({ period: at, segmentKind: 'company', segmentId: '' }, target);
  }
  return [...sums.values()].map(({ row, target }) => ({ ...row, target }));
}

/** In major units; null where the quota is of something else: another KPI, or no money for a KPI of money. */
function targetOf(quota: Quota, { rates, catalog, currency }: QuotaContext, kpi: Kpi): number | null {
  if (quota.purpose !== null && quota.purpose !== kpi.id && catalog.has(quota.purpose)) return null;
  if (kpi.unit !== 'money') return quota.amountMinor === null ? quota.value : null;
  if (quota.amountMinor === null) return null;
  const { source } = quota;
  const minor = rates.convert(quota.amountMinor, {
    source,
    currency: quota.currency,
    dayOf: () => quota.fromOn,
  });
  return minor === null ? null : minor / 10 ** currencyExponent(currency);
}
