import type { Account, Contact } from './company.ts';
import type { Random } from './random.ts';
import { type Calendar, dayMs, hourMs } from './story-calendar.ts';
import { industries, makeEmail, makePersonName, type NameCompany } from './story-names.ts';
import { presentWorkers, type Staff, type Worker } from './story-people.ts';

/** An account while the story is being told: its first deal decides since when it is in the CRM. */
export interface AccountDraft {
  readonly id: number;
  readonly name: string;
  readonly domain: string;
  readonly industry: string;
  readonly segment: Segment;
  readonly country: string;
  readonly team: number;
  owner: Worker;
  readonly employees: number;
  createdAt: number;
}

export interface Customer {
  readonly account: AccountDraft;
  readonly since: number;
  lost: boolean;
}

export interface Segment {
  readonly name: string;
  readonly weight: number;
  readonly employees: number;
  /** Medians of a first purchase. */
  readonly amount: number;
  readonly cycleDays: number;
  /** How much likelier than others such a deal is won. */
  readonly ease: number;
}

export const segments: readonly Segment[] = [
  { name: 'Small business', weight: 0.55, employees: 25, amount: 6_500, cycleDays: 21, ease: 1.15 },
  { name: 'Mid-market', weight: 0.33, employees: 220, amount: 24_000, cycleDays: 44, ease: 1 },
  { name: 'Enterprise', weight: 0.12, employees: 2_400, amount: 88_000, cycleDays: 80, ease: 0.7 },
];

/** The accounts so far, and which of them are customers. */
export interface AccountBook {
  readonly accounts: readonly AccountDraft[];
  /** A new prospect, known from `at` on. */
  addProspect(at: number): AccountDraft;
  addCustomer(account: AccountDraft, since: number): void;
  /** The customer whose contract was made or renewed longest ago; null without customers. */
  takeRenewal(): Customer | null;
  /** The renewal was won: its turn comes again. */
  keepCustomer(customer: Customer): void;
  /** Any customer who has been one at `at`; null if none is found. */
  pickCustomer(random: Random, at: number): Customer | null;
}

export function createAccountBook(founding: Founding): AccountBook {
  const accounts: AccountDraft[] = [];
  const customers: Customer[] = [];
  const renewals: Customer[] = [];
  let nextRenewal = 0;
  return {
    accounts,
    addProspect: (at) => {
      const account = makeAccount(founding, accounts.length + 1, at);
      accounts.push(account);
      return account;
    },
    addCustomer: (account, since) => {
      const customer = { account, since, lost: false };
      customers.push(customer);
      renewals.push(customer);
    },
    takeRenewal: () => renewals[nextRenewal++] ?? null,
    keepCustomer: (customer) => void renewals.push(customer),
    pickCustomer: (from, at) => {
      for (let tries = 0; tries < 12 && customers.length > 0; tries++) {
        const customer = from.pick(customers);
        if (!customer.lost && customer.since < at) return customer;
      }
      return null;
    },
  };
}

export interface Founding {
  readonly calendar: Calendar;
  readonly staff: Staff;
  readonly random: Random;
  readonly nameCompany: NameCompany;
}

function makeAccount(
  { calendar, staff, random, nameCompany }: Founding,
  id: number,
  at: number,
): AccountDraft {
  const { team, countries } = random.pickWeighted(staff.salesTeams, (each) => each.weight);
  const country = random.pick(countries);
  const industry = random.pick(industries);
  const segment = random.pickWeighted(segments, (each) => each.weight);
  return {
    id,
    ...nameCompany(industry, country),
    industry,
    segment,
    country,
    team: team.id,
    owner: pickSeller(staff, team.id, { from: at - 60 * dayMs, to: at }, random),
    employees: Math.max(3, Math.round(random.logNormal(segment.employees, 0.5))),
    createdAt: Math.max(calendar.from, at),
  };
}

/** A seller of the team who was there all the time, the busier ones more often. */
export function pickSeller(
  staff: Staff,
  team: number,
  during: { readonly from: number; readonly to: number },
  random: Random,
): Worker {
  const own = staff.sellers.filter((seller) => seller.person.team === team);
  const present = presentWorkers(own, during.from, during.to);
  const all = present.length > 0 ? present : presentWorkers(staff.sellers, during.from, during.to);
  return random.pickWeighted(all, (seller) => seller.volume);
}

export function toAccount(draft: AccountDraft): Account {
  const { id, name, industry, country, createdAt, employees } = draft;
  return {
    id,
    name,
    industry,
    segment: draft.segment.name,
    country,
    owner: draft.owner.person.id,
    createdAt,
    employees,
  };
}

/** One to three people per account; the first has been known as long as the account itself. */
export function makeContacts(drafts: readonly AccountDraft[], calendar: Calendar, random: Random): Contact[] {
  const contacts: Contact[] = [];
  for (const account of drafts) {
    const count = random.pickWeighted([1, 2, 3], (each) => 1 / each);
    const emails = new Set<string>();
    for (let index = 0; index < count; index++) {
      const name = makePersonName(random, account.country);
      const email = makeEmail(name, account.domain);
      const createdAt = index === 0 ? account.createdAt : laterDay(account.createdAt, calendar, random);
      if (emails.has(email) || createdAt > calendar.now) continue;
      emails.add(email);
      const owner = account.owner.person.id;
      contacts.push({ id: contacts.length + 1, account: account.id, ...name, email, createdAt, owner });
    }
  }
  return contacts;
}

function laterDay(at: number, calendar: Calendar, random: Random): number {
  return calendar.nextOpening(at + random.int(1, 200) * hourMs) + random.int(0, 3600) * 1000;
}
