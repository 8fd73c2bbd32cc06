import type { Contact, Deal, Lead } from './company.ts';
import type { Random } from './random.ts';
import { pickSeller } from './story-accounts.ts';
import { type Calendar, dayMs, hourMs } from './story-calendar.ts';
import { industries, makeEmail, makePersonName, type NameCompany } from './story-names.ts';
import type { Staff } from './story-people.ts';

export interface LeadSetting {
  readonly calendar: Calendar;
  readonly random: Random;
  readonly staff: Staff;
  readonly nameCompany: NameCompany;
  /** Share of the usual number of leads. */
  readonly detail: number;
  readonly contacts: ReadonlyMap<number, Contact>;
  readonly accountNames: ReadonlyMap<number, string>;
}

type Draft = Omit<Lead, 'id'>;

const convertedShare = 0.45;
const lostPerConverted = 1.9;
const neverTouched = 0.07;

/** Leads that became deals, and about twice as many that did not. In the order of creation. */
export function makeLeads(deals: readonly Deal[], setting: LeadSetting): Lead[] {
  const { random, detail } = setting;
  const drafts: Draft[] = [];
  let owed = 0;
  for (const deal of deals) {
    if (deal.type !== 'new' || !random.chance(convertedShare * detail)) continue;
    drafts.push(makeConverted(deal, setting));
    for (owed += lostPerConverted; owed >= 1; owed -= 1) drafts.push(makeOther(deal, setting));
  }
  drafts.sort((a, b) => a.createdAt - b.createdAt);
  return drafts.map((draft, index) => ({ id: index + 1, ...draft }));
}

function makeConverted(deal: Deal, { calendar, random, contacts, accountNames }: LeadSetting): Draft {
  const contact = contacts.get(deal.contact);
  const lag = Math.max(600_000, wholeSeconds(random.logNormal(4 * dayMs, 0.9)));
  return {
    first: contact?.first ?? '',
    last: contact?.last ?? '',
    company: accountNames.get(deal.account) ?? '',
    email: contact?.email ?? '',
    source: deal.source,
    owner: deal.owner,
    createdAt: Math.max(calendar.from, deal.createdAt - lag),
    campaign: deal.campaign,
    convertedAt: deal.createdAt,
    deal: deal.id,
    account: deal.account,
    contact: deal.contact,
    status: 'converted',
  };
}

/** They come around the clock, at about the pace of the others. */
function makeOther(deal: Deal, { calendar, random, staff, nameCompany }: LeadSetting): Draft {
  const drift = random.int(-20 * 24, 10 * 24) * hourMs + random.int(0, 3599) * 1000;
  const createdAt = Math.min(
    calendar.now - random.int(60, 7200) * 1000,
    Math.max(calendar.from, deal.createdAt + drift),
  );
  const { team, countries } = random.pickWeighted(staff.salesTeams, (each) => each.weight);
  const country = random.pick(countries);
  const company = nameCompany(random.pick(industries), country);
  const person = makePersonName(random, country);
  return {
    ...person,
    company: company.name,
    email: makeEmail(person, company.domain),
    source: deal.source,
    owner: pickSeller(staff, team.id, { from: createdAt, to: createdAt }, random).person.id,
    createdAt,
    campaign: random.chance(0.5) ? deal.campaign : null,
    convertedAt: null,
    deal: null,
    account: null,
    contact: null,
    status: pickStatus(createdAt, calendar, random),
  };
}

/** Untouched leads stay `open`; the share is of all leads, converted ones included. */
function pickStatus(createdAt: number, calendar: Calendar, random: Random): Lead['status'] {
  const share = (neverTouched * (1 + lostPerConverted)) / lostPerConverted;
  const fresh = createdAt > calendar.now - dayMs / 2;
  if (fresh || random.chance(share)) return 'open';
  const recent = createdAt > calendar.now - 30 * dayMs;
  return random.chance(recent ? 0.6 : 0.05) ? 'working' : 'unqualified';
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
