import { createZone } from '../model/zone.ts';
import type { Activity, Case, Company, Deal } from './company.ts';
import { createRandom, type Random } from './random.ts';
import { dayMs, hourMs } from './story-calendar.ts';

/**
 * What is wrong in a company with planted problems: its offers take three times as long as half a year ago, Sales Iberia
 * logs nothing, and who writes by the web form on a Saturday waits a day for a reply. Sales Pilot, two people, only has
 * bad luck.
 */
export const planted = {
  slowStage: 'proposal',
  silentTeam: 2,
  unluckyTeam: 7,
  slowChannel: 'web',
} as const;

const windowMs = 180 * dayMs;
const slowdown = 3;

interface Planting {
  readonly company: Company;
  readonly random: Random;
  readonly teamOf: ReadonlyMap<number, number>;
}

/** The same company with the problems in it; everything else stays as it was told. */
export function plantProblems(told: Company, seed: number): Company {
  const company = addPilot(told);
  const teamOf = new Map(company.people.map(({ id, team }) => [id, team]));
  const planting: Planting = { company, teamOf, random: createRandom(seed).fork('problems') };
  const deals = company.deals.map((deal) => plantDeal(planting, deal));
  return {
    ...company,
    deals,
    activities: company.activities.filter(keepActivity(planting, deals)),
    cases: company.cases.map((each) => plantCase(planting, each)),
  };
}

/** Two sellers of the last region try something new. */
function addPilot(company: Company): Company {
  const last = company.people.filter(({ team, active }) => team === 4 && active).slice(-2);
  const team = { id: planted.unluckyTeam, name: 'Sales Pilot', parent: 1, function: 'sales' as const };
  return {
    ...company,
    teams: [...company.teams, team],
    people: company.people.map((person) => (last.includes(person) ? { ...person, team: team.id } : person)),
  };
}

/** What a silent team's deals show was entered by the head of sales. */
function plantDeal({ company, teamOf }: Planting, deal: Deal): Deal {
  const slow = slowDown(deal, company);
  if (teamOf.get(deal.owner) !== planted.silentTeam) return slow;
  const head = company.people[0]?.id ?? deal.owner;
  return { ...slow, nextStep: null, history: slow.history.map((entry) => ({ ...entry, by: head })) };
}

/** Stays in the slow stage that began in the window last longer; what has not happened by now did not happen. */
function slowDown(deal: Deal, { now, timeZone }: Company): Deal {
  let delay = 0;
  const history = deal.history.map((entry, place) => {
    const before = deal.history[place - 1];
    if (before?.stage === planted.slowStage && before.at >= now - windowMs)
      delay += (slowdown - 1) * (entry.at - before.at);
    return { ...entry, at: entry.at + delay };
  });
  const happened = history.filter(({ at }) => at < now);
  const last = happened.at(-1);
  if (delay === 0 || !last) return deal;
  const { dateOf } = createZone(timeZone);
  const closedAt = happened.length === history.length && deal.closedAt !== null ? last.at : null;
  const closedOn = closedAt === null ? null : dateOf(closedAt);
  const soon = dateOf(now + 30 * dayMs);
  const expectedCloseOn = closedOn ?? [last.expectedCloseOn, soon].toSorted()[1] ?? soon;
  return {
    ...deal,
    closedAt,
    closedOn,
    expectedCloseOn,
    lostReason: closedAt === null ? null : deal.lostReason,
    history: [...happened.slice(0, -1), { ...last, expectedCloseOn }],
    stage: last.stage,
    amount: last.amount,
    modifiedAt: last.at,
  };
}

/** The silent team logs nothing; plans of the unlucky one have a way of coming to nothing. */
function keepActivity({ teamOf, random, company }: Planting, deals: readonly Deal[]) {
  const open = new Set(deals.filter(({ closedAt }) => closedAt === null).map(({ id }) => id));
  return ({ owner, deal, status, createdAt }: Activity): boolean => {
    const team = teamOf.get(owner);
    if (team === planted.silentTeam) return false;
    const unlucky = team === planted.unluckyTeam && deal !== null && open.has(deal);
    if (!unlucky) return true;
    return status !== 'open' && createdAt < company.now - 40 * dayMs ? true : random.chance(0.5);
  };
}

/** Replies come within hours, but for the slow channel's Saturdays. */
function plantCase({ company, random }: Planting, told: Case): Case {
  const moved =
    told.channel === planted.slowChannel && random.chance(0.25) ? moveToSaturday(told, company) : told;
  const wait = moved === told ? random.between(0.3, 3) : random.between(20, 40);
  const repliedAt = moved.createdAt + Math.round(wait * 3600) * 1000;
  if (moved.firstReplyAt === null || repliedAt >= company.now) return { ...moved, firstReplyAt: null };
  if (moved.closedAt === null || moved.closedAt > repliedAt) return { ...moved, firstReplyAt: repliedAt };
  // A case that was closed at once was answered as it was closed.
  return moved === told
    ? { ...moved, firstReplyAt: moved.closedAt }
    : closeLater(moved, repliedAt, company.now);
}

function moveToSaturday(told: Case, { timeZone }: Company): Case {
  const zone = createZone(timeZone);
  const day = new Date(`${zone.dateOf(told.createdAt)}T12:00:00Z`);
  const back = (day.getUTCDay() + 1) % 7;
  const date = new Date(day.getTime() - back * dayMs).toISOString().slice(0, 10);
  const createdAt = zone.startOf(date) + 11 * hourMs + (told.id % 180) * 60_000;
  const [first, ...rest] = told.history;
  if (!first || createdAt > told.createdAt) return told;
  return { ...told, createdAt, history: [{ ...first, at: createdAt }, ...rest] };
}

function closeLater(moved: Case, repliedAt: number, now: number): Case {
  const closings = moved.history.filter(({ status }) => status === 'closed').length;
  const closedAt = repliedAt + hourMs;
  if (closings !== 1 || closedAt >= now) return { ...moved, firstReplyAt: moved.closedAt };
  const history = moved.history.map((entry) =>
    entry.status === 'closed' ? { ...entry, at: closedAt } : entry,
  );
  return {
    ...moved,
    firstReplyAt: repliedAt,
    closedAt,
    history,
    modifiedAt: Math.max(moved.modifiedAt, closedAt),
  };
}
