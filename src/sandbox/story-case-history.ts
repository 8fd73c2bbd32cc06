import type { Case } from './company.ts';
import type { Random } from './random.ts';
import { type Calendar, hourMs } from './story-calendar.ts';
import type { Worker } from './story-people.ts';
import type { CaseSpan } from './story-service.ts';

type Entry = Case['history'][number];

export interface CaseFrame {
  readonly span: CaseSpan;
  readonly channel: Case['channel'];
  readonly agent: number;
  readonly colleagues: readonly Worker[];
}

const minStepMs = 60_000;

/** First reply, waiting, hand-over, perhaps closed too early and opened again, closed. */
export function tellCase(
  frame: CaseFrame,
  calendar: Calendar,
  random: Random,
): Pick<Case, 'firstReplyAt' | 'history' | 'status' | 'owner' | 'modifiedAt'> {
  const { createdAt, closedAt } = frame.span;
  const end = closedAt ?? calendar.now;
  const repliedAt = findFirstReply(frame, calendar, random);
  const answered = repliedAt !== null && repliedAt <= end - minStepMs ? repliedAt : null;
  const first: Entry = { at: createdAt, status: 'new', owner: frame.agent, by: frame.agent };
  const entries = [first];
  if (answered !== null) addSteps({ entries, frame, calendar, random, end }, answered);
  const last = entries.at(-1) ?? first;
  const history =
    closedAt === null
      ? entries
      : [...entries, { ...last, at: closedAt, status: 'closed' as const, by: last.owner }];
  const present = history.at(-1) ?? first;
  return {
    firstReplyAt: answered,
    history,
    status: present.status,
    owner: present.owner,
    modifiedAt: present.at,
  };
}

/** Who writes at a weekend is answered on Monday; null: closed without a reply. */
function findFirstReply({ span, channel }: CaseFrame, calendar: Calendar, random: Random): number | null {
  if (random.chance(0.03)) return null;
  const medianMs = channel === 'phone' || channel === 'chat' ? 5 * 60_000 : 1.4 * hourMs;
  const length = (span.closedAt ?? calendar.now) - span.createdAt;
  const wait = Math.min(random.logNormal(medianMs, 0.8), length * random.between(0.2, 0.6));
  const taken = calendar.nextOpening(span.createdAt);
  const delay = Math.max(minStepMs, Math.floor(wait / 1000) * 1000);
  const at = calendar.nextOpening(taken + delay);
  return at === taken + delay ? at : at + random.int(1, 50) * 60_000;
}

interface CaseTeller {
  readonly entries: Entry[];
  readonly frame: CaseFrame;
  readonly calendar: Calendar;
  readonly random: Random;
  readonly end: number;
}

function addSteps(teller: CaseTeller, repliedAt: number): void {
  const { entries, frame, random, end } = teller;
  entries.push({ at: repliedAt, status: 'working', owner: frame.agent, by: frame.agent });
  if (frame.span.slow && random.chance(0.18)) {
    reopen(teller, repliedAt);
    return;
  }
  const middle = end - repliedAt;
  const times = [0.15, 0.35, 0.6].map((share) => repliedAt + Math.floor((share * middle) / 1000) * 1000);
  const [handedAt = end, waitingAt = end, resumedAt = end] = times;
  if (random.chance(0.12)) handOver(teller, handedAt);
  if (!random.chance(0.35)) return;
  addStep(teller, waitingAt, 'waiting');
  if (frame.span.closedAt !== null || random.chance(0.4)) addStep(teller, resumedAt, 'working');
}

/** The customer was not content with the first answer. */
function reopen({ entries, frame, calendar, random, end }: CaseTeller, repliedAt: number): void {
  const instant = (low: number, high: number) =>
    calendar.nextOpening(
      repliedAt + Math.floor(((end - repliedAt) * random.between(low, high)) / 1000) * 1000,
    );
  const closedAt = instant(0.1, 0.4);
  const reopenedAt = instant(0.45, 0.8);
  const inOrder = closedAt >= repliedAt + minStepMs && reopenedAt >= closedAt + minStepMs;
  if (!inOrder || reopenedAt > end - minStepMs) return;
  const { agent } = frame;
  entries.push({ at: closedAt, status: 'closed', owner: agent, by: agent });
  entries.push({ at: reopenedAt, status: 'working', owner: agent, by: agent });
}

function handOver(teller: CaseTeller, at: number): void {
  const { entries, frame, random } = teller;
  const owner = random.pick(frame.colleagues).person.id;
  const last = entries.at(-1);
  if (last && owner !== last.owner && fits(teller, at)) entries.push({ ...last, at, owner, by: last.owner });
}

function addStep(teller: CaseTeller, raw: number, status: Entry['status']): void {
  const { entries, calendar } = teller;
  const at = calendar.nextOpening(raw);
  const last = entries.at(-1);
  if (!last || !fits(teller, at)) return;
  entries.push({ ...last, at, status, by: last.owner });
}

function fits({ entries, end }: CaseTeller, at: number): boolean {
  return at >= (entries.at(-1)?.at ?? 0) + minStepMs && at <= end - minStepMs;
}
