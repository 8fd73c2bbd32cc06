import { z } from 'zod';
import { parseCron } from '../model/cron.ts';
import { alertEvents } from '../model/operations.ts';
import { createZone } from '../model/zone.ts';

const units: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 };

/** `2h`, `1h30m`, `90s`, in ms; null: it is no such text. */
export function parseDuration(text: string): number | null {
  if (!/^(\d+(\.\d+)?\s*[dhms]\s*)+$/i.test(text.trim())) return null;
  let ms = 0;
  for (const [, amount, unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)\s*([dhms])/gi))
    ms += Number(amount) * (units[unit.toLowerCase()] ?? 0);
  return ms;
}

const duration = z
  .string({ error: 'must be a duration such as 2h or 90m' })
  .refine((text) => (parseDuration(text) ?? -1) >= 0, 'must be a duration such as 2h or 90m');

const longDuration = duration.refine(
  (text) => parseDuration(text) !== 0,
  'must be a duration of more than nothing, such as 2h or 90m',
);

const timeOfDay = z
  .string({ error: 'must be a time of day in quotes, such as "08:00"' })
  .regex(/^([01]?\d|2[0-3]):[0-5]\d$/, 'must be a time of day in quotes, such as "08:00"');

function isZone(name: string): boolean {
  try {
    return createZone(name).name === name;
  } catch {
    return false;
  }
}

export const timeZone = z.string().refine(isZone, 'must be an IANA time zone such as Europe/Madrid');

export const cron = z
  .string({ error: 'must be a cron expression such as "30 2 * * *"' })
  .superRefine((text, context) => {
    const parsed = parseCron(text);
    if ('problem' in parsed) context.addIssue({ code: 'custom', message: parsed.problem });
  });

const names = z.array(z.string().min(1)).min(1);

export const scheduledJobSchema = z.strictObject({
  run: z
    .string()
    .min(1)
    .describe('the job: all, sync, evaluate or publish, or the name of a connection to sync'),
  connections: names
    .optional()
    .describe('the connections that are synced and written to, such as [sales]; without it all'),
  cron: cron.describe('when, as a cron expression such as "30 2 * * *"'),
  timeZone: timeZone
    .optional()
    .describe('the time zone of the cron expression; without it the business time zone'),
  jitter: duration.optional().describe('a start is put off by a random time up to this, such as 10m'),
  missed: z
    .union([z.enum(['once', 'skip']), duration], { error: 'must be once, skip, or a duration such as 12h' })
    .default('once')
    .describe('once (a start that was missed is made up for), skip, or 12h (only if no later than that)'),
  overlap: z
    .enum(['skip', 'queue'])
    .default('skip')
    .describe('skip or queue: what becomes of a start while the one before still runs'),
  deadline: longDuration
    .optional()
    .describe('the time after which the job stops on purpose, such as 2h; the next one goes on'),
});

export const webAddress = z
  .string()
  .refine(isSafeAddress, 'must be an https address; plain http is for this machine only');

/** What is sent may tell of the business: only https, but for loopback. */
function isSafeAddress(text: string): boolean {
  const url = URL.parse(text);
  if (!url) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[?::1\]?)$/i.test(host);
}

export const mailSchema = z.strictObject({
  host: z.string().min(1).describe('the mail server, such as smtp.example.com'),
  port: z.int().min(1).max(65_535).default(587).describe('its port: 587 (STARTTLS) or 465 (TLS)'),
  secure: z.boolean().optional().describe('true for TLS from the start; without it for port 465 only'),
  user: z.string().min(1).optional().describe('the user who signs in there'),
  password: z.string().min(1).optional().describe('their password, as a reference to a secret'),
  from: z.string().min(1).describe("the sender's address"),
  to: z
    .union([z.string().min(1), names], { error: 'must be an address or a list of them' })
    .describe("the receivers' addresses"),
});

export const webhook = z.union(
  [webAddress, z.strictObject({ url: webAddress, headers: z.record(z.string(), z.string()).optional() })],
  { error: 'must be an https address, or { url, headers }' },
);

export const alertSchema = z
  .strictObject({
    on: z
      .array(z.enum(alertEvents))
      .min(1)
      .describe(`the events: any of ${alertEvents.join(', ')}`),
    name: z.string().min(1).optional().describe('a name for it, for `alerts test --to NAME`'),
    slack: webAddress.optional().describe('the address of an incoming webhook of Slack'),
    webhook: webhook.optional().describe('an address that takes a POST with JSON'),
    email: mailSchema.optional().describe('a mail server with sender and receivers'),
    quietHours: z
      .strictObject({
        from: timeOfDay.describe('the start, such as "22:00"'),
        to: timeOfDay.describe('the end, such as "07:00"'),
      })
      .optional()
      .describe('{ from: "22:00", to: "07:00" }: what comes up meanwhile is sent at their end'),
    digest: timeOfDay.optional().describe('a time of day such as "08:00": all of a day in one message'),
    timeZone: timeZone.optional().describe('the zone of these times; without it the business time zone'),
  })
  .refine(
    ({ slack, webhook, email }) => slack !== undefined || webhook !== undefined || email !== undefined,
    {
      error: 'must say where to: slack, webhook or email',
    },
  );

export const metricsSchema = z.strictObject({
  textfile: z
    .string()
    .min(1)
    .optional()
    .describe('a .prom file, written at the end of each job, for a textfile collector'),
  port: z
    .int()
    .min(0)
    .max(65_535)
    .optional()
    .describe('the port on this machine on which `schedule` serves them'),
});

export const freshnessSchema = z.strictObject({
  store: longDuration.default('26h').describe('how old data in the store may be, such as 26h'),
  crm: longDuration.default('50h').describe('how old the figures in the CRM may be, such as 50h'),
});

export const deadlineSchema = longDuration.describe(
  'the time after which any job stops on purpose, such as 2h; the next one goes on',
);

export type ScheduledJobInput = z.output<typeof scheduledJobSchema>;
export type AlertInput = z.output<typeof alertSchema>;
