import type { Company, Deal, DealStage, Lead } from '../../../../src/sandbox/company.ts';
import { salesforceId } from '../ids.ts';
import { tableOf } from '../org.ts';
import { addRow } from '../records/table.ts';
import { forecastKey } from '../seed.ts';
import { addNext, orNull, type Story, seconds, stamps } from './write.ts';

const types = { new: 'New Business', expansion: 'Existing Business', renewal: 'Renewal' } as const;
const history = { name: 'OpportunityHistory', prefix: '008' };

const labelOf = (stage: DealStage) =>
  stage.outcome === 'open' ? stage.label : `Closed ${stage.outcome === 'won' ? 'Won' : 'Lost'}`;
const percentOf = (stage: DealStage) => Math.round(stage.probability * 100);

function forecastOf(stage: DealStage): string {
  if (stage.outcome !== 'open') return stage.outcome === 'won' ? 'Closed' : 'Omitted';
  if (stage.probability >= 0.7) return 'Commit';
  return stage.probability >= 0.5 ? 'Best Case' : 'Pipeline';
}

export function writeStages({ company, org }: Story): void {
  company.stages.forEach((stage, index) => {
    addRow(tableOf(org, 'OpportunityStage'), {
      Id: salesforceId('01J', index + 1),
      MasterLabel: labelOf(stage),
      ApiName: labelOf(stage),
      IsActive: true,
      SortOrder: index + 1,
      IsClosed: stage.outcome !== 'open',
      IsWon: stage.outcome === 'won',
      DefaultProbability: percentOf(stage),
      ForecastCategory: forecastKey(forecastOf(stage)),
      ForecastCategoryName: forecastOf(stage),
      CreatedDate: seconds(company.from),
      LastModifiedDate: seconds(company.from),
      SystemModstamp: seconds(company.from),
    });
  });
}

export function writeCustomers({ org, idOf }: Story, made: Pick<Company, 'accounts' | 'contacts'>): void {
  for (const account of made.accounts) {
    const by = idOf.person(account.owner);
    addRow(tableOf(org, 'Account'), {
      Id: idOf.account(account.id),
      Name: account.name,
      Type: 'Customer - Direct',
      Industry: account.industry,
      Segment__c: account.segment,
      BillingCountry: account.country,
      NumberOfEmployees: account.employees,
      OwnerId: by,
      ...stamps(account.createdAt, account.createdAt, by),
    });
  }
  for (const contact of made.contacts) {
    const by = idOf.person(contact.owner);
    addRow(tableOf(org, 'Contact'), {
      Id: idOf.contact(contact.id),
      AccountId: idOf.account(contact.account),
      FirstName: contact.first,
      LastName: contact.last,
      Name: `${contact.first} ${contact.last}`,
      Email: contact.email,
      OwnerId: by,
      ...stamps(contact.createdAt, contact.createdAt, by),
    });
  }
}

export function writeDeals(story: Story, deals: readonly Deal[]): void {
  const stages = new Map(story.company.stages.map((stage) => [stage.key, stage]));
  for (const deal of deals) {
    writeDeal(story, stages, deal);
    writeHistory(story, stages, deal);
  }
}

function writeDeal({ org, idOf }: Story, stages: ReadonlyMap<string, DealStage>, deal: Deal): void {
  const stage = stages.get(deal.stage);
  if (!stage) return;
  const by = idOf.person(deal.owner);
  const last = deal.history.findLast((entry, index) => entry.stage !== deal.history[index - 1]?.stage);
  addRow(tableOf(org, 'Opportunity'), {
    Id: idOf.deal(deal.id),
    Name: deal.name,
    AccountId: idOf.account(deal.account),
    ContactId: idOf.contact(deal.contact),
    OwnerId: by,
    StageName: labelOf(stage),
    IsClosed: stage.outcome !== 'open',
    IsWon: stage.outcome === 'won',
    Probability: percentOf(stage),
    ForecastCategory: forecastKey(forecastOf(stage)),
    ForecastCategoryName: forecastOf(stage),
    Amount: deal.amount,
    ...(org.currencies.length > 1 ? { CurrencyIsoCode: org.currencies[0] ?? null } : {}),
    CloseDate: deal.closedOn ?? deal.expectedCloseOn,
    Type: types[deal.type],
    LeadSource: deal.source,
    CampaignId: deal.campaign === null ? null : idOf.campaign(deal.campaign),
    NextStep: deal.nextStep,
    Loss_Reason__c: deal.lostReason,
    LastStageChangeDate: orNull(last?.at ?? null),
    ...stamps(deal.createdAt, deal.modifiedAt, by),
    CreatedById: idOf.person(deal.history[0]?.by ?? deal.owner),
  });
}

function writeHistory({ org, idOf }: Story, stages: ReadonlyMap<string, DealStage>, deal: Deal): void {
  deal.history.forEach((entry, index) => {
    const stage = stages.get(entry.stage);
    if (!stage) return;
    const before = deal.history[index - 1];
    const closed = stage.outcome !== 'open' && deal.closedOn !== null;
    addNext(org, history, {
      OpportunityId: idOf.deal(deal.id),
      StageName: labelOf(stage),
      Amount: entry.amount,
      CloseDate: closed ? deal.closedOn : entry.expectedCloseOn,
      Probability: percentOf(stage),
      ForecastCategory: forecastKey(forecastOf(stage)),
      PrevAmount: before?.amount ?? null,
      PrevCloseDate: before?.expectedCloseOn ?? null,
      IsDeleted: false,
      CreatedDate: seconds(entry.at),
      CreatedById: idOf.person(entry.by),
    });
  });
}

const leadStatus = {
  open: 'Open - Not Contacted',
  working: 'Working - Contacted',
  converted: 'Closed - Converted',
  unqualified: 'Closed - Not Converted',
} as const;

export function writeLeads(story: Story, leads: readonly Lead[]): void {
  for (const lead of leads) writeLead(story, lead);
}

function writeLead({ org, idOf, dayOf }: Story, lead: Lead): void {
  const by = idOf.person(lead.owner);
  const { convertedAt, account, contact, deal } = lead;
  addRow(tableOf(org, 'Lead'), {
    Id: idOf.lead(lead.id),
    FirstName: lead.first,
    LastName: lead.last,
    Name: `${lead.first} ${lead.last}`,
    Company: lead.company,
    Email: lead.email,
    LeadSource: lead.source,
    Status: leadStatus[lead.status],
    OwnerId: by,
    IsConverted: convertedAt !== null,
    ConvertedDate: convertedAt === null ? null : dayOf(convertedAt),
    ConvertedAccountId: account === null ? null : idOf.account(account),
    ConvertedContactId: contact === null ? null : idOf.contact(contact),
    ConvertedOpportunityId: deal === null ? null : idOf.deal(deal),
    ...stamps(lead.createdAt, convertedAt ?? lead.createdAt, by),
  });
}
