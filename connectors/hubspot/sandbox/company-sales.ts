import type { Company } from '../../../src/sandbox/company.ts';
import {
  addPick,
  ids,
  linkAll,
  noonOf,
  type Part,
  seedRecords,
  toHistory,
  toIsoOrNull,
  typeOf,
} from './company-seed.ts';
import { dealStage, definePipelineProperties, makePipeline } from './pipelines.ts';
import type { Contents, Portal } from './portal.ts';
import { toIso } from './read-value.ts';

const stageIds: Readonly<Record<string, string>> = {
  qualification: 'appointmentscheduled',
  discovery: 'qualifiedtobuy',
  proposal: 'presentationscheduled',
  negotiation: 'contractsent',
  won: 'closedwon',
  lost: 'closedlost',
};
const dealTypes = { new: 'newbusiness', expansion: 'existingbusiness', renewal: 'renewal' } as const;
const leadStages = {
  open: 'new-stage-id',
  working: 'attempting-stage-id',
  converted: 'qualified-stage-id',
  unqualified: 'unqualified-stage-id',
} as const;

export function seedSales(portal: Portal, company: Company): void {
  seedPipeline(portal, company);
  seedCompanies(portal, company);
  seedContacts(portal, company);
  seedDeals(portal, company);
  seedLeads(portal, company);
}

function stageId(key: string): string {
  return stageIds[key] ?? key;
}

function seedPipeline(portal: Portal, company: Company): void {
  const stages = company.stages.map(({ key, label, probability, outcome }) =>
    dealStage(stageId(key), label, outcome === 'won' ? 1 : outcome === 'lost' ? 0 : probability),
  );
  portal.pipelines.set('deals', [
    makePipeline({ id: 'default', label: 'Sales Pipeline', stages }, company.from),
  ]);
  definePipelineProperties(portal, 'deals');
}

function seedCompanies(portal: Portal, { accounts }: Company): void {
  const type = typeOf(portal, 'companies');
  addPick(portal, type, {
    name: 'segment',
    label: 'Customer segment',
    values: accounts.map(({ segment }) => segment),
  });
  seedRecords(type, {
    items: accounts,
    id: ({ id }) => ids.company(id),
    createdAt: (account) => account.createdAt,
    updatedAt: (account) => account.createdAt,
    contents: (account) =>
      plain(account.createdAt, {
        name: account.name,
        industry: account.industry,
        segment: account.segment,
        country: account.country,
        numberofemployees: `${account.employees}`,
        hubspot_owner_id: `${ids.owner(account.owner)}`,
        lifecyclestage: 'customer',
      }),
  });
}

export function plain(since: number, values: Contents['values']): Contents {
  return { values, histories: {}, since };
}

/** Contacts of accounts, and leads that are not yet contacts of one. */
function seedContacts(portal: Portal, { contacts, leads }: Company): void {
  const loose = leads.filter(({ contact }) => contact === null);
  const type = typeOf(portal, 'contacts');
  const person = (
    each: { first: string; last: string; email: string; owner: number },
    lifecyclestage: string,
  ) => ({
    firstname: each.first,
    lastname: each.last,
    email: each.email,
    hubspot_owner_id: `${ids.owner(each.owner)}`,
    lifecyclestage,
  });
  seedRecords(type, {
    items: contacts,
    id: ({ id }) => ids.contact(id),
    createdAt: ({ createdAt }) => createdAt,
    updatedAt: ({ createdAt }) => createdAt,
    contents: (contact) => plain(contact.createdAt, person(contact, 'customer')),
  });
  seedRecords(type, {
    items: loose,
    id: ({ id }) => ids.person(id),
    createdAt: ({ createdAt }) => createdAt,
    updatedAt: ({ createdAt }) => createdAt,
    contents: (lead) =>
      plain(lead.createdAt, {
        ...person(lead, 'lead'),
        company: lead.company,
        hs_lead_status: lead.status === 'unqualified' ? 'UNQUALIFIED' : 'NEW',
        hs_analytics_source: toAnalyticsSource(lead.source),
      }),
  });
  linkAll(portal, { from: 'contacts', to: 'companies' }, contacts, ({ id, account }) => [
    ids.contact(id),
    ids.company(account),
  ]);
}

