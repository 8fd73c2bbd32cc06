import { z } from 'zod';
import type { Language } from '../model/kpi.ts';
import { grains } from '../model/period.ts';
import type { SavedReport } from '../model/report.ts';

const name = z.string().min(1);

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
});

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

export function buildReports(
  saved: readonly z.output<typeof reportSchema>[],
  language: Language,
): readonly SavedReport[] {
  return saved.map((report) => ({
    ...report,
    title: report.title ?? null,
    grain: report.grain ?? null,
    period: report.period ?? null,
    language: report.language ?? language,
  }));
}

export function buildServe(serve: z.output<typeof serveSchema>) {
  return {
    host: serve.host ?? null,
    port: serve.port ?? null,
    passwordHash: serve.passwordHash ?? null,
    token: serve.token ?? null,
    url: serve.url ?? null,
  };
}
