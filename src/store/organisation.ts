import { statSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { OrganisationFacts, Told } from '../model/organisation.ts';
import { grains, type ListedPeriod } from '../model/period.ts';
import type { WorkingHours } from '../model/settings.ts';
import { addDays } from '../model/zone.ts';
import { type Handle, openReadOnly } from './database.ts';

/**
 * What the connections' own set-up says, as the last sync found it; the first connection that tells a thing is believed.
 * Empty where there is no store yet, or one of an older version.
 */
export function readOrganisation(path: string, connections: readonly string[]): OrganisationFacts {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return {};
  const handle = openReadOnly(path);
  try {
    const known = handle.prepare(
      "SELECT 1 FROM pragma_table_info('source') WHERE name = 'fiscal_year_start'",
    );
    return known.get() === undefined ? {} : collectFacts(handle, connections);
  } catch (error) {
    // A damaged file is told where the store is opened; `restore` has to get past it.
    if (error instanceof Database.SqliteError) return {};
    throw error;
  } finally {
    handle.close();
  }
}

interface SourceRow {
  readonly id: string;
  readonly time_zone: string | null;
  readonly base_currency: string | null;
  readonly fiscal_year_start: number | null;
  readonly fiscal_year_name: string | null;
}

function collectFacts(handle: Handle, connections: readonly string[]): OrganisationFacts {
  const rows = handle
    .prepare<unknown[], SourceRow>(
      'SELECT id, time_zone, base_currency, fiscal_year_start, fiscal_year_name FROM source',
    )
    .all();
  const sources = connections.flatMap((name) => rows.find(({ id }) => id === name) ?? []);
  const first = <T>(read: (source: SourceRow) => T | null): Told<T> | undefined => {
    for (const source of sources) {
      const value = read(source);
      if (value !== null) return { value, connection: source.id };
    }
    return undefined;
  };
  const facts = {
    timeZone: first((source) => source.time_zone),
    currency: first((source) => source.base_currency),
    fiscalYear: first(readFiscalYear),
    calendar: first((source) => readCalendar(handle, source.id)),
    businessHours: first((source) => readHours(handle, source)),
  };
  const told = Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== undefined));
  const seenAt = handle
    .prepare<unknown[], number | null>('SELECT max(last_success_at) FROM stream')
    .pluck()
    .get();
  return seenAt ? { ...told, seenOn: new Date(seenAt).toISOString().slice(0, 10) } : told;
}

function readFiscalYear({ fiscal_year_start: start, fiscal_year_name: name }: SourceRow) {
  if (start === null || start < 1 || start > 12) return null;
  return { fiscalYearStart: start, fiscalYearName: name === 'start' ? ('start' as const) : ('end' as const) };
}

/** Only where some year was set by hand: standard ones follow from their first month. */
function readCalendar(handle: Handle, source: string): readonly ListedPeriod[] | null {
  const rows = handle
    .prepare<
      unknown[],
      { grain: string; label: string; from_on: string; to_on: string; is_standard: number }
    >(
      `SELECT grain, label, from_on, to_on, is_standard FROM fiscal_period
       WHERE source_id = ? AND deleted_at IS NULL AND to_on >= from_on ORDER BY grain, from_on, id`,
    )
    .all(source);
  if (!rows.some(({ is_standard }) => is_standard === 0)) return null;
  const table = grains.flatMap((grain) => {
    const listed = rows
      .filter((row) => row.grain === grain)
      .map(({ label, from_on, to_on }) => ({ grain, label, startOn: from_on, endOn: addDays(to_on, 1) }));
    return isSound(listed) ? listed : [];
  });
  return table.length > 0 ? table : null;
}

/** Without gaps, overlaps and equal names: anything else is no calendar. */
function isSound(listed: readonly ListedPeriod[]): boolean {
  const labels = new Set(listed.map(({ label }) => label));
  return (
    labels.size === listed.length &&
    listed.every((period, place) => {
      const next = listed[place + 1];
      return next === undefined || next.startOn === period.endOn;
    })
  );
}

interface HoursRow {
  readonly name: string | null;
  readonly is_default: number | null;
  readonly time_zone: string | null;
  readonly weekday: number;
  readonly from_minute: number;
  readonly to_minute: number;
}

/** The default hours are the company's; a set that is called like a team is that team's. */
function readHours(handle: Handle, source: SourceRow): readonly WorkingHours[] | null {
  const rows = handle
    .prepare<unknown[], HoursRow>(
      `SELECT name, is_default, time_zone, weekday, from_minute, to_minute FROM working_hours h
       WHERE source_id = ? AND deleted_at IS NULL AND coalesce(active, 1) = 1 AND (is_default = 1 OR EXISTS (
         SELECT 1 FROM team t WHERE t.source_id = h.source_id AND t.name = h.name AND t.deleted_at IS NULL))
       ORDER BY is_default DESC, name, from_minute, to_minute, weekday`,
    )
    .all(source.id);
  if (rows[0]?.is_default !== 1) return null;
  const holidays = handle
    .prepare<unknown[], string>(
      'SELECT DISTINCT day FROM holiday WHERE source_id = ? AND deleted_at IS NULL AND from_minute IS NULL ORDER BY day',
    )
    .pluck()
    .all(source.id);
  const groups = new Map<string, HoursRow[]>();
  for (const row of rows) {
    const key = [row.is_default === 1 ? '' : row.name, row.from_minute, row.to_minute].join('\n');
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].flatMap((group) => hoursOf(group, { source, holidays }) ?? []);
}

function hoursOf(
  group: readonly HoursRow[],
  { source, holidays }: { readonly source: SourceRow; readonly holidays: readonly string[] },
): WorkingHours | null {
  const [first] = group;
  if (!first) return null;
  return {
    weekdays: group.map(({ weekday }) => weekday),
    fromMinute: first.from_minute,
    toMinute: first.to_minute,
    timeZone: first.time_zone ?? source.time_zone ?? 'UTC',
    holidays,
    teams: first.is_default === 1 ? null : [first.name ?? ''],
    validFrom: null,
    validTo: null,
  };
}
