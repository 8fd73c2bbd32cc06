import type { Case, Contact, Survey } from './company.ts';
import type { Random } from './random.ts';
import type { AccountBook } from './story-accounts.ts';
import { type Calendar, dayMs, hourMs } from './story-calendar.ts';
import { tellCase } from './story-case-history.ts';
import { presentWorkers, type Worker } from './story-people.ts';
import type { MonthPlan, Plan } from './story-plan.ts';

export interface ServiceSetting {
  readonly calendar: Calendar;
  readonly plan: Plan;
  readonly random: Random;
  readonly agents: readonly Worker[];
  readonly book: AccountBook;
  readonly contactsOf: ReadonlyMap<number, readonly Contact[]>;
}

/** From when to when a case was there; closedAt null: it still is. */
export interface CaseSpan {
  readonly createdAt: number;
  readonly closedAt: number | null;
  /** It took longer than the month's median. */
  readonly slow: boolean;
}

const topics: readonly {
  readonly category: string;
  readonly weight: number;
  readonly subjects: readonly string[];
}[] = [
  { category: 'Delivery', weight: 0.24, subjects: ['Order not arrived', 'Part missing in the delivery'] },
  { category: 'Defect', weight: 0.22, subjects: ['Sensor shows wrong values', 'Unit does not start'] },
  { category: 'Billing', weight: 0.18, subjects: ['Question about the invoice', 'Wrong amount charged'] },
  { category: 'How-to', weight: 0.2, subjects: ['How to calibrate', 'How to export readings'] },
  { category: 'Access', weight: 0.16, subjects: ['Cannot sign in', 'New user needed'] },
];
const channels = ['email', 'email', 'email', 'web', 'web', 'phone', 'phone', 'chat'] as const;
const priorities = [
  { priority: 'low', weight: 0.3, dueHours: 120 },
  { priority: 'medium', weight: 0.5, dueHours: 72 },
  { priority: 'high', weight: 0.2, dueHours: 24 },
] as const;

/** Numbered in the order of creation. */
export function makeCases(setting: ServiceSetting): Case[] {
  const spans = setting.plan.months.flatMap((month) => drawSpans(month, setting));
  for (let index = 0; index < setting.plan.openCases; index++) spans.push(drawOpenSpan(setting));
  spans.sort((a, b) => a.createdAt - b.createdAt);
  return spans.map((span, index) => makeCase(span, index + 1, setting));
}

/** Half of the month's cases faster than its median, half slower, the middle one (or two) exact. */
function drawSpans({ month, casesClosed, resolutionHours }: MonthPlan, setting: ServiceSetting): CaseSpan[] {
  const medianMs = Math.round(resolutionHours * 3600) * 1000;
  const half = Math.floor((casesClosed - 1) / 2);
  const days = month.index === 0 ? month.workdays.slice(5) : month.workdays;
  return Array.from({ length: casesClosed }, (_, index) => {
    const side = index < half ? -1 : index < 2 * half ? 1 : 0;
    return drawSpan({ days, medianMs, side }, setting);
  });
}

/** Drawn again until the customer wrote at a likely hour. */
function drawSpan(
  wanted: { readonly days: readonly number[]; readonly medianMs: number; readonly side: -1 | 0 | 1 },
  { calendar, random }: ServiceSetting,
): CaseSpan {
  for (let tries = 0; ; tries++) {
    const closedAt = calendar.officeTime(random, random.pick(wanted.days));
    const spread = wanted.side < 0 ? 0.9 : 0.6;
    const factor = wanted.side === 0 ? 1 : Math.exp(wanted.side * Math.abs(random.normal(0, spread)));
    const length = Math.floor((wanted.medianMs * factor) / 1000) * 1000;
    const createdAt = closedAt - Math.max(600_000, Math.min(length, 60 * dayMs));
    const likely = createdAt >= calendar.from && random.chance(likelihood(createdAt, calendar));
    if (likely || tries === 200) {
      return { createdAt: Math.max(createdAt, calendar.from), closedAt, slow: wanted.side > 0 };
    }
  }
}

