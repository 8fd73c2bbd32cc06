import type { Activity, Case, Deal, Lead } from './company.ts';
import type { Random } from './random.ts';
import { type Calendar, dayMs, hourMs } from './story-calendar.ts';
import type { Worker } from './story-people.ts';

export interface ActivitySetting {
  readonly calendar: Calendar;
  readonly random: Random;
  readonly workers: ReadonlyMap<number, Worker>;
  /** Share of the usual number of activities. */
  readonly detail: number;
}

type Kind = Activity['kind'];
/** Numbered once all are there. */
type Draft = Omit<Activity, 'id'> & { id: number };

/** What an activity is about. */
interface Subject {
  readonly owner: number;
  readonly deal: number | null;
  readonly case: number | null;
  readonly account: number | null;
  readonly contact: number | null;
  readonly lead: number | null;
}

const kinds: readonly {
  readonly kind: Kind;
  readonly weight: number;
  readonly subjects: readonly string[];
}[] = [
  { kind: 'call', weight: 0.3, subjects: ['Follow-up call', 'Qualification call', 'Call back'] },
  { kind: 'email', weight: 0.32, subjects: ['Information sent', 'Re: your question', 'Proposal sent'] },
  { kind: 'meeting', weight: 0.18, subjects: ['Discovery meeting', 'Product demonstration', 'Site visit'] },
  { kind: 'task', weight: 0.2, subjects: ['Prepare the proposal', 'Update the record', 'Check the terms'] },
];
const minutes: Readonly<Record<Kind, readonly [number, number]>> = {
  call: [3, 35],
  email: [1, 1],
  meeting: [30, 90],
  task: [10, 60],
};
const dealActivities = 4;
const caseActivities = 1.3;

/** In the order of creation. */
export function makeActivities(
  records: {
    readonly deals: readonly Deal[];
    readonly cases: readonly Case[];
    readonly leads: readonly Lead[];
  },
  setting: ActivitySetting,
): Activity[] {
  const drafts: Draft[] = [];
  for (const deal of records.deals) addForDeal(drafts, deal, setting);
  for (const each of records.cases) addForCase(drafts, each, setting);
  for (const lead of records.leads) addForLead(drafts, lead, setting);
  drafts.sort((a, b) => a.createdAt - b.createdAt);
  for (const [index, draft] of drafts.entries()) draft.id = index + 1;
  return drafts;
}

function addForDeal(drafts: Draft[], deal: Deal, setting: ActivitySetting): void {
  const { calendar, random, workers, detail } = setting;
  const end = deal.closedAt ?? calendar.now;
  const diligence = workers.get(deal.owner)?.volume ?? 1;
  const subject = { owner: deal.owner, deal: deal.id, account: deal.account, contact: deal.contact };
  for (let left = countAround(dealActivities * diligence * detail, random); left > 0; left--) {
    const at = between(deal.createdAt, end, setting);
    drafts.push(
      makeDone(
        { ...subject, case: null, lead: null },
        { kind: pickKind(random), at, from: deal.createdAt },
        setting,
      ),
    );
  }
  if (deal.closedAt === null && random.chance(0.6)) {
    drafts.push(
      makePending({ ...subject, case: null, lead: null }, between(deal.createdAt, end, setting), setting),
    );
  }
}

function addForCase(drafts: Draft[], each: Case, setting: ActivitySetting): void {
  const { calendar, random } = setting;
  const end = each.closedAt ?? calendar.now;
  const subject = {
    owner: each.owner,
    deal: null,
    case: each.id,
    account: each.account,
    contact: each.contact,
  };
  for (let left = countAround(caseActivities * setting.detail, random); left > 0; left--) {
    const kind = random.pickWeighted(kinds, (entry) => (entry.kind === 'meeting' ? 0.02 : entry.weight)).kind;
    const at = between(each.createdAt, end, setting);
    drafts.push(makeDone({ ...subject, lead: null }, { kind, at, from: each.createdAt }, setting));
  }
}

