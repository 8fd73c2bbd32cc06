import { createHash } from 'node:crypto';
import type { Log } from '../../src/model/connector.ts';
import type { ReadPlan } from './plan.ts';

/** What a stream's records are made from; kept with the position to notice when it changes. */
export interface Sources {
  /** Fields that this user may read. */
  readonly fields: readonly string[];
  /** Digest of the settings' mappings and conditions. */
  readonly rules: string;
}

/** Raised when the same fields come to mean something else in our tables: everything is then read again. */
const mappingVersion = 1;

export function sourcesOf(plan: ReadPlan, since: number | null): Sources {
  const companions = plan.companions.flatMap(({ object, select }) =>
    select.map((field) => `${object}:${field}`),
  );
  const rules = JSON.stringify([mappingVersion, plan.rules, since]);
  return {
    fields: [...plan.select, ...companions].sort(),
    rules: createHash('sha256').update(rules).digest('hex').slice(0, 12),
  };
}

export interface Drift {
  /** Stored records lack these fields' values. */
  readonly appeared: readonly string[];
  readonly vanished: readonly string[];
  /** The settings give the object another meaning. */
  readonly remapped: boolean;
}

const none: Drift = { appeared: [], vanished: [], remapped: false };

export function compareSources(before: Sources | null, now: Sources): Drift {
  if (before === null) return none;
  return {
    appeared: now.fields.filter((field) => !before.fields.includes(field)),
    vanished: before.fields.filter((field) => !now.fields.includes(field)),
    remapped: before.rules !== now.rules,
  };
}

export function needsWholeRead(drift: Drift): boolean {
  return drift.remapped || drift.appeared.length > 0;
}

export function reportDrift(drift: Drift, place: { connection: string; object: string }, log: Log): void {
  const { appeared, vanished, remapped } = drift;
  if (appeared.length > 0) log.info({ ...place, fields: appeared }, 'fields.appeared');
  else if (remapped) log.info(place, 'mapping.changed');
  if (vanished.length > 0 && !remapped) {
    const fix = 'Grant Read on them to the integration user again; what was read before is kept.';
    log.warn({ ...place, fields: vanished, fix }, 'fields.vanished');
  }
}
