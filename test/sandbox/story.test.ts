import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import type { Company, Deal } from '../../src/sandbox/company.ts';
import { makeCompany } from '../../src/sandbox/story.ts';

const now = Date.UTC(2026, 10, 22, 10, 30, 15, 123);
const usual = { seed: 1, size: 3000, now, currency: 'EUR', timeZone: 'Europe/Madrid' };
const usualCompany = makeCompany(usual);

/** Local month `monthsBack` before the one of now, as `2026-10`. */
function monthOf(company: Company, monthsBack: number): string {
  const local = Temporal.Instant.fromEpochMilliseconds(company.now).toZonedDateTimeISO(company.timeZone);
  return local.toPlainDate().toPlainYearMonth().subtract({ months: monthsBack }).toString();
}

function localDate(company: Company, at: number): string {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(company.timeZone);
  return local.toPlainDate().toString();
}

/** [won, closed], renewals apart. */
function conversion(company: Company, month: string): readonly [number, number] {
  const closed = company.deals.filter((deal) => deal.closedOn?.startsWith(month) && deal.type !== 'renewal');
  return [closed.filter((deal) => deal.stage === 'won').length, closed.length];
}

function openRate(company: Company, month: string): number {
  const sent = company.emails.filter((email) => localDate(company, email.sentAt).startsWith(month));
  return sum(sent.map((email) => email.opensUnique)) / sum(sent.map((email) => email.delivered));
}

function medianHours(company: Company, month: string): number {
  const hours: number[] = [];
  for (const { createdAt, closedAt } of company.cases) {
    if (closedAt !== null && localDate(company, closedAt).startsWith(month))
      hours.push((closedAt - createdAt) / 36e5);
  }
  hours.sort((a, b) => a - b);
  const place = (hours.length - 1) / 2;
  return ((hours[Math.floor(place)] ?? Number.NaN) + (hours[Math.ceil(place)] ?? Number.NaN)) / 2;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

describe.each([
  usual,
  { ...usual, seed: 2, size: 1000 },
  { ...usual, seed: 3, size: 300 },
  { ...usual, seed: 4, size: 1000, now: Date.UTC(2026, 8, 1, 6), timeZone: 'America/New_York' },
  { ...usual, seed: 5, size: 3000, now: Date.UTC(2027, 0, 3, 12), timeZone: 'Asia/Kolkata' },
  { ...usual, seed: 6, size: 1000, now: Date.UTC(2026, 3, 30, 23, 59), timeZone: 'Pacific/Auckland' },
])('story of seed $seed, $size deals, $timeZone', (options) => {
  const company = makeCompany(options);
  const [later, earlier] = [monthOf(company, 1), monthOf(company, 2)];

  it('has as many deals as asked for', () => {
    expect(company.deals).toHaveLength(options.size);
  });

  it('wins 15 % of the deals closed in one month and 18 % in the next', () => {
    const [wonBefore, closedBefore] = conversion(company, earlier);
    const [wonAfter, closedAfter] = conversion(company, later);
    expect([wonBefore / closedBefore, wonAfter / closedAfter]).toEqual([0.15, 0.18]);
  });

  it('has 25 % of the e-mails opened in both months, all of them settled', () => {
    expect([openRate(company, earlier), openRate(company, later)]).toEqual([0.25, 0.25]);
    const nextMonth = Temporal.PlainYearMonth.from(later).add({ months: 1 }).toPlainDate({ day: 1 });
    const end = nextMonth.toZonedDateTime(company.timeZone).epochMilliseconds;
    const sent = company.emails.map((email) => email.sentAt).filter((at) => at < end);
    expect(Math.max(...sent)).toBeLessThanOrEqual(end - 72 * 36e5);
  });

  it('resolves cases within 48 hours in one month and 30 in the next, at the median', () => {
    expect([medianHours(company, earlier), medianHours(company, later)]).toEqual([48, 30]);
  });

  it('tells nothing that lies after now, or before its first instant', () => {
    const instants = listInstants(company);
    expect(instants.filter((at) => at > company.now || at < company.from)).toEqual([]);
    expect(instants.every((at) => at % 1000 === 0)).toBe(true);
  });

  it('has a consistent history of every deal', () => {
    expect(company.deals.filter((deal) => !isConsistent(deal, company))).toEqual([]);
  });

  it('has a consistent history of every case', () => {
    for (const each of company.cases) {
      const { history, createdAt, closedAt } = each;
      const last = history.at(-1);
      expect(history[0]).toMatchObject({ at: createdAt, status: 'new' });
      expect(last).toMatchObject({ at: each.modifiedAt, status: each.status, owner: each.owner });
      expect([each.status === 'closed', closedAt]).toEqual([
        closedAt !== null,
        closedAt === null ? null : last?.at,
      ]);
      expect(isRising(history)).toBe(true);
      if (each.firstReplyAt !== null) expect(each.firstReplyAt).toBeGreaterThan(createdAt);
      if (each.firstReplyAt !== null) expect(each.firstReplyAt).toBeLessThan(closedAt ?? company.now);
    }
  });

  it('refers only to records that are there, and were there in time', () => {
    expect(listDangling(company)).toEqual([]);
  });

  it('mails no two accounts or persons the same way', () => {
    const names = company.accounts.map((account) => account.name);
    const emails = [...company.contacts, ...company.people].map((person) => person.email);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(emails).size).toBe(emails.length);
    const addresses = new Set(emails);
    const others = company.leads.filter((lead) => lead.status !== 'converted');
    expect(others.filter((lead) => addresses.has(lead.email))).toEqual([]);
  });
});

