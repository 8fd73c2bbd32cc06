import type { ResultChange } from '../../src/model/result.ts';
import { escapeHtml } from './text.ts';

/** One note per period: a line for each result, found again by the key at its end. */
export interface Digest {
  readonly period: string;
  /** Exclusive end of the period, or empty. */
  readonly until: string;
  /** Key -> sentence. */
  readonly lines: ReadonlyMap<string, string>;
}

/** HubSpot's limit of a note's body. */
const maxLength = 65_536;

const headLine = /crm-kpi digest (\S+)(?: until (\d{4}-\d{2}-\d{2}))?/;
const keyedLine = /^(.*?)\s*\[([^[\]]+)\]\s*$/s;

/** Key: `kpi|period label|segment|goal`; a record without a period has a digest of its own. */
export function periodOf(key: string): string {
  return key.split('|')[1] ?? key;
}

/** null: a note that is not ours. */
export function parseDigest(html: string): Digest | null {
  const parts = html
    .split(/<br\s*\/?>|<\/?(?:p|div|li|ul)[^>]*>|\n/i)
    .map((part) => unescapeHtml(part.replace(/<[^>]*>/g, '')).trim())
    .filter((part) => part !== '');
  const head = parts.map((part) => headLine.exec(part)).find((match) => match !== null);
  if (!head?.[1]) return null;
  const lines = new Map<string, string>();
  for (const part of parts) {
    const match = keyedLine.exec(part);
    if (match?.[2]) lines.set(match[2], match[1] ?? '');
  }
  return { period: head[1], until: head[2] ?? '', lines };
}

/** Company first, then the rest by key. Lines that no longer fit are named as left out. */
export function formatDigest(digest: Digest): { readonly html: string; readonly left: readonly string[] } {
  const until = digest.until ? ` until ${digest.until}` : '';
  let html = `<p>crm-kpi digest ${escapeLine(digest.period)}${until}</p>`;
  const left: string[] = [];
  for (const [key, text] of [...digest.lines].sort(([one], [other]) => compareKeys(one, other))) {
    const line = `<p>${escapeLine(text)} [${escapeLine(key)}]</p>`;
    if (html.length + line.length > maxLength) left.push(key);
    else html += line;
  }
  return { html, left };
}

function compareKeys(one: string, other: string): number {
  const rank = (key: string) => (key.includes('|company|') ? 0 : 1);
  return rank(one) - rank(other) || (one < other ? -1 : 1);
}

/** The digest as it stands, with the changes of its period carried out. */
export function changeDigest(digest: Digest, changes: readonly ResultChange[]): Digest {
  const lines = new Map(digest.lines);
  let { until } = digest;
  for (const { key, change, fields } of changes) {
    if (change === 'delete') lines.delete(key);
    if (change === 'create' || change === 'update') {
      lines.set(key, sentenceOf(fields));
      if (typeof fields.period_end === 'string') until = fields.period_end;
    }
    // A retired result stays: it is what held for its period.
  }
  return { ...digest, until, lines };
}

function sentenceOf(fields: ResultChange['fields']): string {
  const { explanation, label, value_text: value } = fields;
  const text = explanation ?? [label, value].filter(Boolean).join(': ');
  return String(text).replace(/\s+/g, ' ').trim();
}

/** Brackets set off the key. */
function escapeLine(text: string): string {
  return escapeHtml(text).replaceAll('[', '(').replaceAll(']', ')');
}

function unescapeHtml(text: string): string {
  return text
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
