import type { ResultChange } from '../../src/model/result.ts';
import type { Api } from './api.ts';
import { recordReportOf, recordReports } from './metadata-records.ts';
import { lightningHost } from './plan-streams.ts';
import { findField, type ObjectInfo } from './schema.ts';
import { ask } from './target.ts';
import { soqlText, toText } from './values.ts';

/** The link of a result to the records behind it; null: nothing there tells them. */
export type LinkOf = (change: ResultChange) => string | null;

/** null: this org has no field or no reports for links. */
export async function readLinks(api: Api, object: ObjectInfo | null, field: string): Promise<LinkOf | null> {
  if (!object || findField(object, field)?.updateable !== true) return null;
  const names = recordReports.map(soqlText).join(', ');
  const found = await ask(api, `SELECT Id, DeveloperName FROM Report WHERE DeveloperName IN (${names})`);
  const ids = new Map((found ?? []).map((record) => [String(record.DeveloperName), String(record.Id)]));
  if (ids.size === 0) return null;
  const host = lightningHost(api);
  return (change) => linkOf(change, { ids, host });
}

function linkOf(
  { fields }: ResultChange,
  { ids, host }: { readonly ids: ReadonlyMap<string, string>; readonly host: string },
): string | null {
  const [from, before, person] = [fields.period_start, fields.period_end, fields.segment_name].map(toText);
  if (!from || !before) return null;
  const byPerson = fields.segment_kind === 'owner' && typeof person === 'string';
  const name = recordReportOf(toText(fields.domain) ?? '', byPerson);
  const id = name === null ? undefined : ids.get(name);
  if (!id) return null;
  const values = [from, before, ...(byPerson ? [person] : [])];
  const query = values.map((value, index) => `fv${index}=${encodeURIComponent(value ?? '')}`).join('&');
  const link = `${host}/lightning/r/Report/${id}/view?${query}`;
  // A URL field takes 255 characters.
  return link.length > 255 ? null : link;
}
