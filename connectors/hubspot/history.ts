import { columnKind, type EntityRow, type TableName } from '../../src/model/entities.ts';
import type { Zone } from '../../src/model/zone.ts';
import type { HubspotRecord } from './shapes.ts';
import { parseForColumn, parseInstant, parseText, shortHash } from './values.ts';

/** HubSpot keeps the last 20 values of a property (45 for contacts): an older one may have fallen off. */
const keptValues = 20;
/** A first value this close to the creation is the record's first one. */
const birthMs = 60_000;

/** One value that a property held from `at` on; null: emptied. */
export interface Moment {
  readonly at: number;
  readonly value: string | null;
}

/** A property's values, oldest first. */
export function readHistory(record: HubspotRecord, property: string, zone: Zone): readonly Moment[] {
  const items = record.propertiesWithHistory?.[property] ?? [];
  const moments: Moment[] = [];
  // Newest first on the wire; of equal times the order there decides.
  for (let place = items.length - 1; place >= 0; place -= 1) {
    const item = items[place];
    if (!item) continue;
    const at = item.timestamp == null ? null : parseInstant(String(item.timestamp), zone);
    if (at !== null) moments.push({ at, value: parseText(item.value) });
  }
  return moments.sort((one, other) => one.at - other.at);
}

export interface HistoryOf {
  readonly object: TableName;
  readonly recordId: string;
  readonly createdAt: number | null;
  /** Canonical column. */
  readonly field: string;
  readonly moments: readonly Moment[];
}

/**
 * Change rows of one property. Their ids hold when newer values come or old ones fall off. Where old ones may have
 * fallen off, the oldest that is left has lost its predecessor and is left out: it would overwrite what an earlier
 * read knew, and the next row's `from_value` says what it said.
 */
export function toChanges(history: HistoryOf): readonly EntityRow<'change'>[] {
  const { moments, createdAt } = history;
  const rows = new Map<string, EntityRow<'change'>>();
  const first = moments[0];
  const cut = moments.length >= keptValues && first && (createdAt === null || first.at > createdAt + birthMs);
  for (const [index, moment] of moments.entries()) {
    if (index === 0 && cut) continue;
    const row = toChange(history, moment, moments[index - 1]?.value ?? null);
    rows.set(row.id, row);
  }
  return [...rows.values()];
}

function toChange(history: HistoryOf, moment: Moment, before: string | null): EntityRow<'change'> {
  const { object, recordId, field } = history;
  return {
    id: `${object}:${recordId}:${field}:${moment.at}:${shortHash(moment.value ?? '')}`,
    object,
    record_id: recordId,
    field,
    at: moment.at,
    from_value: before,
    to_value: moment.value,
    actor_id: null,
    origin: 'history',
  };
}

/** Values as change rows hold them: minor units for money, epoch milliseconds for instants, else as they are. */
export function inColumnForm(
  moments: readonly Moment[],
  target: {
    readonly table: TableName;
    readonly column: string;
    readonly currency: string;
    readonly zone: Zone;
  },
): readonly Moment[] {
  const kind = columnKind(target.table, target.column);
  if (kind === 'text' || kind === 'id') return moments;
  return moments.map(({ at, value }) => {
    const converted = parseForColumn(value, target);
    return { at, value: converted === null ? null : String(converted) };
  });
}
