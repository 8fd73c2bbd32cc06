import type { Random } from './random.ts';
import { type AccountBook, type AccountDraft, type Customer, pickSeller } from './story-accounts.ts';
import { type Calendar, dayMs, hourMs } from './story-calendar.ts';
import type { Staff, Worker } from './story-people.ts';
import type { MonthPlan, Plan } from './story-plan.ts';

/** A deal's frame: who, what, from when to when, and how it ended. */
export interface DealDraft {
  readonly account: AccountDraft;
  readonly owner: Worker;
  readonly type: 'new' | 'expansion' | 'renewal';
  readonly source: string;
  readonly createdAt: number;
  readonly closedAt: number | null;
  readonly outcome: 'open' | 'won' | 'lost';
  /** Untouched for long, though still open. */
  readonly stale: boolean;
}

export interface DealContext {
  readonly calendar: Calendar;
  readonly plan: Plan;
  readonly staff: Staff;
  readonly book: AccountBook;
  readonly random: Random;
}

interface Source {
  readonly name: string;
  readonly weight: number;
  readonly ease: number;
}

const sources: readonly Source[] = [
  { name: 'Website', weight: 0.3, ease: 1 },
  { name: 'E-mail campaign', weight: 0.2, ease: 0.8 },
  { name: 'Referral', weight: 0.12, ease: 1.8 },
  { name: 'Trade show', weight: 0.12, ease: 1.1 },
  { name: 'Partner', weight: 0.1, ease: 1.3 },
  { name: 'Outbound call', weight: 0.16, ease: 0.6 },
];
const customerSource: Source = { name: 'Existing customer', weight: 0, ease: 1.7 };
const renewalWinShare = 0.87;

/** Month by month, since who is a customer depends on what was won before. */
export function draftDeals(context: DealContext): DealDraft[] {
  const drafts: DealDraft[] = [];
  addFirstCustomers(context);
  for (const month of context.plan.months) {
    for (const draft of draftClosed(context, month)) drafts.push(draft);
    for (const draft of draftRenewals(context, month)) drafts.push(draft);
  }
  for (let index = 0; index < context.plan.openDeals; index++) drafts.push(draftOpen(context));
  return drafts;
}

/** They were loaded into the CRM when it was introduced; a year of renewals at the first months' pace. */
function addFirstCustomers({ book, calendar, plan, random }: DealContext): void {
  const pace = plan.months.slice(1, 4).map((month) => month.renewals);
  const count = Math.max(3, 4 * pace.reduce((total, renewals) => total + renewals, 0));
  for (let index = 0; index < count; index++) {
    const at = calendar.from + random.int(0, 7200) * 1000;
    book.addCustomer(book.addProspect(at), at);
  }
}

interface Candidate {
  readonly account: AccountDraft;
  readonly owner: Worker;
  readonly source: Source;
  readonly customer: Customer | null;
  readonly closedAt: number;
}

function draftClosed(context: DealContext, month: MonthPlan): DealDraft[] {
  const candidates = Array.from({ length: month.closed }, () => makeCandidate(context, month));
  const won = pickWinners(candidates, month.won, context.random);
  return candidates.map((candidate) => {
    const outcome = won.has(candidate) ? 'won' : 'lost';
    const type = candidate.customer ? 'expansion' : 'new';
    const draft = { ...frame(context, candidate, { type, outcome }), outcome, type, stale: false } as const;
    if (outcome === 'won' && type === 'new') context.book.addCustomer(draft.account, candidate.closedAt);
    return draft;
  });
}

function makeCandidate(context: DealContext, month: MonthPlan): Candidate {
  const { book, random } = context;
  const closedAt = pickClosing(context, month);
  const customer = random.chance(0.28) ? book.pickCustomer(random, closedAt - 30 * dayMs) : null;
  const account = customer?.account ?? pickProspect(context, closedAt);
  const source = customer ? customerSource : random.pickWeighted(sources, (each) => each.weight);
  return { account, owner: ownerOf(context, account, closedAt), source, customer, closedAt };
}

/** Mostly somebody new; now and then somebody who said no before. */
function pickProspect({ book, random }: DealContext, closedAt: number): AccountDraft {
  const known = book.accounts.length > 20 && random.chance(0.12) ? random.pick(book.accounts) : null;
  return known && known.createdAt < closedAt - 60 * dayMs ? known : book.addProspect(closedAt - dayMs);
}

/** Deals bunch in the last week of a month; in the first month, none closes in the first week. */
function pickClosing({ calendar, random }: DealContext, { month }: MonthPlan): number {
  const days = month.index === 0 ? month.workdays.slice(5) : month.workdays;
  const day = random.pickWeighted(days, (each) => (each >= month.endDay - 7 ? 1.7 : 1));
  return calendar.officeTime(random, day);
}

function ownerOf({ staff, random }: DealContext, account: AccountDraft, until: number): Worker {
  const { owner } = account;
  const present = owner.person.since <= until - 30 * dayMs && owner.until >= until;
  if (present && random.chance(0.9)) return owner;
  return pickSeller(staff, account.team, { from: until - 60 * dayMs, to: until }, random);
}

