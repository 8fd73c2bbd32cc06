import type { ZodType } from 'zod';
import type { EntityRow } from '../../src/model/entities.ts';
import { toMinorUnits } from '../../src/model/money.ts';
import { HubspotError } from './explain.ts';
import {
  type CampaignBudget,
  type CampaignMetrics,
  type CampaignRevenue,
  campaignBudget,
  campaignMetrics,
  campaignRevenue,
} from './marketing-shapes.ts';
import { rawPaths } from './paths.ts';
import { isRefused, type Session } from './session.ts';

/** What HubSpot tells of one campaign by calls of its own; it learns on the way which of them are refused. */
export interface CampaignFigures {
  read(campaign: EntityRow<'campaign'>): Promise<Partial<EntityRow<'campaign'>>>;
}

const kinds = {
  metrics: {
    path: 'reports/metrics',
    what: 'metrics of campaigns',
    columns: ['sessions', 'new_contacts', 'influenced_contacts'],
  },
  revenue: {
    path: 'reports/revenue',
    what: 'revenue of campaigns',
    columns: ['attributed_deals', 'attributed_minor'],
  },
  budget: { path: 'budget/totals', what: 'budgets of campaigns', columns: ['cost_minor', 'budget_minor'] },
} as const;
type Kind = keyof typeof kinds;

export function createCampaignFigures(session: Session): CampaignFigures {
  const ask = createAsk(session);
  return {
    read: async (campaign) => {
      const { id } = campaign;
      const lacksMoney = campaign.cost_minor == null || campaign.budget_minor == null;
      const [metrics, revenue, budget] = await Promise.all([
        ask('metrics', id, campaignMetrics),
        ask('revenue', id, campaignRevenue),
        lacksMoney ? ask('budget', id, campaignBudget) : null,
      ]);
      return {
        ...(metrics && reachOf(metrics)),
        ...(revenue && revenueOf(revenue, campaign)),
        ...(budget && moneyOf(budget, campaign)),
      };
    },
  };
}

type Ask = <T>(kind: Kind, id: string, shape: ZodType<T>) => Promise<T | null>;

function createAsk(session: Session): Ask {
  const refused = new Set<Kind>();
  const wanted = session.context.wanted?.campaign;
  return async (kind, id, shape) => {
    const { path, what, columns } = kinds[kind];
    if (refused.has(kind) || (wanted && !columns.some((column) => wanted.has(column)))) return null;
    try {
      const call = { what, path: `${rawPaths.campaigns}/${encodeURIComponent(id)}/${path}`, shape };
      return (await session.api.get(call)).value;
    } catch (error) {
      if (!isRefused(error) && !(error instanceof HubspotError && error.status === 400)) throw error;
      // 404 may mean this one campaign; a scope is missing for all of them.
      if (error.status === 403) {
        refused.add(kind);
        const fields = { connection: session.name, object: what, problem: error.message };
        session.log.warn(fields, 'figures.unavailable');
      }
      return null;
    }
  };
}

type Row = EntityRow<'campaign'>;

function reachOf(metrics: CampaignMetrics): Partial<Row> {
  return {
    sessions: metrics.sessions ?? null,
    new_contacts: metrics.newContactsFirstTouch ?? null,
    influenced_contacts: metrics.influencedContacts ?? null,
  };
}

function revenueOf(revenue: CampaignRevenue, { currency }: Row): Partial<Row> {
  const amount = revenue.revenueAmount ?? revenue.dealAmount;
  return {
    attributed_deals: revenue.dealsNumber ?? null,
    attributed_minor: inCurrency(amount, revenue.currencyCode, currency),
  };
}

function moneyOf(budget: CampaignBudget, { cost_minor, budget_minor, currency }: Row): Partial<Row> {
  const money = { currencyCode: budget.currencyCode, currency };
  return {
    cost_minor: cost_minor ?? totalOf(budget.spendItems, budget.spendTotal, money),
    budget_minor: budget_minor ?? totalOf(budget.budgetItems, budget.budgetTotal, money),
  };
}

/** A total without an item is what nobody entered. */
function totalOf(
  items: readonly unknown[],
  total: number | null | undefined,
  money: { readonly currencyCode?: string | null | undefined; readonly currency?: string | null | undefined },
): number | null {
  return items.length === 0 ? null : inCurrency(total, money.currencyCode, money.currency);
}

/** An amount in another currency than the campaign's is not taken for one in its own. */
function inCurrency(
  amount: number | null | undefined,
  code: string | null | undefined,
  currency: string | null | undefined,
): number | null {
  if (amount == null || !currency || (code && code.toUpperCase() !== currency)) return null;
  return toMinorUnits(String(amount), currency);
}
