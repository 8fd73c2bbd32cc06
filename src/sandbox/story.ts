import { RunError } from '../model/errors.ts';
import type { Activity, Company, CompanyOptions } from './company.ts';
import { plantProblems } from './plant.ts';
import { createRandom } from './random.ts';
import { createAccountBook, makeContacts, toAccount } from './story-accounts.ts';
import { makeActivities } from './story-activities.ts';
import { createCalendar } from './story-calendar.ts';
import { draftDeals } from './story-deals.ts';
import { makeEmails } from './story-emails.ts';
import { dealStages } from './story-history.ts';
import { makeLeads } from './story-leads.ts';
import { addMembers, makeCampaignFrames } from './story-marketing.ts';
import { createCompanyNames } from './story-names.ts';
import { makeStaff } from './story-people.ts';
import { planMonths } from './story-plan.ts';
import { makeDeals } from './story-records.ts';
import { makeCases, makeSurveys } from './story-service.ts';

/**
 * A maker of measuring instruments that sells to businesses in six countries. Its last two complete months are worth
 * comparing: sales conversion goes from 15 % to 18 %, case resolution from 48 to 30 hours, and the open rate of its
 * e-mails stays at 25 %. The same options give the same company.
 */
export function makeCompany(options: CompanyOptions): Company {
  checkSize(options.size);
  const scene = setScene(options);
  const sales = tellSales(scene);
  const service = tellService(scene, sales);
  const company: Company = {
    name: 'Talvera Instruments',
    currency: options.currency,
    timeZone: options.timeZone,
    now: options.now,
    from: scene.calendar.from,
    teams: scene.staff.teams,
    people: scene.staff.people,
    accounts: sales.accounts,
    contacts: sales.contacts,
    leads: sales.leads,
    stages: dealStages,
    deals: sales.deals,
    activities: tellActivities(scene, { ...sales, ...service }),
    cases: service.cases,
    campaigns: addMembers(scene.frames, sales.contacts, scene.marketing),
    emails: makeEmails(scene.frames, scene.marketing),
    surveys: service.surveys,
  };
  return options.planted ? plantProblems(company, options.seed) : company;
}

type Scene = ReturnType<typeof setScene>;
type Sales = ReturnType<typeof tellSales>;

/** Each part draws from its own generator, so that a change in one leaves the others as they are. */
function setScene(options: CompanyOptions) {
  const random = createRandom(options.seed);
  const calendar = createCalendar(options.now, options.timeZone);
  const plan = planMonths(calendar, options.size, random.fork('plan'));
  const staff = makeStaff(calendar, options.size, random.fork('staff'));
  const audience = Math.round(4500 * Math.sqrt(options.size / 3000)) + 200;
  const marketing = {
    calendar,
    plan,
    random: random.fork('marketing'),
    marketers: staff.marketers,
    audience,
  };
  return { random, calendar, plan, staff, marketing, frames: makeCampaignFrames(marketing) };
}

function tellSales({ random, calendar, plan, staff, frames }: Scene) {
  const nameCompany = createCompanyNames(random.fork('company names'));
  const book = createAccountBook({ calendar, staff, random: random.fork('accounts'), nameCompany });
  const drafts = draftDeals({ calendar, plan, staff, book, random: random.fork('deals') });
  const contacts = makeContacts(book.accounts, calendar, random.fork('contacts'));
  const contactsOf = Map.groupBy(contacts, (contact) => contact.account);
  const deals = makeDeals(drafts, {
    calendar,
    random: random.fork('histories'),
    contactsOf,
    campaigns: frames,
  });
  const accounts = book.accounts.map(toAccount);
  const leads = makeLeads(deals, {
    calendar,
    random: random.fork('leads'),
    staff,
    nameCompany,
    detail: plan.detail,
    contacts: new Map(contacts.map((contact) => [contact.id, contact])),
    accountNames: new Map(accounts.map((account) => [account.id, account.name])),
  });
  return { book, accounts, contacts, contactsOf, deals, leads };
}

function tellService({ random, calendar, plan, staff }: Scene, { book, contactsOf }: Sales) {
  const { agents } = staff;
  const cases = makeCases({ calendar, plan, random: random.fork('service'), agents, book, contactsOf });
  return { cases, surveys: makeSurveys(cases, calendar, random.fork('surveys')) };
}

function tellActivities(
  { random, calendar, plan, staff }: Scene,
  records: Pick<Company, 'deals' | 'cases' | 'leads'>,
): readonly Activity[] {
  const workers = new Map([...staff.sellers, ...staff.agents].map((worker) => [worker.person.id, worker]));
  const setting = { calendar, random: random.fork('activities'), workers, detail: plan.detail };
  return makeActivities(records, setting);
}

function checkSize(size: number): void {
  if (Number.isInteger(size) && size >= 1) return;
  throw new RunError('usage', {
    where: 'sandbox --size',
    message: `A made-up company cannot have ${size} deals.`,
    fix: 'Give a whole number from 1 on, for example 3000.',
  });
}