function listInstants(company: Company): number[] {
  const instants: (number | null)[] = [];
  for (const deal of company.deals)
    instants.push(deal.createdAt, deal.modifiedAt, ...deal.history.map(({ at }) => at));
  for (const each of company.cases) instants.push(each.createdAt, each.firstReplyAt, each.modifiedAt);
  for (const { createdAt, startsAt, endsAt, doneAt, modifiedAt } of company.activities) {
    instants.push(createdAt, startsAt, endsAt, doneAt, modifiedAt);
  }
  for (const record of [...company.accounts, ...company.contacts]) instants.push(record.createdAt);
  for (const lead of company.leads) instants.push(lead.createdAt, lead.convertedAt);
  for (const campaign of company.campaigns) {
    instants.push(
      campaign.createdAt,
      ...campaign.members.flatMap((member) => [member.sentAt, member.respondedAt]),
    );
  }
  for (const email of company.emails) instants.push(email.sentAt);
  for (const survey of company.surveys) instants.push(survey.sentAt, survey.answeredAt);
  return instants.filter((at) => at !== null);
}

function isConsistent(deal: Deal, company: Company): boolean {
  const last = deal.history.at(-1);
  const closed = deal.stage === 'won' || deal.stage === 'lost';
  const closing = deal.history.findIndex((entry) => entry.stage === 'won' || entry.stage === 'lost');
  return (
    deal.history[0]?.at === deal.createdAt &&
    last?.stage === deal.stage &&
    last.amount === deal.amount &&
    last.expectedCloseOn === deal.expectedCloseOn &&
    isRising(deal.history) &&
    deal.modifiedAt >= last.at &&
    closing === (closed ? deal.history.length - 1 : -1) &&
    deal.closedAt === (closed ? last.at : null) &&
    deal.closedOn === (deal.closedAt === null ? null : localDate(company, deal.closedAt))
  );
}

function isRising(history: readonly { readonly at: number }[]): boolean {
  return history.every((entry, index) => index === 0 || entry.at > (history[index - 1]?.at ?? 0));
}

function listDangling(company: Company): string[] {
  const since = <T extends { id: number }>(records: readonly T[], at: (record: T) => number) =>
    new Map(records.map((record) => [record.id, at(record)]));
  const accounts = since(company.accounts, (account) => account.createdAt);
  const contacts = since(company.contacts, (contact) => contact.createdAt);
  const deals = since(company.deals, (deal) => deal.createdAt);
  const cases = since(company.cases, (each) => each.createdAt);
  const campaigns = since(company.campaigns, (campaign) => campaign.createdAt);
  const people = since(company.people, () => 0);
  const problems: string[] = [];
  const check = (what: string, known: ReadonlyMap<number, number>, id: number | null, at: number) => {
    if (id !== null && (known.get(id) ?? Number.POSITIVE_INFINITY) > at) problems.push(`${what} ${id}`);
  };
  for (const contact of company.contacts)
    check('contact account', accounts, contact.account, contact.createdAt);
  for (const record of [...company.deals, ...company.cases]) {
    check('account', accounts, record.account, record.createdAt);
    check('contact', contacts, record.contact, record.createdAt);
    check('owner', people, record.owner, record.createdAt);
  }
  for (const deal of company.deals) check('deal campaign', campaigns, deal.campaign, deal.createdAt);
  for (const activity of company.activities) {
    check('activity deal', deals, activity.deal, activity.createdAt);
    check('activity case', cases, activity.case, activity.createdAt);
    check('activity owner', people, activity.owner, activity.createdAt);
  }
  for (const lead of company.leads) check('lead deal', deals, lead.deal, lead.convertedAt ?? 0);
  for (const email of company.emails) check('e-mail campaign', campaigns, email.campaign, email.sentAt);
  for (const survey of company.surveys) check('survey case', cases, survey.case, survey.sentAt);
  return problems;
}