/** As many as planned, the likelier ones more often (weighted sampling without replacement, Efraimidis and Spirakis). */
function pickWinners(
  candidates: readonly Candidate[],
  count: number,
  random: Random,
): ReadonlySet<Candidate> {
  const ranked = candidates.map((candidate) => {
    const ease = candidate.owner.skill * candidate.source.ease * candidate.account.segment.ease;
    return { candidate, rank: Math.log(1 - random.next()) / ease };
  });
  ranked.sort((a, b) => b.rank - a.rank);
  return new Set(ranked.slice(0, count).map(({ candidate }) => candidate));
}

function draftRenewals(context: DealContext, month: MonthPlan): DealDraft[] {
  const { book, random } = context;
  const drafts: DealDraft[] = [];
  for (let index = 0; index < month.renewals; index++) {
    const closedAt = pickClosing(context, month);
    const customer = book.takeRenewal();
    const account = customer?.account ?? book.addProspect(calendarStart(context));
    const outcome = random.chance(renewalWinShare) ? 'won' : 'lost';
    const owner = ownerOf(context, account, closedAt);
    const candidate = { account, owner, source: customerSource, customer, closedAt };
    const type = 'renewal';
    drafts.push({ ...frame(context, candidate, { type, outcome }), outcome, type, stale: false });
    if (customer && outcome === 'won') book.keepCustomer(customer);
    if (customer && outcome === 'lost') customer.lost = true;
  }
  return drafts;
}

/** Runs backwards from the closing, since the month's closings are what was planned. */
function frame(
  context: DealContext,
  candidate: Candidate,
  ends: { readonly type: DealDraft['type']; readonly outcome: 'won' | 'lost' },
): Pick<DealDraft, 'account' | 'owner' | 'source' | 'createdAt' | 'closedAt'> {
  const { account, owner, source, closedAt, customer } = candidate;
  const days = Math.min(300, Math.max(1, context.random.logNormal(typicalDays(account, owner, ends), 0.45)));
  const earliest = Math.max(
    calendarStart(context),
    owner.person.since < closedAt - 10 * dayMs ? owner.person.since : 0,
    customer && customer.since < closedAt - 10 * dayMs ? customer.since : 0,
  );
  const createdAt = findCreation(context, { closedAt, days, earliest });
  knowSince(account, createdAt, context);
  return { account, owner, source: source.name, createdAt, closedAt };
}

function typicalDays(
  account: AccountDraft,
  owner: Worker,
  ends: { readonly type: DealDraft['type']; readonly outcome: DealDraft['outcome'] },
): number {
  const byType = { new: 1, expansion: 0.7, renewal: 1.2 }[ends.type];
  const byOutcome = ends.outcome === 'lost' ? 0.85 : 1;
  return account.segment.cycleDays * byType * byOutcome * owner.pace;
}

function findCreation(
  { calendar, random }: DealContext,
  want: { readonly closedAt: number; readonly days: number; readonly earliest: number },
): number {
  const room = want.closedAt - want.earliest;
  const length = Math.min(want.days * dayMs, room * random.between(0.3, 1));
  const at = calendar.snapToOffice(random, want.closedAt - length);
  if (at <= want.closedAt - 2 * hourMs) return at;
  let day = calendar.dayOf(want.closedAt) - 1;
  while (!calendar.isWorkday(day)) day -= 1;
  return calendar.officeTime(random, day);
}

function calendarStart({ calendar }: DealContext): number {
  const day = calendar.months[0]?.workdays[0] ?? calendar.today;
  return calendar.toInstant(day, 9 * 3600);
}

/** An account is in the CRM before its deals are, most often since shortly before. */
function knowSince(account: AccountDraft, dealCreatedAt: number, { calendar, random }: DealContext): void {
  const gap = random.chance(0.6) ? random.int(60, 900) * 1000 : random.int(2, 300) * hourMs;
  if (account.createdAt < dealCreatedAt) return;
  account.createdAt = Math.max(calendar.from, dealCreatedAt - gap);
}

function draftOpen(context: DealContext): DealDraft {
  const { book, calendar, random } = context;
  const customer = random.chance(0.25) ? book.pickCustomer(random, calendar.now - 60 * dayMs) : null;
  const account = customer?.account ?? book.addProspect(calendar.now);
  const owner = pickSeller(context.staff, account.team, { from: calendar.now, to: calendar.now }, random);
  const stale = random.chance(0.07);
  const usual = account.segment.cycleDays * random.between(0.02, 1.1);
  const days = stale ? random.between(130, 240) : usual;
  const earliest = Math.max(calendarStart(context), owner.person.since);
  const createdAt = calendar.snapToOffice(random, Math.max(earliest, calendar.now - days * dayMs));
  knowSince(account, createdAt, context);
  const source = customer ? customerSource : random.pickWeighted(sources, (each) => each.weight);
  const type = customer ? 'expansion' : 'new';
  return { account, owner, source: source.name, type, createdAt, closedAt: null, outcome: 'open', stale };
}
