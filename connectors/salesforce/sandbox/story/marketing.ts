import type { Campaign, Company, MarketingEmail } from '../../../../src/sandbox/company.ts';
import { tableOf } from '../org.ts';
import { addRow, rowById } from '../records/table.ts';
import { addNext, orNull, type Story, stamps } from './write.ts';

const member = { name: 'CampaignMember', prefix: '00v' };
const listEmail = { name: 'ListEmail', prefix: '0XB' };

export function writeMarketing(story: Story, made: Pick<Company, 'campaigns' | 'emails' | 'leads'>): void {
  for (const campaign of made.campaigns) {
    writeCampaign(story, campaign);
    for (const each of campaign.members) writeMember(story, campaign.id, each);
  }
  tableOf(story.org, 'Campaign').lastNumber = emailOffset + made.emails.length;
  for (const email of made.emails) writeEmail(story, email);
  for (const lead of made.leads) {
    if (lead.campaign === null) continue;
    const person = {
      LeadId: story.idOf.lead(lead.id),
      LeadOrContactId: story.idOf.lead(lead.id),
      Type: 'Lead',
    };
    addMember(
      story,
      { ...person, FirstName: lead.first, LastName: lead.last },
      { campaign: lead.campaign, sentAt: lead.createdAt, respondedAt: lead.createdAt },
    );
  }
}

function statusOf({ company, dayOf }: Story, campaign: Campaign): string {
  const today = dayOf(company.now);
  if (campaign.startsOn > today) return 'Planned';
  return campaign.endsOn < today ? 'Completed' : 'In Progress';
}

/** Figures of e-mails stand at the campaigns of the single e-mails, below the one that they belong to. */
function writeCampaign(story: Story, campaign: Campaign): void {
  const { org, idOf } = story;
  const by = idOf.person(campaign.owner);
  const status = statusOf(story, campaign);
  addRow(tableOf(org, 'Campaign'), {
    Id: idOf.campaign(campaign.id),
    Name: campaign.name,
    Type: campaign.kind === 'Email' ? 'Email Series' : campaign.kind,
    Status: status,
    StartDate: campaign.startsOn,
    EndDate: campaign.endsOn,
    BudgetedCost: campaign.budget,
    ActualCost: campaign.cost,
    IsActive: status === 'In Progress',
    NumberOfContacts: campaign.members.length,
    NumberOfResponses: campaign.members.filter((each) => each.respondedAt !== null).length,
    OwnerId: by,
    ...stamps(campaign.createdAt, campaign.createdAt, by),
  });
}

function writeMember(story: Story, campaign: number, each: Campaign['members'][number]): void {
  const id = story.idOf.contact(each.contact);
  const contact = rowById(tableOf(story.org, 'Contact'), id);
  const name = { FirstName: contact?.FirstName ?? null, LastName: contact?.LastName ?? null };
  addMember(story, { ContactId: id, LeadOrContactId: id, Type: 'Contact', ...name }, { campaign, ...each });
}

function addMember(
  { org, idOf, dayOf }: Story,
  person: Readonly<Record<string, string | number | boolean | null>>,
  touch: { campaign: number; sentAt: number; respondedAt: number | null },
): void {
  const { respondedAt, sentAt } = touch;
  const responded = respondedAt !== null;
  addNext(org, member, {
    CampaignId: idOf.campaign(touch.campaign),
    ...person,
    Name: [person.FirstName, person.LastName].filter(Boolean).join(' '),
    Status: responded ? 'Responded' : 'Sent',
    HasResponded: responded,
    FirstRespondedDate: responded ? dayOf(respondedAt) : null,
    ...stamps(sentAt, respondedAt ?? sentAt, org.integrationUserId),
  });
}

/** Ids of campaigns of single e-mails start behind those of the company's campaigns. */
const emailOffset = 100_000;

function writeEmail({ org, idOf, dayOf, company }: Story, email: MarketingEmail): void {
  const by = idOf.person(email.owner);
  const campaignId = idOf.campaign(emailOffset + email.id);
  const day = dayOf(email.sentAt);
  const settledAt = Math.min(email.sentAt + 72 * 3_600_000, company.now);
  addRow(tableOf(org, 'Campaign'), {
    Id: campaignId,
    ParentId: idOf.campaign(email.campaign),
    Name: email.name,
    Type: 'Email',
    Status: 'Completed',
    StartDate: day,
    EndDate: day,
    IsActive: false,
    NumberSent: email.sent,
    Emails_Delivered__c: email.delivered,
    Emails_Opened__c: email.opensUnique,
    Emails_Opened_By_Software__c: email.opensUnreliable,
    Emails_Clicked__c: email.clickersUnique,
    Emails_Bounced__c: email.bounced,
    Emails_Unsubscribed__c: email.unsubscribed,
    Emails_Marked_Spam__c: email.spam,
    OwnerId: by,
    ...stamps(email.sentAt, settledAt, by),
  });
  addNext(org, listEmail, {
    Name: email.name,
    Subject: email.subject,
    Status: 'Sent',
    ScheduledDate: orNull(email.sentAt),
    TotalSent: email.sent,
    CampaignId: campaignId,
    OwnerId: by,
    ...stamps(email.sentAt, email.sentAt, by),
  });
}
