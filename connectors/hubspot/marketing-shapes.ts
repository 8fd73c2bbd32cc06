import { z } from 'zod';
import { id, listOf, next, optionalBool, optionalText, recordPage } from './shapes.ts';

const counters = z.record(z.string(), z.coerce.number().catch(0));
export type Counters = z.output<typeof counters>;
const emailShape = z.object({
  id,
  name: optionalText,
  state: optionalText,
  type: optionalText,
  publishDate: optionalText,
  campaign: id.nullish().catch(null),
  createdAt: optionalText,
  updatedAt: optionalText,
  archived: optionalBool,
  archivedAt: optionalText,
  stats: z
    .object({ counters: counters.nullish().catch(null) })
    .nullish()
    .catch(null),
});
export type EmailRecord = z.output<typeof emailShape>;
export const oneEmail = emailShape;
export const emailPage = z.object({
  total: z.coerce.number().optional().catch(undefined),
  results: listOf(emailShape),
  paging: next.optional(),
});

export type EmailPage = z.output<typeof emailPage>;

const statistics = z
  .object({ counters: counters.nullish().catch(null) })
  .nullish()
  .catch(null);
/** `aggregateStatistic` is what an older page of the documentation calls `aggregations`. */
export const emailHistogram = z.object({
  total: z.coerce.number().optional().catch(undefined),
  results: listOf(
    z.object({
      aggregations: statistics,
      aggregateStatistic: statistics,
      interval: z.object({
        start: z.union([z.string(), z.number()]).transform(String),
        end: z.union([z.string(), z.number()]).transform(String),
      }),
    }),
  ),
});

const rateShape = z.object({
  id: id.nullish().catch(null),
  fromCurrencyCode: optionalText,
  toCurrencyCode: optionalText,
  conversionRate: z.coerce.number().nullish().catch(null),
  effectiveAt: optionalText,
  createdAt: optionalText,
  updatedAt: optionalText,
});
export type RateRecord = z.output<typeof rateShape>;
export const ratePage = z.object({ results: listOf(rateShape), paging: next.optional() });
export type RatePage = z.output<typeof ratePage>;

export const campaignPage = recordPage.extend({ total: z.coerce.number().optional().catch(undefined) });
export type CampaignPage = z.output<typeof campaignPage>;

const count = z.coerce.number().nullish().catch(null);
export const campaignMetrics = z.object({
  sessions: count,
  newContactsFirstTouch: count,
  influencedContacts: count,
});
export type CampaignMetrics = z.output<typeof campaignMetrics>;
export const campaignRevenue = z.object({
  dealAmount: count,
  dealsNumber: count,
  revenueAmount: count,
  currencyCode: optionalText,
});
export type CampaignRevenue = z.output<typeof campaignRevenue>;
const items = listOf(z.unknown());
export const campaignBudget = z.object({
  budgetItems: items,
  spendItems: items,
  budgetTotal: count,
  spendTotal: count,
  currencyCode: optionalText,
});
export type CampaignBudget = z.output<typeof campaignBudget>;
