import type { SandboxAnswer } from '../../../src/sandbox/server.ts';
import { readInputs, readNames, requireText } from './body.ts';
import { type Call, refuseWithheld, requireScopes } from './call.ts';
import { pageByOffset } from './paging.ts';
import type { Campaign } from './portal.ts';
import { toIso } from './read-value.ts';
import { invalid, notFound } from './refusal.ts';

const campaignProperties = [
  'hs_name',
  'hs_start_date',
  'hs_end_date',
  'hs_notes',
  'hs_audience',
  'hs_goal',
  'hs_owner',
  'hs_currency_code',
  'hs_created_by_user_id',
  'hs_campaign_status',
  'hs_object_id',
  'hs_utm',
  'hs_color_hex',
  'hs_budget_items_sum_amount',
  'hs_spend_items_sum_amount',
];

function openCampaigns(call: Call, scope = 'marketing.campaigns.read'): void {
  refuseWithheld(call, ['marketing_campaigns', 'campaigns'], [scope]);
  requireScopes(call, [scope], 'professional');
}

function showCampaign({ id, properties, createdAt, updatedAt }: Campaign, names: readonly string[]): object {
  const unknown = names.find((name) => !campaignProperties.includes(name));
  if (unknown !== undefined) throw invalid(`Unknown campaign property ${unknown}`);
  const shown: Record<string, string | null> = {};
  for (const name of names) shown[name] = properties[name] ?? null;
  return { id, properties: shown, createdAt, updatedAt };
}

export function listCampaigns(call: Call): SandboxAnswer {
  openCampaigns(call);
  const names = readNames(call.query, 'properties');
  const all = [...call.portal.campaigns.values()];
  const { total, results, paging } = pageByOffset(call, all, { standard: 50, max: 100 });
  return {
    status: 200,
    body: { total, results: results.map((each) => showCampaign(each, names)), ...paging },
  };
}

function pickCampaign(call: Call): Campaign {
  const campaign = call.portal.campaigns.get(call.params.id ?? '');
  if (!campaign) throw notFound();
  return campaign;
}

export function getCampaign(call: Call): SandboxAnswer {
  openCampaigns(call);
  return { status: 200, body: showCampaign(pickCampaign(call), readNames(call.query, 'properties')) };
}

export function readCampaignBatch(call: Call): SandboxAnswer {
  openCampaigns(call);
  const names = readNames(call.query, 'properties');
  const inputs = readInputs(call.body, 50).map((input) => requireText(input.id, 'id'));
  const found = inputs.flatMap((id) => call.portal.campaigns.get(id) ?? []);
  const at = toIso(call.portal.now());
  const results = found.map((campaign) => showCampaign(campaign, names));
  return { status: 200, body: { status: 'COMPLETE', results, startedAt: at, completedAt: at } };
}

export function campaignMetrics(call: Call): SandboxAnswer {
  openCampaigns(call);
  const { influencedContacts, reports } = pickCampaign(call);
  const { sessions = 0, newContactsFirstTouch = 0, newContactsLastTouch = 0 } = reports;
  return { status: 200, body: { sessions, newContactsFirstTouch, newContactsLastTouch, influencedContacts } };
}

export function campaignRevenue(call: Call): SandboxAnswer {
  openCampaigns(call, 'marketing.campaigns.revenue.read');
  const { influencedContacts, reports } = pickCampaign(call);
  const { dealAmount = 0, dealsNumber = 0, revenueAmount = 0 } = reports;
  return {
    status: 200,
    body: {
      contactsNumber: influencedContacts,
      dealAmount,
      dealsNumber,
      revenueAmount,
      currencyCode: call.portal.currency,
    },
  };
}

export function campaignBudget(call: Call): SandboxAnswer {
  openCampaigns(call);
  const { properties, reports } = pickCampaign(call);
  const budgetTotal = reports.budgetTotal ?? Number(properties.hs_budget_items_sum_amount ?? 0);
  const spendTotal = reports.spendTotal ?? Number(properties.hs_spend_items_sum_amount ?? 0);
  const item = (amount: number) => (amount === 0 ? [] : [{ id: '1', name: 'Total', amount, order: 0 }]);
  const body = {
    budgetItems: item(budgetTotal),
    spendItems: item(spendTotal),
    budgetTotal,
    spendTotal,
    remainingBudget: budgetTotal - spendTotal,
    currencyCode: call.portal.currency,
  };
  return { status: 200, body };
}

export function campaignAssets(call: Call): SandboxAnswer {
  openCampaigns(call);
  const campaign = pickCampaign(call);
  const isEmail = call.params.assetType === 'MARKETING_EMAIL';
  const emails = isEmail
    ? [...call.portal.emails.values()].filter((email) => email.campaign === campaign.id)
    : [];
  return { status: 200, body: { results: emails.map(({ id, name }) => ({ id, name })) } };
}