describe('makeCompany', () => {
  it('gives the same company for the same options, and another one for another seed', () => {
    const text = JSON.stringify(usualCompany);
    expect(JSON.stringify(makeCompany(usual)) === text).toBe(true);
    expect(JSON.stringify(makeCompany({ ...usual, seed: 2 })) === text).toBe(false);
  });

  it('closes about a hundred deals and 45 cases a month at its usual size, and has work at hand', () => {
    const { deals, cases, activities } = usualCompany;
    expect(conversion(usualCompany, '2026-10')).toEqual([18, 100]);
    const closed = cases.filter((each) => each.closedAt !== null);
    expect(closed.length / 24.5).toBeCloseTo(45, -1);
    expect(deals.filter((deal) => deal.closedAt === null)).toHaveLength(80);
    expect(cases.length - closed.length).toBeGreaterThanOrEqual(20);
    expect(cases.length - closed.length).toBeLessThanOrEqual(40);
    const perDeal = activities.filter((activity) => activity.deal !== null).length / deals.length;
    expect(perDeal).toBeGreaterThan(3.3);
    expect(perDeal).toBeLessThan(4.7);
  });

  it('drifts from 12 % towards 15 % over the year before', () => {
    const rates = Array.from({ length: 12 }, (_, index) => {
      const [won, closed] = conversion(usualCompany, monthOf(usualCompany, 14 - index));
      return won / closed;
    });
    expect(sum(rates.slice(0, 4)) / 4).toBeCloseTo(0.126, 2);
    expect(sum(rates.slice(8)) / 4).toBeCloseTo(0.145, 2);
  });

  it('is quiet in August', () => {
    const [, august] = conversion(usualCompany, '2026-08');
    const [, october] = conversion(usualCompany, '2026-10');
    expect(august).toBeLessThan(0.7 * october);
  });

  it('closes deals on working days in office hours, on both sides of the clock changes', () => {
    for (const deal of usualCompany.deals) {
      if (deal.closedAt === null) continue;
      const local = Temporal.Instant.fromEpochMilliseconds(deal.closedAt).toZonedDateTimeISO('Europe/Madrid');
      expect(local.dayOfWeek).toBeLessThanOrEqual(5);
      expect(local.hour).toBeGreaterThanOrEqual(8);
      expect(local.hour).toBeLessThanOrEqual(18);
    }
  });

  it('keeps records of those who left, and gives them no new ones', () => {
    const gone = usualCompany.people.filter((person) => !person.active);
    expect(gone).toHaveLength(2);
    for (const person of gone) {
      const owned = usualCompany.deals.filter((deal) => deal.owner === person.id);
      expect(owned.length).toBeGreaterThan(0);
      expect(owned.every((deal) => deal.closedAt !== null)).toBe(true);
    }
  });

  it('has the gaps that real data has', () => {
    const { deals, leads, cases, surveys, activities, campaigns } = usualCompany;
    const share = <T>(records: readonly T[], test: (record: T) => boolean) =>
      records.filter(test).length / records.length;
    expect(share(deals, (deal) => deal.amount === null)).toBeCloseTo(0.05, 1);
    expect(share(leads, (lead) => lead.status === 'open')).toBeCloseTo(0.07, 1);
    expect(share(surveys, (survey) => survey.score !== null)).toBeCloseTo(0.3, 1);
    expect(cases.some((each) => each.category === null)).toBe(true);
    expect(campaigns.some((campaign) => campaign.cost === null)).toBe(true);
    const today = localDate(usualCompany, now);
    expect(activities.some(({ status, dueOn }) => status === 'open' && dueOn !== null && dueOn < today)).toBe(
      true,
    );
    const reopened = cases.filter(({ history }) =>
      history.slice(0, -1).some(({ status }) => status === 'closed'),
    );
    expect(reopened.length).toBeGreaterThan(20);
  });

  it.each([1, 2, 7, 60])('can be as small as %i deals', (size) => {
    expect(makeCompany({ ...usual, size }).deals).toHaveLength(size);
  });

  it('refuses a size or a time zone that is none', () => {
    expect(() => makeCompany({ ...usual, size: 0 })).toThrow('cannot have 0 deals');
    expect(() => makeCompany({ ...usual, timeZone: 'Europe/Madird' })).toThrow(
      'Europe/Madird is not a time zone',
    );
  });
});
