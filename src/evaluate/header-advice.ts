import type * as z from 'zod';

/** What to write for a key of a KPI file's header. */
const advice: Readonly<Record<string, string>> = {
  id: 'Write lower case letters, digits and _, as `id: large_deals`.',
  label: 'Write it in both languages, as `label: { en: "Large deals", es: "Ventas grandes" }`.',
  description: 'Write it in both languages, as `description: { en: "...", es: "..." }`.',
  unit: 'Write one of ratio, money, hours, count, points and months.',
  better: 'Write which is better: higher, lower or range.',
  kind: 'Write flow (it happened in the period), snapshot (the state at its end) or cohort (it began in it).',
  dimensions: 'Write a list, as `dimensions: [owner, team]`.',
  needs: 'Write a list of tables, as `needs: [deal]`.',
  money: 'Write which are money: [num], [den] or [num, den].',
  within: 'Write hours or days, as `within: 72h` or `within: 90d`.',
  matures: 'Write hours or days, as `matures: 72h` or `matures: 90d`.',
  window: 'Write whole days, as `window: 90d`.',
  complete: 'Write `complete: cost`, or leave it out.',
  inputs: 'Write columns with their table, as `inputs: [ticket.due_at]`.',
  derive: 'Write `derive: { num: revenue_won.num, den: deals_won.num }`.',
};

export interface Advice {
  readonly message: string;
  readonly fix: string;
}

/** A finding about a header in words that say what to write instead. */
export function teach(
  { code, path, message, ...issue }: z.core.$ZodIssue,
  { header, keys }: { readonly header: unknown; readonly keys: readonly string[] },
): Advice {
  const place = path.join('.');
  const [key = ''] = path.map(String);
  const required = `A header has lines \`key: value\` with id, label, unit, better and kind at least; others are ${keys.filter((name) => !requiredKeys.has(name)).join(', ')}.`;
  if (code === 'unrecognized_keys' && 'keys' in issue && key === '') {
    const names = issue.keys.map((name) => `"${name}"`).join(', ');
    return { message: `has a header with ${names}, which is no key`, fix: required };
  }
  if (key === '') return { message: 'has a header that is no list of keys with values', fix: required };
  const fix = advice[key] ?? required;
  if (valueAt(header, path) === undefined) return { message: `has a header without ${place}`, fix };
  return { message: `has a wrong header: ${place}: ${message}`, fix };
}

const requiredKeys: ReadonlySet<string> = new Set(['id', 'label', 'unit', 'better', 'kind']);

function valueAt(header: unknown, path: readonly PropertyKey[]): unknown {
  let value = header;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}
