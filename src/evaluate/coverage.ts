import type { TableName } from '../model/entities.ts';
import { entrySource } from '../model/entry.ts';
import type { SourceInfo } from '../model/fact-store.ts';
import type { Kpi } from '../model/kpi.ts';
import type { Period } from '../model/period.ts';
import type { Zone } from '../model/zone.ts';

/** Which connections feed a KPI, and how far all that it needs was read from them. */
export interface Coverage {
  readonly connections: readonly string[];
  isSynced(period: Period, source: string | null): boolean;
}

/** Null where a table that the KPI needs comes from no connection. */
export function coverageOf(
  kpi: Pick<Kpi, 'needs'>,
  sources: readonly SourceInfo[],
  { zone, asOf }: { readonly zone: Zone; readonly asOf: number },
): Coverage | null {
  const feeding = feedingSources(kpi.needs, sources);
  if (feeding.length === 0) return null;
  const lastMidnight = zone.startOf(zone.dateOf(asOf));
  const through = new Map<string, number>();
  for (const { connection, completeThrough } of feeding) {
    const known = kpi.needs.filter((table) => completeThrough[table] !== undefined);
    through.set(connection, Math.min(...known.map((table) => completeThrough[table] ?? -Infinity)));
  }
  const all = Math.min(...through.values());
  return {
    // What people enter belongs to all connections: it is none of its own.
    connections: [...through.keys()].filter((name) => name !== entrySource).sort(),
    isSynced(period, source) {
      const readThrough = source === null ? all : (through.get(source) ?? all);
      return readThrough >= Math.min(period.endAt, lastMidnight);
    },
  };
}

/** Those that have all of it; where no one has, those that have it between them (deals from a CRM, costs from a file). */
function feedingSources(needs: readonly TableName[], sources: readonly SourceInfo[]): readonly SourceInfo[] {
  const has = ({ completeThrough }: SourceInfo, table: TableName) => completeThrough[table] !== undefined;
  const whole = sources.filter((source) => needs.every((table) => has(source, table)));
  if (whole.length > 0) return whole;
  if (!needs.every((table) => sources.some((source) => has(source, table)))) return [];
  return sources.filter((source) => needs.some((table) => has(source, table)));
}
