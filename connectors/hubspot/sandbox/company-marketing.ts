import type { Company } from '../../../src/sandbox/company.ts';
import { ids, type Part } from './company-seed.ts';
import { fillCounters } from './email-counters.ts';
import type { Campaign, MarketingEmail, Portal } from './portal.ts';
import { toIso } from './read-value.ts';

/** E-mails in preparation: they have no statistics, so that a list with statistics leaves them out. */
const drafts = ['Autumn catalogue', 'Invitation to the open day'];

export function seedMarketing(portal: Portal, company: Company): void {
  for (const campaign of company.campaigns) {
    portal.campaigns.set(ids.campaign(campaign.id), toCampaign(campaign, company));
  }
  const names = new Map(company.campaigns.map(({ id, name }) => [id, name]));
  for (const email of company.emails) {
    const shown = toEmail(email, names.get(email.campaign) ?? null);
    portal.emails.set(shown.id, shown);
  }
  const last = Math.max(0, ...company.emails.map(({ id }) => id));
  for (const [index, name] of drafts.entries()) {
    const draft = toDraft(ids.email(last + 1 + index), name, company.now);
    portal.emails.set(draft.id, draft);
  }
}

function toCampaign(campaign: Part<'campaigns'>, { now, currency }: Company): Campaign {
  const { startsOn, endsOn, createdAt } = campaign;
  const today = toIso(now).slice(0, 10);
  const status = endsOn < today ? 'completed' : startsOn > today ? 'planned' : 'in_progress';
  const money = (amount: number | null) => (amount === null ? null : `${amount}`);
  return {
    id: ids.campaign(campaign.id),
    properties: {
      hs_name: campaign.name,
      hs_start_date: startsOn,
      hs_end_date: endsOn,
      hs_owner: `${ids.owner(campaign.owner)}`,
      hs_notes: campaign.kind,
      hs_currency_code: currency,
      hs_campaign_status: status,
      hs_object_id: `${campaign.id}`,
      hs_budget_items_sum_amount: money(campaign.budget),
      hs_spend_items_sum_amount: money(campaign.cost),
    },
    createdAt: toIso(createdAt),
    updatedAt: toIso(createdAt),
    influencedContacts: campaign.members.filter(({ respondedAt }) => respondedAt !== null).length,
    reports: {},
  };
}

function toEmail(email: Part<'emails'>, campaignName: string | null): MarketingEmail {
  const sentAt = toIso(email.sentAt);
  return {
    id: `${ids.email(email.id)}`,
    name: email.name,
    subject: email.subject,
    state: 'PUBLISHED',
    type: 'BATCH_EMAIL',
    publishDate: sentAt,
    campaign: ids.campaign(email.campaign),
    campaignName,
    createdAt: sentAt,
    updatedAt: sentAt,
    archived: false,
    sends: null,
    counters: fillCounters({
      selected: email.sent,
      sent: email.sent,
      delivered: email.delivered,
      open: email.opensUnique,
      click: email.clickersUnique,
      bounce: email.bounced,
      hardbounced: email.bounced,
      unsubscribed: email.unsubscribed,
      spamreport: email.spam,
    }),
  };
}

function toDraft(id: number, name: string, now: number): MarketingEmail {
  return {
    id: `${id}`,
    name,
    subject: name,
    state: 'DRAFT',
    type: 'BATCH_EMAIL',
    publishDate: null,
    campaign: null,
    campaignName: null,
    createdAt: toIso(now),
    updatedAt: toIso(now),
    archived: false,
    counters: null,
    sends: null,
  };
}
