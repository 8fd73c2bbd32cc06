import type { Kpi } from '../model/kpi.ts';
import type { Period } from '../model/period.ts';
import type { Split } from './causes.ts';
import { type Cell, type CellBook, countGroup, countIn } from './cells.ts';
import type { Fact } from './facts.ts';
import { type Form, type PassContext, type Sighting, sightFacts } from './pass.ts';
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
export function countFacts(context: PassContext, input: CountInput): Promise<Form> {
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

  function see(sighting: Sighting): void {
    const { measure, segments, fact } = sighting;
    const cell = book.at(sighting);
    input.beforeCell?.(cell);
    // Both sides share the cell's own lists.
    input.split?.count({ fact, measure, segments: cell.segments, spots: cell.spots }, sign);
    if (!countIn(cell, measure, sign, rules)) book.exact = false;
    if (measure.kind !== 'counts') return;
    for (const key of segments) {
      const text = daysText(key);
      if (text === null) continue;
      // A file that names its periods gives a row for each of them.
      const grain = fact.spot ? `${text}\n${fact.spot.grain}` : text;
      countDay(key, grain, { fact, amount: sign * measure.num });
    }
    if (kpi.complete !== 'cost' || !isCost(fact) || typeof fact.anchor !== 'string') return;
    for (const key of segments) addTo(book.costDays, { text: keyText(key), day: fact.anchor, amount: sign });
  }

  function countDay(key: SegmentKey, text: string, { fact, amount }: { fact: Fact; amount: number }): void {
    const day = typeof fact.anchor === 'string' ? fact.anchor : context.zone.dateOf(fact.at);
    input.beforeDay?.(key, text, day);
    addTo(book.days, { text, day, amount });
  }

  const { covers, where } = input;
  const keepsDays = kinds.some((kind) => input.keepsDays({ kind, id: null, source: null }));
  // Where it matters what changes, each fact is told of; by day and person there are nearly as many groups as facts.
  const isTogether = sign > 0 && !input.split && !input.beforeCell && !keepsDays;
  return sightFacts(context, {
    ...{ kpi, kinds, indexes, see },
    ...(isTogether && { seeGroup: (group) => countGroup(book.at(group), group.sums) }),
    ...(covers && { covers }),
    ...(where !== undefined && { where }),
  });
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
