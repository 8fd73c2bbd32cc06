import type { Deal, DealStage } from './company.ts';
import type { Random } from './random.ts';
import { type Calendar, dayMs } from './story-calendar.ts';
import type { DealDraft } from './story-deals.ts';

export const dealStages: readonly DealStage[] = [
  { key: 'qualification', label: 'Qualification', probability: 0.1, outcome: 'open' },
  { key: 'discovery', label: 'Discovery', probability: 0.25, outcome: 'open' },
  { key: 'proposal', label: 'Proposal', probability: 0.5, outcome: 'open' },
  { key: 'negotiation', label: 'Negotiation', probability: 0.75, outcome: 'open' },
  { key: 'won', label: 'Won', probability: 1, outcome: 'won' },
  { key: 'lost', label: 'Lost', probability: 0, outcome: 'lost' },
];
const openStages = dealStages.filter((stage) => stage.outcome === 'open').map((stage) => stage.key);
const proposal = 2;
const minStepMs = 60_000;

type Entry = Deal['history'][number];

interface Move {
  readonly at: number;
  /** Place in openStages. */
  readonly place: number;
}

/** What happened to a deal, from its creation to its closing or now. */
export function tellHistory(draft: DealDraft, calendar: Calendar, random: Random): readonly Entry[] {
  const { createdAt, closedAt, outcome } = draft;
  const end = closedAt ?? calendar.now;
  const [first = 0, ...rest] = makePath(draft, calendar, random);
  const amounts = makeAmounts(draft, calendar, random);
  const span = draft.stale ? (end - createdAt) * 0.3 : end - createdAt;
  const entries = [
    {
      at: createdAt,
      stage: openStages[first] ?? 'qualification',
      amount: first < proposal ? amounts.first : amounts.final,
      expectedCloseOn: calendar.dateOf(firstForecast(draft, calendar, random)),
      by: draft.owner.person.id,
    },
  ];
  const teller = { draft, calendar, random, entries };
  for (const move of placeMoves(rest, { from: createdAt, span, end }, teller)) {
    postpone(teller, move.at);
    const amount = move.place < proposal ? last(entries).amount : amounts.final;
    addEntry(teller, { ...last(entries), at: move.at, stage: openStages[move.place] ?? 'proposal', amount });
  }
  postpone(teller, draft.stale ? createdAt + span : end);
  if (closedAt === null) return entries;
  const expectedCloseOn = calendar.dateOf(calendar.dayOf(closedAt));
  return [
    ...entries,
    { ...last(entries), at: closedAt, stage: outcome, expectedCloseOn, by: authorOf(draft, random) },
  ];
}

interface Teller {
  readonly draft: DealDraft;
  readonly calendar: Calendar;
  readonly random: Random;
  readonly entries: Entry[];
}

/** Places of the stages gone through. Most go in order; some skip one, some fall back and come again. */
function makePath(draft: DealDraft, calendar: Calendar, random: Random): number[] {
  const depth = depthOf(draft, calendar, random);
  const path = [depth > 0 && random.chance(0.1) ? 1 : 0];
  for (let place = (path[0] ?? 0) + 1; place <= depth; place++) {
    if (place === depth || !random.chance(0.1)) path.push(place);
  }
  const back = random.int(1, Math.max(1, path.length - 1));
  const place = path[back];
  if (place === undefined || !random.chance(0.09)) return path;
  return [...path.slice(0, back + 1), place - 1, place, ...path.slice(back + 1)];
}

function depthOf(draft: DealDraft, calendar: Calendar, random: Random): number {
  if (draft.outcome === 'won') return 3;
  if (draft.outcome === 'lost')
    return random.pickWeighted([0, 1, 2, 3], (place) => [0.26, 0.31, 0.29, 0.14][place] ?? 0);
  const age = (calendar.now - draft.createdAt) / dayMs / draft.account.segment.cycleDays;
  return Math.max(0, Math.min(3, Math.floor(age * 3.4 + random.between(-0.6, 0.8))));
}

/** When the moves were made: in office hours, one after the other, all before the end. A crowded one is left out. */
function placeMoves(
  places: readonly number[],
  room: { readonly from: number; readonly span: number; readonly end: number },
  { calendar, random }: Teller,
): Move[] {
  const fractions = places.map(() => random.between(0.03, 0.95)).sort((a, b) => a - b);
  const moves: Move[] = [];
  let previous = room.from;
  for (const [index, place] of places.entries()) {
    const raw = room.from + Math.floor(((fractions[index] ?? 0) * room.span) / 1000) * 1000;
    const opening = calendar.nextOpening(raw);
    const at = opening === raw ? raw : opening + random.int(0, 5400) * 1000;
    if (at < previous + minStepMs || at > room.end - minStepMs) continue;
    if (moves.at(-1)?.place === place) continue;
    moves.push({ at, place });
    previous = at;
  }
  return moves;
}

/** About one in twenty deals never gets an amount; others start with a guess that the proposal settles. */
function makeAmounts(draft: DealDraft, calendar: Calendar, random: Random) {
  const { segment } = draft.account;
  const factor = { new: 1, expansion: 0.45, renewal: 0.6 }[draft.type];
  const month = new Date(calendar.dayOf(draft.closedAt ?? draft.createdAt) * dayMs).getUTCMonth();
  const seasonal = month >= 9 ? 1.08 : 1;
  const final = roundAmount(random.logNormal(segment.amount * factor * seasonal, 0.5));
  if (random.chance(0.03)) return { first: null, final: null };
  if (random.chance(0.04)) return { first: null, final };
  return { first: random.chance(0.5) ? final : roundAmount(final * random.between(0.7, 1.3)), final };
}

function roundAmount(amount: number): number {
  const unit = amount < 10_000 ? 50 : amount < 100_000 ? 500 : 5_000;
  return Math.max(unit, Math.round(amount / unit) * unit);
}

function firstForecast(draft: DealDraft, calendar: Calendar, random: Random): number {
  const days = draft.account.segment.cycleDays * random.between(0.6, 1.5);
  return calendar.dayOf(draft.createdAt) + Math.max(3, Math.round(days));
}

/** A date that goes by without a closing is mostly pushed on, a few days before or after. */
function postpone(teller: Teller, until: number): void {
  const { calendar, random, entries } = teller;
  for (;;) {
    const due = Date.parse(last(entries).expectedCloseOn) / dayMs;
    if (due >= calendar.dayOf(until) || !random.chance(0.85)) return;
    const at = calendar.nextOpening(calendar.toInstant(due + random.int(-3, 5), random.int(32_000, 66_000)));
    if (at < last(entries).at + minStepMs || at > until - minStepMs) return;
    const day = Math.max(due, calendar.dayOf(at)) + random.int(10, 45);
    addEntry(teller, { ...last(entries), at, expectedCloseOn: calendar.dateOf(day) });
  }
}

function addEntry({ draft, random, entries }: Teller, entry: Entry): void {
  entries.push({ ...entry, by: authorOf(draft, random) });
}

/** Mostly the owner, now and then the manager. */
function authorOf({ owner }: DealDraft, random: Random): number {
  return random.chance(0.04) ? (owner.person.manager ?? owner.person.id) : owner.person.id;
}

function last(entries: readonly Entry[]): Entry {
  const entry = entries.at(-1);
  if (!entry) throw new RangeError('a history starts with the creation');
  return entry;
}