/** Where a person came from, in HubSpot's own terms. */
function toAnalyticsSource(source: string): string {
  const patterns = [
    [/paid|advert/i, 'PAID_SEARCH'],
    [/search|organic/i, 'ORGANIC_SEARCH'],
    [/web/i, 'DIRECT_TRAFFIC'],
    [/mail|newsletter/i, 'EMAIL_MARKETING'],
    [/social/i, 'SOCIAL_MEDIA'],
    [/referral|partner/i, 'REFERRALS'],
    [/webinar|campaign/i, 'OTHER_CAMPAIGNS'],
  ] as const;
  return patterns.find(([pattern]) => pattern.test(source))?.[1] ?? 'OFFLINE';
}

function seedDeals(portal: Portal, { deals }: Company): void {
  const type = typeOf(portal, 'deals');
  const values = new Set<string>();
  for (const { source } of deals) values.add(source);
  addPick(portal, type, { name: 'lead_source', label: 'Lead source', values });
  seedRecords(type, {
    items: deals,
    id: ({ id }) => ids.deal(id),
    createdAt: ({ createdAt }) => createdAt,
    updatedAt: ({ modifiedAt }) => modifiedAt,
    contents: dealContents,
  });
  linkAll(portal, { from: 'deals', to: 'companies' }, deals, ({ id, account }) => [
    ids.deal(id),
    ids.company(account),
  ]);
  linkAll(portal, { from: 'deals', to: 'contacts' }, deals, ({ id, contact }) => [
    ids.deal(id),
    ids.contact(contact),
  ]);
}

function dealContents(deal: Part<'deals'>): Contents {
  const closes = (step: { readonly at: number }) => step.at === deal.closedAt;
  const toClosing = (step: { readonly at: number; readonly expectedCloseOn: string }) =>
    closes(step) ? toIso(step.at) : noonOf(step.expectedCloseOn);
  const toAmount = ({ amount }: { readonly amount: number | null }) => (amount === null ? null : `${amount}`);
  return {
    values: {
      dealname: deal.name,
      pipeline: 'default',
      dealstage: stageId(deal.stage),
      amount: toAmount(deal),
      closedate: toIsoOrNull(deal.closedAt) ?? noonOf(deal.expectedCloseOn),
      dealtype: dealTypes[deal.type],
      hubspot_owner_id: `${ids.owner(deal.owner)}`,
      hs_next_step: deal.nextStep,
      closed_lost_reason: deal.lostReason,
      lead_source: deal.source,
      hs_analytics_source: toAnalyticsSource(deal.source),
      hs_campaign: deal.campaign === null ? null : ids.campaign(deal.campaign),
    },
    // Made when asked for: a search looks at values only.
    get histories() {
      return {
        dealstage: toHistory(deal.history, ({ stage }) => stageId(stage)),
        amount: toHistory(deal.history, toAmount),
        closedate: toHistory(deal.history, toClosing),
      };
    },
    since: deal.createdAt,
  };
}

function seedLeads(portal: Portal, { leads }: Company): void {
  const type = typeOf(portal, 'leads');
  addPick(portal, type, {
    name: 'lead_source',
    label: 'Lead source',
    values: leads.map(({ source }) => source),
  });
  seedRecords(type, {
    items: leads,
    id: ({ id }) => ids.lead(id),
    createdAt: ({ createdAt }) => createdAt,
    updatedAt: ({ createdAt, convertedAt }) => convertedAt ?? createdAt,
    contents: leadContents,
  });
  linkAll(portal, { from: 'leads', to: 'contacts' }, leads, ({ id, contact }) => [
    ids.lead(id),
    contact === null ? ids.person(id) : ids.contact(contact),
  ]);
}

function leadContents(lead: Part<'leads'>): Contents {
  const first = { at: lead.createdAt, by: lead.owner, stage: leadStages.open as string };
  const last = { at: lead.convertedAt ?? lead.createdAt + 1, by: lead.owner, stage: leadStages[lead.status] };
  return {
    values: {
      hs_lead_name: `${lead.first} ${lead.last}`,
      hs_pipeline: 'lead-pipeline-id',
      hs_pipeline_stage: leadStages[lead.status],
      hs_lead_type: 'NEW_BUSINESS',
      hubspot_owner_id: `${ids.owner(lead.owner)}`,
      lead_source: lead.source,
      hs_analytics_source: toAnalyticsSource(lead.source),
    },
    // Made when asked for: a search looks at values only.
    get histories() {
      return { hs_pipeline_stage: toHistory([first, last], ({ stage }) => stage) };
    },
    since: lead.createdAt,
  };
}
