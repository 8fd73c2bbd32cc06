import type { Period } from '../model/period.ts';
import type { Split } from './causes.ts';
import { type CellBook, createCellBook } from './cells.ts';
import type { ComputeInput } from './computation.ts';
import { countFacts } from './count-facts.ts';
import type { Desk } from './desk.ts';
import { followChanges, type Moves, splitChanges } from './follow.ts';
import { fingerprintOf } from './nightly.ts';
import type { Form } from './pass.ts';

/** Raised when what a state holds, or how facts become cells, changes. */
const stateVersion = 3;

export interface Filled {
  /** Unpacked when it is asked for. */
  readonly book: () => CellBook;
  readonly form: Form;
  /** What it took over; null: everything was read. */
  readonly since: Since | null;
  /** Why figures changed since the last evaluation, where the changed records tell. */
  readonly split: () => Promise<Split | null>;
}

/** How a book differs from the last evaluation's. */
export interface Since {
  readonly from: number;
  readonly moves: Moves;
  /** Of what its results rest on beside the facts, as it was then. */
  readonly judgedBy: string;
  readonly unsynced: readonly string[];
}

/** A KPI's cells: those of the last evaluation and what changed since where that can be told, else all facts. */
export async function fillBook(desk: Desk, input: ComputeInput): Promise<Filled> {
  const { nightly = null } = desk;
  if (nightly === null || input.schedules || input.pauses) return readAll(desk, input);
  const { kpi, kinds, windows, coverage, judgedBy = '' } = input;
  const key = input.stateKey ?? kpi.id;
  const fingerprint = fingerprintOf([
    stateVersion,
    kpi,
    [...kinds].sort(),
    windows.map(({ grain }) => grain),
    desk.settings.calendar,
    desk.settings.currency,
    desk.sources.map(({ connection, currency }) => [connection, currency]),
    kinds.map((kind) => input.keepsDays({ kind, id: null, source: null })),
  ]);
  const unsynced = listUnsynced(input, coverage.connections);
  const kept = nightly.from === null ? null : await nightly.load(key, fingerprint, windows);
  if (kept && nightly.from !== null && reachesBack(kept.oldest, windows)) {
    const moves = await followChanges({ desk, input, nightly, from: nightly.from }, kept);
    if (moves) {
      const { book, form } = kept;
      // Durations that go on grow with time.
      const growing =
        nightly.from === desk.asOf
          ? []
          : book()
              .cells()
              .filter(({ running }) => running.length > 0);
      const since = {
        from: nightly.from,
        moves: { ...moves, cells: [...moves.cells, ...growing] },
        judgedBy: kept.judgedBy,
        unsynced: kept.unsynced,
      };
      const same = moves.cells.length === 0 && moves.days.length === 0 && judgedBy === kept.judgedBy;
      if (same && unsynced.join() === kept.unsynced.join()) nightly.keep(key);
      else
        await nightly.save(key, { fingerprint, windows, kept: { book: book(), form, judgedBy, unsynced } });
      return { book, form, since, split: async () => moves.split };
    }
  }
  const filled = await readAll(desk, input);
  const { form } = filled;
  const book = filled.book();
  const { from } = nightly;
  const split = async () => (from === null ? null : splitChanges({ desk, input, nightly, from }));
  if (book.exact) await nightly.save(key, { fingerprint, windows, kept: { book, form, judgedBy, unsynced } });
  return { ...filled, split };
}

async function readAll(desk: Desk, input: ComputeInput): Promise<Filled> {
  const book = createCellBook();
  const indexes = input.windows.map(({ index }) => index);
  const context = { ...desk, schedules: input.schedules, pauses: input.pauses ?? null };
  const form = await countFacts(context, { ...input, indexes, book, sign: 1 });
  return { book: () => book, form, since: null, split: async () => null };
}

/** A longer history than was kept must be read. */
function reachesBack(oldest: readonly string[], windows: ComputeInput['windows']): boolean {
  return windows.every(({ index }, place) => (oldest[place] ?? '') <= (index.periods[0]?.startOn ?? ''));
}

/** Periods, by source, of which something was not read yet. */
export function listUnsynced(
  { coverage, windows }: Pick<ComputeInput, 'coverage' | 'windows'>,
  connections: readonly string[],
): readonly string[] {
  const sources = [null, ...connections];
  return windows.flatMap(({ grain, index }) =>
    index.periods.flatMap((period: Period) =>
      sources
        .filter((source) => !coverage.isSynced(period, source))
        .map((source) => `${grain} ${period.startOn} ${source ?? ''}`),
    ),
  );
}
