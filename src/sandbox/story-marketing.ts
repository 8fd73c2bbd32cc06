import type { Campaign, Contact } from './company.ts';
import type { Random } from './random.ts';
import { type Calendar, dayMs, hourMs } from './story-calendar.ts';
import type { Worker } from './story-people.ts';
import type { MonthPlan, Plan } from './story-plan.ts';

export interface MarketingSetting {
  readonly calendar: Calendar;
  readonly plan: Plan;
  readonly random: Random;
  readonly marketers: readonly Worker[];
  /** Readers of the newsletter. */
  readonly audience: number;
}

type Frame = Omit<Campaign, 'members'>;

const kinds: readonly { readonly kind: string; readonly days: number; readonly cost: number }[] = [
  { kind: 'Webinar', days: 20, cost: 1_800 },
  { kind: 'Trade Show', days: 30, cost: 14_000 },
  { kind: 'Advertisement', days: 28, cost: 5_500 },
  { kind: 'Email', days: 25, cost: 900 },
  { kind: 'Referral Program', days: 45, cost: 2_500 },
];
const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
];
monthNames.push('November', 'December');

/** One newsletter programme per quarter, and a campaign each month. */
export function makeCampaignFrames(setting: MarketingSetting): Frame[] {
  const frames: Frame[] = [];
  for (const { month } of setting.plan.months) {
    if (month.workdays.length === 0) continue;
    const isQuarterStart = frames.length === 0 || month.month % 3 === 1;
    if (isQuarterStart) frames.push(makeFrame(frames.length + 1, newsletterOf(month), setting));
    const { kind, days, cost } = setting.random.pick(kinds);
    const name = `${kind} ${monthNames[month.month - 1]} ${month.year}`;
    const startDay =
      month.workdays[setting.random.int(0, Math.min(4, month.workdays.length - 1))] ?? month.firstDay;
    frames.push(makeFrame(frames.length + 1, { kind, name, startDay, days, cost }, setting));
  }
  return frames;
}

interface FrameWish {
  readonly kind: string;
  readonly name: string;
  readonly startDay: number;
  readonly days: number;
  readonly cost: number;
}

function newsletterOf(month: MonthPlan['month']): FrameWish {
  const quarter = Math.ceil(month.month / 3);
  const startDay = month.workdays[0] ?? month.firstDay;
  return { kind: 'Email', name: `Newsletter ${month.year} Q${quarter}`, startDay, days: 90, cost: 1_200 };
}

/** One in six has no cost entered. */
function makeFrame(id: number, wish: FrameWish, { calendar, random, marketers }: MarketingSetting): Frame {
  const cost = Math.round((wish.cost * random.between(0.7, 1.4)) / 50) * 50;
  const startAt = calendar.officeTime(random, wish.startDay);
  return {
    id,
    name: wish.name,
    kind: wish.kind,
    owner: random.pick(marketers).person.id,
    startsOn: calendar.dateOf(wish.startDay),
    endsOn: calendar.dateOf(wish.startDay + wish.days),
    cost: random.chance(0.16) ? null : cost,
    budget: random.chance(0.1) ? null : Math.round((cost * random.between(0.9, 1.2)) / 100) * 100,
    createdAt: Math.max(calendar.from, startAt - random.int(0, 20) * dayMs),
  };
}

/** Whom each campaign reached: people whom the CRM knew when it began. */
export function addMembers(
  frames: readonly Frame[],
  contacts: readonly Contact[],
  setting: MarketingSetting,
): Campaign[] {
  const known = contacts.toSorted((a, b) => a.createdAt - b.createdAt || a.id - b.id);
  return frames.map((frame) => ({ ...frame, members: pickMembers(frame, known, setting) }));
}

function pickMembers(frame: Frame, known: readonly Contact[], { calendar, random }: MarketingSetting) {
  const sentAt = Math.max(frame.createdAt, Math.min(calendar.now, Date.parse(frame.startsOn) + 10 * hourMs));
  const count = countKnown(known, sentAt);
  const chosen = new Set<number>();
  const wanted = Math.min(count, Math.round(30 + known.length * random.between(0.01, 0.03)));
  for (let tries = 0; chosen.size < wanted && tries < 4 * wanted; tries++)
    chosen.add(random.int(0, count - 1));
  const rate = random.between(0.06, 0.16);
  return [...chosen].map((index) => {
    const respondedAt = sentAt + Math.floor(random.logNormal(30 * 3600, 1)) * 1000;
    const responded = random.chance(rate) && respondedAt <= calendar.now;
    return { contact: known[index]?.id ?? 1, sentAt, respondedAt: responded ? respondedAt : null };
  });
}

/** How many of them, sorted by creation, were there at `at`. */
function countKnown(known: readonly Contact[], at: number): number {
  let low = 0;
  let high = known.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((known[middle]?.createdAt ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
