import type { Stream } from '../model/connector.ts';
import type { Settings } from '../model/settings.ts';
import type { Zone } from '../model/zone.ts';

/** From when on the settings keep a stream's rows: so many months before the current local day. */
export function keepRule(
  { settings, zone }: { readonly settings: Settings; readonly zone: Zone },
  now: number,
): (stream: Pick<Stream, 'object' | 'table'>) => number | null {
  const retention = settings.retention ?? {};
  return ({ object, table }) => {
    const months = retention[object ?? table] ?? retention[table];
    return months === undefined ? null : zone.startOf(monthsBefore(zone.dateOf(now), months));
  };
}

/** The same day so many months before; the last day of a shorter month. */
function monthsBefore(date: string, months: number): string {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  const last = new Date(Date.UTC(year, month - months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 - months, Math.min(day, last))).toISOString().slice(0, 10);
}
