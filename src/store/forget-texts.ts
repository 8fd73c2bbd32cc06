import { entityTables } from '../model/entities.ts';
import type { Handle } from './database.ts';
import type { Forgetter, PersonKind } from './forgotten.ts';

export interface KnownPerson {
  readonly source: string;
  readonly kind: PersonKind;
  readonly id: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly pseudonym: string;
  readonly label: string;
}

export interface TextScrub {
  /** Of a record's own text. */
  readonly plain: (text: string) => string;
  /** Of what this program wrote: JSON and keys, in which ids stand as well. */
  readonly deep: (text: string) => string;
}

export function createTextScrub(known: readonly KnownPerson[], { scrub }: Forgetter): TextScrub {
  const replaceIds = createIdScrub(known);
  const one = (text: string) => scrub(replaceIds(text));
  return { plain: scrub, deep: (text) => scrubJson(text, one) };
}

/** An id alone, or as a part of a key: `owner:ID`, `kind\nsource\nID`. Long ones stand for nothing else anywhere. */
function createIdScrub(known: readonly KnownPerson[]): (text: string) => string {
  const rules = known.map(({ id, pseudonym }) => {
    const quoted = id.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const isLong = id.length >= 12 && /[A-Za-z]/.test(id);
    const pattern = isLong
      ? `(^|[^A-Za-z0-9])${quoted}(?![A-Za-z0-9])`
      : `(^|owner:|contact:|\\n)${quoted}(?=$|[|\\n])`;
    return { pattern: new RegExp(pattern, 'g'), pseudonym };
  });
  return (text) => {
    let replaced = text;
    for (const { pattern, pseudonym } of rules) replaced = replaced.replace(pattern, `$1${pseudonym}`);
    return replaced;
  };
}

function scrubJson(text: string, scrub: (text: string) => string): string {
  if (!/^\s*[[{]/.test(text)) return scrub(text);
  try {
    const parsed: unknown = JSON.parse(text);
    const scrubbed = scrubValue(parsed, scrub);
    return JSON.stringify(scrubbed) === JSON.stringify(parsed) ? text : JSON.stringify(scrubbed);
  } catch {
    return scrub(text);
  }
}

function scrubValue(value: unknown, scrub: (text: string) => string): unknown {
  if (typeof value === 'string') return scrub(value);
  if (Array.isArray(value)) return value.map((item) => scrubValue(item, scrub));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [scrub(key), scrubValue(item, scrub)]),
  );
}

/** Tables that hold no word about people, or what the settings say of themselves. */
const untouched = new Set([
  'kpi_def',
  'goal',
  'goal_version',
  'setting',
  'forgotten',
  'source',
  'stream',
  'stage',
  'purged',
  'run',
]);
/** Ids, kinds, dates: replaced by their own rules, or never a name. Names of others who are called the same stay theirs. */
const passedOver =
  /(^|_)(id|source|kind|on|day|hash|currency|stream|state|status|grain|start|end)$|^(segment_name|owner_name|object|field|outcome)$/;

/** Every text of every table. */
export function scrubTexts(
  handle: Handle,
  { plain, deep }: TextScrub,
): readonly { table: string; rows: number }[] {
  handle.function('forget_plain', { deterministic: true }, (text: unknown) =>
    typeof text === 'string' ? plain(text) : text,
  );
  handle.function('forget_deep', { deterministic: true }, (text: unknown) =>
    typeof text === 'string' ? deep(text) : text,
  );
  return listTexts(handle).flatMap(({ table, column }) => {
    const clean = `${table in entityTables ? 'forget_plain' : 'forget_deep'}("${column}")`;
    const sql = `UPDATE OR REPLACE "${table}" SET "${column}" = ${clean} WHERE "${column}" IS NOT ${clean}`;
    const { changes } = handle.prepare(sql).run();
    return changes > 0 ? [{ table, rows: changes }] : [];
  });
}

function listTexts(handle: Handle): readonly { readonly table: string; readonly column: string }[] {
  const rows = handle
    .prepare<unknown[], { table: string; column: string }>(
      `SELECT t.name AS "table", c.name AS "column" FROM sqlite_schema t, pragma_table_info(t.name) c
       WHERE t.type = 'table' AND c.type = 'TEXT' AND t.name NOT LIKE 'sqlite_%'`,
    )
    .all();
  return rows.filter(
    ({ table, column }) =>
      !untouched.has(table) &&
      (!passedOver.test(column) ||
        (table === 'finding' && column === 'id') ||
        (table === 'action' && column === 'finding')) &&
      !(column === 'name' && (table === 'actor' || table === 'lead')),
  );
}
