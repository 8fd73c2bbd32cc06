import type { Campaign, Contact, Deal } from './company.ts';
import type { Random } from './random.ts';
import { type Calendar, dayMs, hourMs } from './story-calendar.ts';
import type { DealDraft } from './story-deals.ts';
import { tellHistory } from './story-history.ts';

export interface DealSetting {
  readonly calendar: Calendar;
  readonly random: Random;
  readonly contactsOf: ReadonlyMap<number, readonly Contact[]>;
  readonly campaigns: readonly Pick<Campaign, 'id' | 'createdAt'>[];
}

const products = [
  'Flow sensors',
  'Inspection line',
  'Calibration plan',
  'Monitoring suite',
  'Retrofit',
  'Pilot plant',
];
const nextSteps = [
  'Send the proposal',
  'Call the buyer',
  'Technical visit',
  'Wait for the budget',
  'Contract review',
];
const lostReasons = ['Price', 'Competitor', 'No budget', 'No decision', 'Missing feature', 'No answer'];
const campaignSources: ReadonlySet<string> = new Set(['E-mail campaign', 'Trade show', 'Website']);

/** Numbered in the order of creation. */
export function makeDeals(drafts: readonly DealDraft[], setting: DealSetting): Deal[] {
  const ordered = drafts.toSorted((a, b) => a.createdAt - b.createdAt || a.account.id - b.account.id);
  return ordered.map((draft, index) => makeDeal(draft, index + 1, setting));
}

function makeDeal(draft: DealDraft, id: number, setting: DealSetting): Deal {
  const { calendar, random } = setting;
  const history = tellHistory(draft, calendar, random);
  const present = history.at(-1);
  if (!present) throw new RangeError('a deal has a history');
  const open = draft.outcome === 'open';
  const product = draft.type === 'renewal' ? 'Service contract renewal' : random.pick(products);
  return {
    id,
    name: `${draft.account.name} - ${product}`,
    account: draft.account.id,
    contact: pickContact(draft, setting),
    owner: draft.owner.person.id,
    createdAt: draft.createdAt,
    type: draft.type,
    source: draft.source,
    campaign: pickCampaign(draft, setting),
    amount: present.amount,
    expectedCloseOn: present.expectedCloseOn,
    closedAt: draft.closedAt,
    closedOn: draft.closedAt === null ? null : present.expectedCloseOn,
    stage: present.stage,
    nextStep: open && random.chance(0.7) ? random.pick(nextSteps) : null,
    lostReason: draft.outcome === 'lost' && random.chance(0.9) ? random.pick(lostReasons) : null,
    history,
    modifiedAt: findLastEdit(draft, present.at, setting),
  };
}

function pickContact(draft: DealDraft, { contactsOf, random }: DealSetting): number {
  const contacts = contactsOf.get(draft.account.id) ?? [];
  const known = contacts.filter((contact) => contact.createdAt <= draft.createdAt);
  return random.pick(known.length > 0 ? known : contacts).id;
}

/** One of the campaigns that were running when the deal was created. */
function pickCampaign(draft: DealDraft, { campaigns, random }: DealSetting): number | null {
  if (draft.type !== 'new' || !campaignSources.has(draft.source) || !random.chance(0.6)) return null;
  const recent = campaigns.filter(
    ({ createdAt }) => createdAt <= draft.createdAt && createdAt > draft.createdAt - 90 * dayMs,
  );
  return recent.length > 0 ? random.pick(recent).id : null;
}

/** Small corrections after the last step of the history: a next step, a note. */
function findLastEdit(draft: DealDraft, lastStepAt: number, { calendar, random }: DealSetting): number {
  if (draft.stale || !random.chance(draft.outcome === 'open' ? 0.4 : 0.1)) return lastStepAt;
  const at = calendar.nextOpening(lastStepAt + random.int(1, 96) * hourMs);
  return at <= calendar.now ? at : lastStepAt;
}
