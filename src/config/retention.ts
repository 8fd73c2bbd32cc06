import { z } from 'zod';
import type { ConnectionSettings } from '../model/settings.ts';
import { suggest } from './did-you-mean.ts';
import type { Finding } from './issues.ts';

/**
 * A year that is not over rests on records of up to twelve months ago; who is a customer in it, and what they bought,
 * on deals of two years more.
 */
const least = { usual: 12, deals: 36 };
const rule = `must be a number of months or years, such as 36 months, and ${least.usual} months at least`;

/** `36 months`, `3 years`, in months. */
export const retentionSchema = z.record(
  z.string(),
  z
    .string({ error: rule })
    .transform(parseMonths)
    .refine((months) => months >= least.usual, rule),
);

function parseMonths(text: string): number {
  const [, count, unit = ''] = /^\s*(\d+)\s*(months?|years?)\s*$/i.exec(text) ?? [];
  if (count === undefined) return 0;
  return Number(count) * (unit.toLowerCase().startsWith('year') ? 12 : 1);
}

/** Tables of records that age, for connections whose streams belong to no group. */
const tables = ['activity', 'deal', 'ticket', 'lead', 'campaign_member', 'email_stat', 'survey_answer'];

/** What zod cannot know: names of objects. */
export function checkRetention(
  retention: Readonly<Record<string, number>>,
  connections: readonly Pick<ConnectionSettings, 'objects'>[],
): readonly Finding[] {
  const known = [...new Set([...connections.flatMap(({ objects }) => objects), ...tables])];
  const short = Object.entries(retention)
    .filter(([name, months]) => /^deals?$/.test(name) && months < least.deals)
    .map(([name]) => ({
      path: ['retention', name],
      rule: `must be ${least.deals} months at least: who is a customer rests on deals of the years before`,
      fix: `set ${least.deals} months or more, or delete the line.`,
      showsValue: true,
    }));
  const unknown = Object.keys(retention)
    .filter((name) => !known.includes(name))
    .map((name) => ({
      path: ['retention', name],
      rule: 'is no object that is read here',
      fix: suggest(name, known),
      showsValue: false,
    }));
  return [...short, ...unknown];
}
