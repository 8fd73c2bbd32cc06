import type { Company, CompanyOptions } from '../../../../src/sandbox/company.ts';
import { makeCompany } from '../../../../src/sandbox/story.ts';
import type { Org } from '../org.ts';
import { completeField, datetime, double, type FieldSpec, longText, pick, text } from '../schema/fields.ts';
import { withFields } from '../schema/object.ts';
import { seedOrg } from '../seed.ts';
import { writeActivities } from './activities.ts';
import { writeMarketing } from './marketing.ts';
import { writePeople } from './people.ts';
import { writeCustomers, writeDeals, writeLeads, writeStages } from './sales.ts';
import { writeCases } from './service.ts';
import { createStory, type Frame } from './write.ts';

/** Fields that this company's administrator added. */
const customFields: Readonly<Record<string, Readonly<Record<string, FieldSpec>>>> = {
  Account: { Segment__c: pick('Enterprise|Mid-market|Small business') },
  Opportunity: { Loss_Reason__c: text(255) },
  Case: {
    CSAT__c: double(18, 0, { label: 'CSAT' }),
    CSAT_Comment__c: longText(),
    CSAT_Answered__c: datetime(),
  },
  Campaign: {
    Emails_Delivered__c: double(18, 0),
    Emails_Opened__c: double(18, 0),
    Emails_Opened_By_Software__c: double(18, 0),
    Emails_Clicked__c: double(18, 0),
    Emails_Bounced__c: double(18, 0),
    Emails_Unsubscribed__c: double(18, 0),
    Emails_Marked_Spam__c: double(18, 0),
  },
};

/** Fills the organisation with the made-up company. */
export function writeStory(org: Org, options: CompanyOptions): void {
  // With many deals the lists are large: each is let go as soon as it is written.
  const made: Partial<Company> & Frame & Pick<Company, 'name'> = { ...makeCompany(options) };
  const { accounts = [], leads = [] } = made;
  addCustomFields(org, accounts);
  const story = createStory(
    { from: made.from, now: made.now, timeZone: made.timeZone, stages: made.stages },
    org,
  );
  writeStages(story);
  seedOrg(org, made.name);
  writePeople(story, { teams: made.teams ?? [], people: made.people ?? [] });
  writeDeals(story, takeList(made, 'deals'));
  writeActivities(story, takeList(made, 'activities'));
  writeCustomers(story, { accounts, contacts: takeList(made, 'contacts') });
  writeLeads(story, leads);
  writeCases(story, { cases: takeList(made, 'cases'), surveys: takeList(made, 'surveys') });
  writeMarketing(story, { campaigns: takeList(made, 'campaigns'), emails: takeList(made, 'emails'), leads });
}

type ListName = 'deals' | 'activities' | 'contacts' | 'cases' | 'surveys' | 'campaigns' | 'emails';

function takeList<N extends ListName>(
  made: { -readonly [K in ListName]?: Company[K] },
  name: N,
): Company[N] | [] {
  const list = made[name];
  delete made[name];
  return list ?? [];
}

function addCustomFields(org: Org, accounts: Company['accounts']): void {
  for (const [name, specs] of Object.entries(customFields)) {
    const object = org.objects.get(name.toLowerCase());
    const fields = Object.entries(specs).map(([field, spec]) => completeField(field, spec));
    if (object)
      org.objects.set(name.toLowerCase(), withFields(object, [...fields, ...pickedIndustry(name, accounts)]));
  }
}

function pickedIndustry(object: string, accounts: Company['accounts']) {
  if (object !== 'Account') return [];
  const industries = [...new Set(accounts.map((account) => account.industry))].sort();
  return [completeField('Industry', pick(industries.join('|')))];
}
