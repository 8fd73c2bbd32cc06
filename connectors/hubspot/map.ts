import type { Zone } from '../../src/model/zone.ts';
import type { Linked } from './links.ts';
import type { OwnerBook } from './owners.ts';
import type { StageBook } from './pipelines.ts';
import type { HubspotRecord } from './shapes.ts';
import { parseFlag, parseInstant, parseText } from './values.ts';

/** What mapping a record needs beside the record. */
export interface MapContext {
  readonly zone: Zone;
  /** The portal's currency, for records that name none. */
  readonly currency: string;
  /** Server time of the read, epoch ms. */
  readonly now: number;
  readonly owners: OwnerBook;
  readonly dealStages: StageBook;
  readonly ticketStages: StageBook;
  readonly leadStages: StageBook;
  /** The company that shows our own results; null: there is none. */
  readonly boardId: string | null;
}

/** A record with its links. */
export interface Source {
  readonly record: HubspotRecord;
  readonly links: Linked;
}

/** Typed access to a record's values. */
export function readerOf(record: HubspotRecord, zone: Zone) {
  const { properties } = record;
  return {
    text: (name: string) => parseText(properties[name]),
    instant: (name: string) => parseInstant(properties[name], zone),
    flag: (name: string) => parseFlag(properties[name]),
    raw: (name: string) => properties[name] ?? null,
  };
}

/** Instants that every record has; a restored one lives again. */
export function commonOf(record: HubspotRecord, zone: Zone, createdProperty = 'createdate') {
  return {
    created_at: parseInstant(record.properties[createdProperty] ?? record.createdAt, zone),
    updated_at: modifiedAt(record, zone),
    deleted_at: null,
  };
}

export function modifiedAt(record: HubspotRecord, zone: Zone): number | null {
  const { hs_lastmodifieddate, lastmodifieddate } = record.properties;
  return parseInstant(record.updatedAt ?? hs_lastmodifieddate ?? lastmodifieddate, zone);
}

const softwareSources = new Set(['AUTOMATION_PLATFORM', 'WORKFLOWS', 'SEQUENCES', 'BOT']);

/** Who created a record, as far as its source tells. */
export function isAutomated(source: string | null): boolean | null {
  return source === null ? null : softwareSources.has(source.toUpperCase());
}

/** Ids merged into this record. */
export function mergedInto(record: HubspotRecord): readonly string[] {
  const ids = parseText(record.properties.hs_merged_object_ids)?.split(';') ?? [];
  return ids.map((id) => id.trim()).filter((id) => id !== '' && id !== record.id);
}