/** Leads that somebody took up: a call or mail within hours, some more later. */
function addForLead(drafts: Draft[], lead: Lead, setting: ActivitySetting): void {
  const { calendar, random } = setting;
  if (lead.status === 'open') return;
  const subject = { owner: lead.owner, deal: null, case: null, account: null, contact: null, lead: lead.id };
  const end = lead.convertedAt ?? calendar.now;
  const answeredAt = calendar.nextOpening(lead.createdAt + wholeSeconds(random.logNormal(3 * hourMs, 1)));
  const from = Math.min(answeredAt, end);
  const opening = { kind: random.chance(0.6) ? 'call' : 'email', at: from, from } as const;
  drafts.push({ ...makeDone(subject, opening, setting), direction: 'outbound' });
  const until = Math.min(end, from + 15 * dayMs);
  for (let left = random.int(0, 2); left > 0; left--) {
    const kind = random.chance(0.5) ? 'call' : 'email';
    drafts.push(makeDone(subject, { kind, at: between(from, until, setting), from }, setting));
  }
}

interface Doing {
  readonly kind: Kind;
  readonly at: number;
  /** Not entered before. */
  readonly from: number;
}

/** Calls and mails are entered when they happen; meetings and tasks are planned before. */
function makeDone(subject: Subject, { kind, at, from }: Doing, { calendar, random }: ActivitySetting): Draft {
  const [shortest, longest] = minutes[kind];
  const startsAt = kind === 'task' ? null : at;
  const endsAt = Math.min(at + random.int(shortest, longest) * 60_000, calendar.now);
  const planned = kind === 'meeting' || kind === 'task';
  const cancelled = planned && random.chance(0.06);
  const plannedAt = Math.max(from, calendar.nextOpening(at - random.int(1, 96) * hourMs));
  const createdAt = planned ? Math.min(plannedAt, at) : at;
  const direction =
    kind === 'call' || kind === 'email' ? (random.chance(0.65) ? 'outbound' : 'inbound') : null;
  return {
    id: 0,
    kind,
    subject: subjectOf(kind, random),
    ...subject,
    createdAt,
    startsAt,
    endsAt: startsAt === null ? null : endsAt,
    dueOn: kind === 'task' ? calendar.dateOf(calendar.dayOf(at) + random.int(-2, 3)) : null,
    doneAt: cancelled ? null : endsAt,
    status: cancelled ? 'cancelled' : 'done',
    direction,
    automated: kind === 'email' && direction === 'outbound' && random.chance(0.15),
    modifiedAt: cancelled ? at : endsAt,
  };
}

/** A task still to be done, one in three of them overdue. */
function makePending(subject: Subject, createdAt: number, { calendar, random }: ActivitySetting): Draft {
  const days = random.chance(0.35) ? -random.int(1, 20) : random.int(0, 21);
  const dueDay = Math.max(calendar.dayOf(createdAt), calendar.today + days);
  return {
    id: 0,
    kind: 'task',
    subject: subjectOf('task', random),
    ...subject,
    createdAt,
    startsAt: null,
    endsAt: null,
    dueOn: calendar.dateOf(dueDay),
    doneAt: null,
    status: 'open',
    direction: null,
    automated: false,
    modifiedAt: createdAt,
  };
}

function pickKind(random: Random): Kind {
  return random.pickWeighted(kinds, (each) => each.weight).kind;
}

function subjectOf(kind: Kind, random: Random): string {
  return random.pick(kinds.find((each) => each.kind === kind)?.subjects ?? [kind]);
}

/** An office time between two instants; the first one where the two lie too close. */
function between(from: number, to: number, { calendar, random }: ActivitySetting): number {
  const at = calendar.nextOpening(wholeSeconds(random.between(from, to)));
  return at >= from && at <= to ? at : from;
}

/** Whole numbers of which the mean is `mean`, from half of it to one and a half times. */
function countAround(mean: number, random: Random): number {
  return Math.floor(random.between(0.5 * mean, 1.5 * mean) + random.next());
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
