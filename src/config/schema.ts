import { z } from 'zod';
import { grains } from '../model/period.ts';
import { createZone } from '../model/zone.ts';
import {
  alertSchema,
  deadlineSchema,
  freshnessSchema,
  metricsSchema,
  scheduledJobSchema,
} from './operations-schema.ts';
import { reportSchema, serveSchema } from './report-schema.ts';
import { retentionSchema } from './retention.ts';

/** Settings are parsed once in a process: making code of a schema first takes longer than the parse itself. */
export const parsedOnce = { jitless: true } as const;

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

/** 0.1 or "10%". */
export const share = z.union(
  [
    z.number().min(0).max(1),
    z
      .string()
      .regex(/^\d+(\.\d+)?\s*%$/)
      .transform(percentToShare),
  ],
  { error: 'must be a share such as 0.1 or 10%' },
);

export function percentToShare(text: string): number {
  return Number((Number.parseFloat(text) / 100).toPrecision(12));
}

const apiBudget = z
  .union(
    [
      z.number(),
      z
        .string()
        .regex(/^\d+(\.\d+)?\s*%$/)
        .transform(percentToShare),
    ],
    {
      error: 'must be between 1% and 100%',
    },
  )
  .refine((value) => value >= 0.01 && value <= 1, 'must be between 1% and 100%');

export const isoDate = z.string().refine(isDate, 'must be a date such as 2024-01-31');

export function isDate(text: string): boolean {
  const instant = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(text);
}

function isZone(name: string): boolean {
  try {
    return createZone(name).name === name;
  } catch {
    return false;
  }
}

const emailBotFilter = z
  .union([z.boolean(), z.array(z.strictObject({ since: isoDate, on: z.boolean() })).min(1)], {
    error: 'must be true, false, or a list such as [{ since: 2026-05-01, on: false }]',
  })
  .transform((value) =>
    typeof value === 'boolean'
      ? [{ since: null, on: value }]
      : value.toSorted((a, b) => (a.since < b.since ? -1 : 1)),
  );

const name = z.string().min(1);
const timeZone = z.string().refine(isZone, 'must be an IANA time zone such as Europe/Madrid');
const currency = z
  .string()
  .refine((code) => Intl.supportedValuesOf('currency').includes(code), 'must be a currency code such as EUR');

/** Keys of a connection that every connector shares; all others belong to the connector. */
export const connectionSchema = z.strictObject({
  connector: name.describe('the CRM: salesforce, hubspot, csv, or the path or package name of a connector'),
  objects: z
    .array(name)
    .min(1)
    .optional()
    .describe(
      'the objects to read, such as [deals, activities, tickets]; without it all that the connector has',
    ),
  since: isoDate.optional().describe('the day such as 2024-01-01 before which records are ignored'),
  apiBudget: apiBudget
    .optional()
    .describe('the share of the daily limit that this job may use, for example 20%'),
  fields: z
    .record(z.string(), name)
    .default({})
    .describe(
      'the organisation-specific source of a column or dimension, such as account.category: Segment__c',
    ),
  entities: z
    .record(
      z.string(),
      z.record(z.string(), z.union([z.string(), z.number()], { error: 'must be a text or a number' })),
    )
    .default({})
    .describe('a table fed from another object, such as survey_answer: { object: Case, score: CSAT__c }'),
  publish: z
    .boolean()
    .default(false)
    .describe('true where results are written back into this CRM, else false'),
  emailBotFilter: emailBotFilter
    .optional()
    .describe(
      'whether the CRM leaves software out of the opens and clicks that it counts: true (as HubSpot does) or false, or a list such as [{ since: 2026-05-01, on: false }] of the days on which it was switched; without it true',
    ),
});

