import type { Campaign, MarketingEmail } from './company.ts';
import type { Random } from './random.ts';
import { hourMs } from './story-calendar.ts';
import type { MarketingSetting } from './story-marketing.ts';
import { allocate, type MonthPlan } from './story-plan.ts';

type Frame = Omit<Campaign, 'members'>;

const subjects = [
  'New in our range',
  'Five tips for measuring',
  'A customer tells',
  'Meet us',
  'Before the season',
];
const emailsPerMonth = 4;
/** The last day of the month on which something is sent leaves its counters 72 hours to settle. */
const quietDays = 4;

/** The month's open rate holds for all of its e-mails together; a single one may lie above or below. */
export function makeEmails(frames: readonly Frame[], setting: MarketingSetting): MarketingEmail[] {
  const emails: MarketingEmail[] = [];
  for (const month of setting.plan.months) {
    const sentAt = pickSendTimes(month, setting);
    const delivered = pickDelivered(sentAt.length, month, setting);
    const opens = shareOpens(delivered, month.openRate, setting.random);
    for (const [index, at] of sentAt.entries()) {
      const counts = { delivered: delivered[index] ?? 0, opens: settled(opens[index] ?? 0, at, setting) };
      emails.push(makeEmail({ id: emails.length + 1, at, ...counts }, frames, setting));
    }
  }
  return emails;
}

function pickSendTimes({ month }: MonthPlan, { calendar, random }: MarketingSetting): number[] {
  const days = month.workdays.filter((day) => day < month.endDay - quietDays);
  const count = Math.min(days.length, Math.round(emailsPerMonth * month.elapsed));
  const chosen = random.shuffle(days).slice(0, count);
  return chosen.map((day) => calendar.officeTime(random, day)).sort((a, b) => a - b);
}

/** The readership grows. The sum is a multiple of 20, so that a rate in whole steps of 5 % is exact. */
function pickDelivered(
  count: number,
  { month }: MonthPlan,
  { audience, random }: MarketingSetting,
): number[] {
  const readers = audience * (1 + 0.02 * month.index);
  const delivered = Array.from({ length: count }, () => Math.round(readers * random.between(0.55, 1)));
  const excess = delivered.reduce((sum, each) => sum + each, 0) % 20;
  return delivered.map((each, index) => (index === 0 ? each + ((20 - excess) % 20) : each));
}

function shareOpens(delivered: readonly number[], rate: number, random: Random): readonly number[] {
  const total = Math.round(delivered.reduce((sum, each) => sum + each, 0) * rate);
  return allocate(
    total,
    delivered.map((each) => each * random.between(0.8, 1.2)),
  );
}

/** Most opens come on the first day. */
function settled(opens: number, sentAt: number, { calendar }: MarketingSetting): number {
  const hours = (calendar.now - sentAt) / hourMs;
  return hours >= 72 ? opens : Math.round(opens * (1 - Math.exp(-hours / 14)));
}

function makeEmail(
  counts: { readonly id: number; readonly at: number; readonly delivered: number; readonly opens: number },
  frames: readonly Frame[],
  { calendar, random }: MarketingSetting,
): MarketingEmail {
  const { id, at, delivered, opens } = counts;
  const day = calendar.dateOf(calendar.dayOf(at));
  const running = frames.filter(
    (frame) => frame.startsOn <= day && frame.endsOn >= day && frame.createdAt <= at,
  );
  const campaign = running.length > 0 ? random.pick(running) : frames[0];
  const bounced = Math.round(delivered * random.between(0.005, 0.02));
  const subject = random.pick(subjects);
  return {
    id,
    name: `${day} ${subject}`,
    subject,
    campaign: campaign?.id ?? 1,
    owner: campaign?.owner ?? 3,
    sentAt: at,
    sent: delivered + bounced,
    delivered,
    opensUnique: opens,
    opensUnreliable: Math.round(opens * random.between(0.25, 0.4)),
    clickersUnique: Math.round(opens * random.between(0.07, 0.15)),
    bounced,
    unsubscribed: Math.round(delivered * random.between(0.0005, 0.003)),
    spam: random.chance(0.2) ? random.int(1, 2) : 0,
  };
}
