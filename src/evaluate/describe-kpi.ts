import { createHash } from 'node:crypto';
import type { Kpi } from '../model/kpi.ts';
import type { KpiHeader } from './header.ts';

/** What the header alone says of a KPI. */
export function describeKpi(header: KpiHeader): Omit<Kpi, 'needs' | 'sql' | 'version' | 'file' | 'derive'> {
  const { id, label, domain, unit, better, kind, dimensions, within = null } = header;
  const isRate = kind === 'cohort' && unit === 'ratio';
  return {
    id,
    label,
    description: header.description ?? label,
    domain,
    unit,
    better,
    kind,
    dimensions,
    money: moneyOf(header),
    withinMs: within,
    // A member counts once it has had its time.
    maturesMs: header.matures ?? (isRate ? within : null),
    windowDays: header.window ?? null,
    complete: header.complete ?? null,
    per: header.per ?? null,
    captured: header.captured ?? false,
    quantiles: header.quantiles ?? false,
    estimate: header.estimate ?? false,
    inputs: header.inputs ?? [],
  };
}

export function moneyOf(header: Pick<KpiHeader, 'money' | 'unit'>): Kpi['money'] {
  return header.money ?? (header.unit === 'money' ? ['num'] : []);
}

/** 8 hex digits of SHA-256. */
export function versionOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
