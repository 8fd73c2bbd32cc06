import { z } from 'zod';
import { grains } from '../model/period.ts';
import { reportFormats } from '../model/report.ts';
import { cron, mailSchema, timeZone, webAddress, webhook } from './operations-schema.ts';

const name = z.string().min(1);

/** When a saved report goes to whom. */
const sendSchema = z
  .strictObject({
    cron: cron
      .optional()
      .describe(
        'when `crm-kpi schedule` sends it, such as "0 7 1 * *"; without it only `crm-kpi report --name NAME --send` does',
      ),
    timeZone: timeZone
      .optional()
      .describe('the time zone of the cron expression; without it the business time zone'),
    formats: z
      .array(z.enum(reportFormats))
      .min(1)
      .default(['html'])
      .describe('any of html (the body of the mail), pdf, xlsx, csv (attached)'),
    email: mailSchema.optional().describe('a mail server with sender and receivers'),
    slack: webAddress
      .optional()
      .describe('the address of an incoming webhook of Slack: gets the figures as text, with a link'),
    webhook: webhook
      .optional()
      .describe('an address that takes a POST with JSON: gets the figures, with a link'),
  })
  .refine(
    ({ slack, webhook, email }) => slack !== undefined || webhook !== undefined || email !== undefined,
    { error: 'must say where to: email, slack or webhook' },
  );

/** A saved selection of figures. */
export const reportSchema = z.strictObject({
  name: name.describe('the name by which `crm-kpi report --name` asks for it'),
  title: name.optional().describe('the heading; without it the word report'),
  kpis: z.array(name).default([]).describe('the KPIs; without it those that have goals'),
  grain: z
    .enum(grains)
    .optional()
    .describe("the grain of its periods; without it each goal's own, else month"),
  period: name.optional().describe('one period such as 2026-10; without it the latest complete one'),
  periods: z.int().min(1).max(120).default(12).describe('how many periods are shown up to that one'),
  segments: z
    .array(name)
    .min(1)
    .default(['company'])
    .describe('company, a kind such as team (all of them compared), or one such as owner:0055e000001'),
  language: z
    .enum(['en', 'es'])
    .optional()
    .describe('its language, en or es; without it that of the settings'),
  send: sendSchema.optional().describe('to whom it is sent, and when'),
});

export type ReportInput = z.output<typeof reportSchema>;

const passwordHash = z
  .string()
  .regex(
    /^scrypt\$\d+\$\d+\$\d+\$[\w-]+\$[\w-]+$/,
    'must be a hash as `crm-kpi serve --hash-password` prints it',
  );
const token = z
  .string()
  .min(20, 'must have at least 20 characters, such as the output of `openssl rand -base64 32`');
const address = z.url({ protocol: /^https?$/, error: 'must be an address such as https://kpi.example.com' });

/** Who may see the dashboard. */
export const serveSchema = z.strictObject({
  host: name.optional().describe('the address on which it listens; without it 127.0.0.1, this machine only'),
  port: z.int().min(0).max(65_535).optional().describe('the port; without it 8080'),
  passwordHash: passwordHash
    .optional()
    .describe('the hash of the password, as `crm-kpi serve --hash-password` prints it; keep it in .env'),
  token: token
    .optional()
    .describe('a token for programs and wall screens, at least 20 characters; keep it in .env'),
  url: address
    .optional()
    .describe('the address under which others see it, where a proxy with TLS stands before it'),
});

export function buildServe(serve: z.output<typeof serveSchema>) {
  return {
    host: serve.host ?? null,
    port: serve.port ?? null,
    passwordHash: serve.passwordHash ?? null,
    token: serve.token ?? null,
    url: serve.url ?? null,
  };
}