const publishSchema = z
  .strictObject({
    periods: z
      .int()
      .min(1)
      .default(3)
      .describe('how many periods are kept up to date: the current and those before'),
    segments: z
      .array(name)
      .default(['company', 'team', 'owner'])
      .describe('the segments that are written back'),
    kpis: z
      .union([z.enum(['goals', 'all']), z.array(name)], { error: 'must be goals, all, or a list of KPIs' })
      .default('goals')
      .describe('goals (only KPIs that have goals, at their grain), all, or a list of KPIs'),
    tasks: z
      .strictObject({
        max: z
          .int()
          .min(1)
          .max(100)
          .default(10)
          .describe('how many of these tasks may be open at the same time in one CRM'),
      })
      .nullable()
      .default(null)
      .describe('tasks in the CRM for results that turn off target, such as { max: 10 }; without it none'),
  })
  .prefault({});

/** The file but for what stands inside each connection and goal, which are checked one by one. */
export const fileSchema = z.strictObject({
  timeZone: timeZone
    .optional()
    .describe(
      'the business time zone, such as Europe/Madrid: it decides in which period a fact falls; without it that of the CRM',
    ),
  language: z
    .enum(['en', 'es'])
    .default('en')
    .describe('the language of labels, reports and texts in the CRM: en or es'),
  currency: currency
    .optional()
    .describe(
      'the reporting currency, such as EUR, into which all amounts are converted; without it that of the CRM, where it tells',
    ),
  weekStart: z.enum(weekdays).default('monday').describe('the first day of the week'),
  fiscalYearStart: z
    .int()
    .min(1)
    .max(12)
    .default(1)
    .describe('the month, 1 to 12, in which the fiscal year starts; without it that of the CRM, else 1'),
  fiscalYearName: z
    .enum(['end', 'start'])
    .default('end')
    .describe('end where a fiscal year is named after the year in which it ends, else start'),
  calendar: name
    .optional()
    .describe('a csv file with your own periods (4-4-5, 13 periods): grain, label, start, end'),
  businessHours: z
    .unknown()
    .optional()
    .describe(
      'working hours, { days, from, to, holidays, teams }, or a list of such: for durations and pace; without it those of the CRM',
    ),
  pausedStatuses: z
    .array(name)
    .default([])
    .describe(
      "ticket statuses in which the agent's clock stands still, such as [Waiting on customer], beside those that the CRM marks",
    ),
  store: name.default('./data/crm-kpi.db').describe('the file of the store'),
  connections: z
    .record(z.string(), z.unknown())
    .describe('the CRMs to read, each under a name of your choice'),
  kpis: z.array(name).optional().describe('the KPIs to compute; without it every KPI that has data'),
  grains: z
    .array(z.enum(grains))
    .min(1)
    .default(['month', 'quarter', 'year'])
    .describe('the grains computed for every KPI, beside those that goals name'),
  segments: z
    .array(name)
    .default(['company', 'team', 'owner'])
    .describe('the segments computed where they make sense'),
  history: z.int().min(0).max(1200).default(24).describe('how many months of results before the current one'),
  goals: z.array(z.unknown()).default([]).describe('what is promised: a KPI, a period and a target each'),
  publish: publishSchema.describe('what is written back into the CRM'),
  schedule: z.array(scheduledJobSchema).default([]).describe('the jobs of `crm-kpi schedule`'),
  alerts: z.array(alertSchema).default([]).describe('who is told of what'),
  freshness: freshnessSchema.prefault({}).describe('how old data may be: { store: 26h, crm: 50h }'),
  deadline: deadlineSchema.optional(),
  reports: z.array(reportSchema).default([]).describe('saved reports, for `crm-kpi report --name`'),
  serve: serveSchema.prefault({}).describe('the dashboard: where it listens, who may see it'),
  retention: retentionSchema
    .default({})
    .describe('how long records are kept, by object, such as { activities: 36 months }; without it for ever'),
  metrics: metricsSchema.prefault({}).describe('where measurements go: { textfile: PATH, port: 9464 }'),
});

export type FileSettings = z.output<typeof fileSchema>;
export type ConnectionInput = z.output<typeof connectionSchema>;
