export type Loose = Readonly<Record<string, unknown>>;

/** One value that a property held, as the history tells it. */
export interface HistoryItem {
  readonly value?: string | null | undefined;
  readonly timestamp?: string | number | null | undefined;
}

type Histories = Readonly<Record<string, readonly HistoryItem[] | null | undefined>>;

export function isLoose(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Values are strings; a number or a boolean is taken as its text, anything else as nothing. */
export function toValues(raw: Loose | null | undefined): Readonly<Record<string, string | null>> {
  if (!raw) return {};
  if (isPlain(raw)) return raw;
  return Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, toText(value)]));
}

/** The ordinary case, which needs no copy. */
function isPlain(raw: Loose): raw is Readonly<Record<string, string | null>> {
  for (const name in raw) if (typeof raw[name] !== 'string' && raw[name] !== null) return false;
  return true;
}

function toText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

/** null where a part has another form than the documentation says: then there is no history. */
export function toHistories(raw: unknown): Histories | null {
  if (!isLoose(raw)) return null;
  const histories: Record<string, readonly HistoryItem[] | null | undefined> = {};
  for (const [property, items] of Object.entries(raw)) {
    const read = items === null || items === undefined ? items : toItems(items);
    if (read === 'malformed') return null;
    histories[property] = read;
  }
  return histories;
}

function toItems(raw: unknown): readonly HistoryItem[] | 'malformed' {
  if (!Array.isArray(raw)) return 'malformed';
  const items: HistoryItem[] = [];
  for (const item of raw) {
    if (!isLoose(item) || !isTime(item.timestamp)) return 'malformed';
    items.push({ value: toText(item.value), timestamp: item.timestamp });
  }
  return items;
}

function isTime(value: unknown): value is HistoryItem['timestamp'] {
  return value === null || value === undefined || typeof value === 'string' || typeof value === 'number';
}
