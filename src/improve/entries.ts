import { type EntryFields, type EntryKind, entryKinds } from '../model/entry.ts';
import { RunError } from '../model/errors.ts';
import { toMinorUnits } from '../model/money.ts';

/** An entry as people give it: texts by the names of the flags, or of the columns of a file. */
export type EntryTexts = Readonly<Record<string, string | undefined>>;

export interface EntryRules {
  readonly currency: string;
  readonly kpiIds: readonly string[];
  /** For messages: `entry add`, `costs.csv:12`. */
  readonly where: string;
}

/** Other names of the same thing: columns of the table, and flags. */
const aliases: Readonly<Record<string, string>> = {
  from_on: 'day',
  to_on: 'to',
  actor_id: 'person',
  team_id: 'team',
  campaign_id: 'campaign',
  published_on: 'published',
  value_high: 'valueHigh',
};

/** What people may give. */
const given = [
  'kind',
  'day',
  'to',
  'amount',
  'value',
  'valueHigh',
  'currency',
  'purpose',
  'person',
  'team',
  'campaign',
  'kpi',
  'statistic',
  'segment',
  'published',
  'comparability',
  'origin',
  'note',
] as const;

/** The name under which a column of a file is understood; null: it is none of ours. */
export function entryColumn(header: string): string | null {
  const name = header.trim().toLowerCase();
  const known = aliases[name] ?? name;
  return ['id', 'author', ...given].includes(known) ? known : null;
}

/** Without which an entry of a kind says nothing. */
const needed: Readonly<Record<EntryKind, readonly (readonly string[])[]>> = {
  cost: [['amount'], ['day']],
  benefit: [['amount'], ['day']],
  training: [['day'], ['person']],
  quota: [['amount', 'value'], ['day'], ['person', 'team']],
  benchmark: [['kpi'], ['value', 'amount'], ['origin']],
};

export function isEntryKind(text: string | undefined): text is EntryKind {
  return entryKinds.some((kind) => kind === text);
}

/** The columns of the table; throws RunError `usage` for what cannot be. */
export function readEntry(texts: EntryTexts, rules: EntryRules): EntryFields {
  const { kind } = texts;
  if (!isEntryKind(kind))
    throw problem(rules, `The kind is ${kind ?? 'missing'}.`, `Use one of: ${entryKinds.join(', ')}.`);
  for (const names of needed[kind]) {
    if (names.some((name) => text(texts[name]) !== null)) continue;
    throw problem(
      rules,
      `A ${kind} needs ${names.join(' or ')}.`,
      `Give ${names.map((name) => `--${name}`).join(' or ')}.`,
    );
  }
  const day = dateOf(texts.day, 'day', rules);
  const to = dateOf(texts.to, 'to', rules);
  if (day !== null && to !== null && to < day)
    throw problem(rules, `It ends on ${to}, before ${day}.`, 'Exchange the days.');
  const currency = text(texts.currency)?.toUpperCase() ?? rules.currency;
  const amount = amountOf(texts.amount, currency, rules);
  return {
    kind,
    day,
    from_on: to === null ? null : day,
    to_on: to,
    amount_minor: amount,
    value: numberOf(texts.value, 'value', rules),
    currency: amount === null ? null : currency,
    purpose: text(texts.purpose)?.toLowerCase() ?? null,
    actor_id: text(texts.person),
    team_id: text(texts.team),
    campaign_id: text(texts.campaign),
    note: text(texts.note),
    origin: text(texts.origin),
    ...benchmarkFields(texts, kind, rules),
  };
}

function benchmarkFields(texts: EntryTexts, kind: EntryKind, rules: EntryRules): EntryFields {
  const kpi = text(texts.kpi);
  if (kpi !== null && !rules.kpiIds.includes(kpi))
    throw problem(
      rules,
      `There is no KPI called ${kpi}.`,
      'List them with crm-kpi results, or see the reference.',
    );
  const comparability = text(texts.comparability)?.toLowerCase() ?? (kind === 'benchmark' ? 'similar' : null);
  if (comparability !== null && !['same', 'similar', 'different'].includes(comparability))
    throw problem(rules, `The comparability is ${comparability}.`, 'Use same, similar or different.');
  return {
    kpi,
    value_high: numberOf(texts.valueHigh, 'value-high', rules),
    statistic: text(texts.statistic),
    segment: text(texts.segment),
    published_on: dateOf(texts.published, 'published', rules),
    comparability,
  };
}

/** An entry's fields by the names that people use; the amount is in major units. */
export function namedFields(fields: EntryFields, majorAmount: number | null) {
  return {
    kind: fields.kind ?? null,
    day: fields.day ?? fields.from_on ?? null,
    to: fields.to_on ?? null,
    amount: majorAmount,
    currency: fields.currency ?? null,
    value: fields.value ?? null,
    valueHigh: fields.value_high ?? null,
    purpose: fields.purpose ?? null,
    person: fields.actor_id ?? null,
    team: fields.team_id ?? null,
    campaign: fields.campaign_id ?? null,
    kpi: fields.kpi ?? null,
    statistic: fields.statistic ?? null,
    segment: fields.segment ?? null,
    published: fields.published_on ?? null,
    comparability: fields.comparability ?? null,
    origin: fields.origin ?? null,
    note: fields.note ?? null,
  };
}

/** The texts from which an entry could be given again: what an edit starts from. */
export function entryTexts(fields: EntryFields, majorAmount: number | null): EntryTexts {
  const named = Object.entries(namedFields(fields, majorAmount));
  return Object.fromEntries(
    named.flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]])),
  );
}

function text(value: string | undefined): string | null {
  const trimmed = value?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}

function dateOf(value: string | undefined, name: string, rules: EntryRules): string | null {
  const date = text(value);
  if (date === null) return null;
  const at = new Date(`${date}T00:00:00Z`);
  if (/^\d{4}-\d\d-\d\d$/.test(date) && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(date))
    return date;
  throw problem(rules, `${name} is ${date}, which is no date.`, 'Write it as 2026-10-31.');
}

function numberOf(value: string | undefined, name: string, rules: EntryRules): number | null {
  const number = text(value);
  if (number === null) return null;
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(number) && Number.isFinite(Number(number)))
    return Number(number);
  throw problem(rules, `${name} is ${number}, which is no number.`, 'Write it with a decimal point: 1234.5.');
}

function amountOf(value: string | undefined, currency: string, rules: EntryRules): number | null {
  if (!/^[A-Z]{3}$/.test(currency))
    throw problem(rules, `The currency is ${currency}.`, 'Write the three letters of ISO 4217: EUR.');
  const amount = numberOf(value, 'amount', rules);
  if (amount === null) return null;
  const minor = toMinorUnits(text(value), currency);
  if (minor !== null) return minor;
  throw problem(rules, `The amount ${value} is too large.`, 'Correct the amount.');
}

function problem({ where }: EntryRules, message: string, fix: string): RunError {
  return new RunError('usage', { where, message, fix });
}
