import { z } from 'zod';
import { durationClocks } from '../model/goal.ts';
import { grains } from '../model/period.ts';
import { isoDate, percentToShare, share } from './schema.ts';

const name = z.string().min(1);

const amount = z.union(
  [
    z.number(),
    z
      .string()
      .regex(/^\d+(\.\d+)?\s*%$/)
      .transform(percentToShare),
  ],
  { error: 'must be a number' },
);

const pair = z
  .tuple([amount, amount])
  .refine(([lo, hi]) => lo <= hi, 'must be [LO, HI] with LO not above HI')
  .transform(([lo, hi]) => ({ lo, hi }));

const yearly = z.strictObject({
  year: z.number().describe('the target of the whole fiscal year'),
  spread: z.enum(['even', 'business_days']).default('even').describe('even, or business_days'),
});

const fromFile = z.strictObject({
  file: name.describe('a csv file with the columns period, kind, id, target'),
});

const fromQuotas = z.strictObject({
  from: z.literal('quotas').describe('quotas: as quotas and goals stand in the CRMs'),
});

const byPeriod = z.record(z.string(), amount);

const target = z.union([amount, yearly, fromFile, fromQuotas, byPeriod], {
  error:
    'must be a number, targets by period such as { 2026-Q4: 0.27 }, { year: N, spread: even }, { file: quotas.csv }, or { from: quotas }',
});

const range = z.union([pair, z.record(z.string(), pair)], {
  error: 'must be [LO, HI], or such pairs by period',
});

const baseline = z.union(
  [
    z.strictObject({ periods: z.int().min(3).max(120) }),
    z.strictObject({ value: amount, from: z.union([z.string(), z.number()]).transform(String) }),
  ],
  { error: 'must be { periods: N } with N of at least 3, or { value: N, from: "where it comes from" }' },
);

/** One entry of `goals`. That exactly one target is given is checked beside it. */
export const goalSchema = z.strictObject({
  kpi: name.describe('the KPI that the goal is about'),
  every: z.enum(grains).describe('the period of the promise: day, week, month, quarter or year'),
  atLeast: target.optional().describe('the least that is promised'),
  atMost: target.optional().describe('the most that is promised'),
  between: range.optional().describe('the range that is promised, [LO, HI]'),
  by: z
    .record(
      z.string(),
      z.record(z.string(), z.union([amount, byPeriod], { error: 'must be a number, or numbers by period' })),
    )
    .optional()
    .describe('the targets of single segments, such as { team: { "00G5e0001": 120000 } }'),
  weight: z.number().min(0).default(1).describe('the weight in the overall score'),
  segments: z.array(name).min(1).optional().describe('the segments that are judged; without it [company]'),
  baseline: baseline
    .default({ periods: 12 })
    .describe('where you started: { periods: 12 }, or { value: N, from: "..." }'),
  warnTolerance: share.default(0.1).describe('the share of the target up to which a miss is only at_risk'),
  exceedTolerance: share.default(0.1).describe('the share of the target from which a goal is exceeded'),
  minN: z
    .int()
    .min(0)
    .default(5)
    .describe('the number of records below which a ratio or duration is not judged'),
  clock: z
    .enum(durationClocks)
    .optional()
    .describe('calendar or business hours, or agent (without paused statuses), for durations'),
  statistic: z.enum(['p50', 'p90', 'mean']).optional().describe('p50, p90 or mean, for durations'),
  pacing: z
    .enum(['linear', 'business', 'seasonal'])
    .default('linear')
    .describe(
      'how a sum is expected to grow through the period: linear, business or seasonal; the trend of seasonal months compares each with the same month of other years',
    ),
  ramp: z
    .strictObject({ from: isoDate, to: isoDate })
    .refine(({ from, to }) => from < to, 'must begin before it ends')
    .optional()
    .describe(
      'the days { from, to } over which the target is reached from the baseline, for ratios, durations and stocks',
    ),
  newHires: z
    .array(share)
    .min(1)
    .max(36)
    .optional()
    .describe(
      'shares of the target asked of a person in the first, second ... month since they came, such as [0.25, 0.5, 0.75]',
    ),
  accountable: name.optional().describe('who answers for it'),
  reason: name.optional().describe('why this goal'),
  id: z
    .string()
    .regex(/^[^\s|]+$/, 'must have no blanks and no |')
    .optional()
    .describe('the id of the goal; without it it follows from the KPI and the period'),
});

export type GoalInput = z.output<typeof goalSchema>;