/** Of a customer writing then: most in working hours, some at night and at weekends. */
function likelihood(at: number, calendar: Calendar): number {
  const hour = calendar.secondOf(at) / 3600;
  const byHour = hour >= 8 && hour < 19 ? 1 : hour >= 7 && hour < 23 ? 0.3 : 0.03;
  return calendar.isWorkday(calendar.dayOf(at)) ? byHour : byHour * 0.3;
}

/** Most are days old; some have been lying for weeks. */
function drawOpenSpan({ calendar, random }: ServiceSetting): CaseSpan {
  const days = random.chance(0.2) ? random.between(8, 35) : random.between(0.05, 6);
  const at = Math.floor((calendar.now - days * dayMs) / 1000) * 1000;
  const daytime = calendar.snapToOffice(random, at);
  return { createdAt: likelihood(at, calendar) > 0.2 ? at : daytime, closedAt: null, slow: days > 6 };
}

function makeCase(span: CaseSpan, id: number, setting: ServiceSetting): Case {
  const { random, book, contactsOf } = setting;
  const customer =
    book.pickCustomer(random, span.createdAt)?.account ?? random.pick(book.accounts.slice(0, 3));
  const topic = random.pickWeighted(topics, (each) => each.weight);
  const { priority, dueHours } = random.pickWeighted(priorities, (each) => each.weight);
  const channel = random.pick(channels);
  const present = presentWorkers(setting.agents, span.createdAt, span.createdAt);
  const agent = random.pickWeighted(present, (each) => each.volume).person.id;
  const told = tellCase({ span, channel, agent, colleagues: present }, setting.calendar, random);
  return {
    id,
    subject: random.pick(topic.subjects),
    account: customer.id,
    contact: pickContact(contactsOf.get(customer.id) ?? [], span.createdAt, random),
    createdAt: span.createdAt,
    priority,
    category: random.chance(0.08) ? null : topic.category,
    channel,
    closedAt: span.closedAt,
    dueAt: priority === 'low' && random.chance(0.3) ? null : span.createdAt + dueHours * hourMs,
    ...told,
  };
}

function pickContact(contacts: readonly Contact[], at: number, random: Random): number {
  const known = contacts.filter((contact) => contact.createdAt <= at);
  return random.pick(known.length > 0 ? known : contacts).id;
}

const comments = ['Quick and friendly', 'It took too long', 'Solved at once', 'Had to ask twice'];

/** Sent an hour after the last closure to most customers; about three in ten answer. */
export function makeSurveys(cases: readonly Case[], calendar: Calendar, random: Random): Survey[] {
  const surveys: Survey[] = [];
  const closed = cases.filter((each) => each.closedAt !== null && each.closedAt + hourMs <= calendar.now);
  for (const each of closed.toSorted((a, b) => (a.closedAt ?? 0) - (b.closedAt ?? 0))) {
    if (!random.chance(0.92)) continue;
    const sentAt = (each.closedAt ?? 0) + hourMs;
    const answeredAt = sentAt + Math.floor(random.logNormal(9 * 3600, 1.1)) * 1000;
    const answered = random.chance(0.32) && answeredAt <= calendar.now;
    surveys.push({
      id: surveys.length + 1,
      case: each.id,
      account: each.account,
      contact: each.contact,
      sentAt,
      answeredAt: answered ? answeredAt : null,
      score: answered ? scoreOf(each, random) : null,
      comment: answered && random.chance(0.3) ? random.pick(comments) : null,
    });
  }
  return surveys;
}

/** 1 to 5; who waits for long is less content. */
function scoreOf(each: Case, random: Random): number {
  const days = ((each.closedAt ?? each.createdAt) - each.createdAt) / dayMs;
  const score = 4.6 - 0.35 * Math.min(days, 6) + random.normal(0, 0.9);
  return Math.max(1, Math.min(5, Math.round(score)));
}
