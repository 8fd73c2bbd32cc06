import type { Kpi } from '../model/kpi.ts';
import type { Period } from '../model/period.ts';
import type { Split } from './causes.ts';
import { type Cell, type CellBook, countGroup, countIn } from './cells.ts';
import type { Fact } from './facts.ts';
import {
  areGrouped,
  type Form,
  type GroupSighting,
  type PassContext,
  type Sighting,
  sightFacts,
} from './pass.ts';
import type { PeriodIndex } from './period-index.ts';
import { keyText, type SegmentKey } from './segments.ts';

export interface CountInput {
  readonly kpi: Kpi;
  readonly kinds: readonly string[];
  readonly indexes: readonly PeriodIndex[];
  /** As of a pass. */
  readonly covers?: (period: Period) => boolean;
  readonly where?: string;
  /** Whether a segment's days are wanted. */
  readonly keepsDays: (key: SegmentKey) => boolean;
  readonly book: CellBook;
  /** -1 takes the facts off. */
  readonly sign: 1 | -1;
  /** Before a cell, or a segment's day, changes for the first time. */
  readonly beforeCell?: (cell: Cell) => void;
  /** Told of each fact. */
  readonly split?: Split;
  readonly beforeDay?: (key: SegmentKey, text: string, day: string) => void;
}

/** One pass over the facts, into cells. */
export async function countFacts(context: PassContext, input: CountInput): Promise<Form> {
  const { kpi, kinds, indexes, book, sign } = input;
  const rules = { squares: kpi.unit === 'points' };
  const keeps = new Map<SegmentKey, string | null>();

  function daysText(key: SegmentKey): string | null {
    let text = keeps.get(key);
    if (text === undefined) {
      text = input.keepsDays(key) ? keyText(key) : null;
      keeps.set(key, text);
    }
    return text;
  }

  function seeCell(sighting: Sighting): void {
    const cell = book.at(sighting);
    input.beforeCell?.(cell);
    input.split?.count(sighting, sign);
    if (!countIn(cell, sighting.measure, sign, rules)) book.exact = false;
  }

  function seeDays({ fact, segments, measure }: Sighting): void {
    if (measure.kind !== 'counts') return;
    countDays(segments, fact, sign * measure.num);
    if (kpi.complete !== 'cost' || !isCost(fact) || typeof fact.anchor !== 'string') return;
    for (const key of segments) addTo(book.costDays, { text: keyText(key), day: fact.anchor, amount: sign });
  }

  const countGroupCell = (group: GroupSighting): void => countGroup(book.at(group), group.sums);

  function countGroupDays({ sums, segments, fact }: GroupSighting): void {
    if (sums.n > 0) countDays(segments, fact, sums.num);
  }

  function countDays(segments: readonly SegmentKey[], fact: Fact, amount: number): void {
    for (const key of segments) {
      const text = daysText(key);
      if (text === null) continue;
      // A file that names its periods gives a row for each of them.
      const grain = fact.spot ? `${text}\n${fact.spot.grain}` : text;
      const day = typeof fact.anchor === 'string' ? fact.anchor : context.zone.dateOf(fact.at);
      input.beforeDay?.(key, grain, day);
      addTo(book.days, { text: grain, day, amount });
    }
  }

  function see(sighting: Sighting): void {
    seeCell(sighting);
    seeDays(sighting);
  }

  function seeGroup(group: GroupSighting): void {
    countGroupCell(group);
    countGroupDays(group);
  }

  const { covers, where } = input;
  const scope = { kpi, kinds, indexes, ...(covers && { covers }), ...(where !== undefined && { where }) };
  // Where it matters what changes, facts are few and each is told of.
  if (sign < 0 || input.split || input.beforeCell) return sightFacts(context, { ...scope, see });
  const daily = kinds.filter((kind) => input.keepsDays({ kind, id: null, source: null }));
  if (daily.length === 0 || !daily.every((kind) => kind === 'company') || !(await areGrouped(context, scope)))
    return sightFacts(context, { ...scope, see, seeGroup, keepsDays: daily.length > 0 });
  // By day and person there are about as many groups as facts: the company's days are counted apart.
  const days = { see: seeDays, seeGroup: countGroupDays, keepsDays: true };
  await sightFacts(context, { ...scope, ...days, kinds: daily });
  return sightFacts(context, { ...scope, see: seeCell, seeGroup: countGroupCell });
}

/** Costs are entries, or campaigns with a cost; where they are spread, their part is the day. */
function isCost({ object, part, anchor }: Fact): boolean {
  return (object === 'entry' || object === 'campaign') && (part === null || part === anchor);
}

function addTo(
  all: CellBook['days'],
  { text, day, amount }: { readonly text: string; readonly day: string; readonly amount: number },
): void {
  let days = all.get(text);
  if (!days) {
    days = new Map();
    all.set(text, days);
  }
  days.set(day, (days.get(day) ?? 0) + amount);
}
