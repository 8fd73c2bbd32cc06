import type { Period } from '../model/period.ts';
import { type Cell, type CellBook, noFlags, noTimes } from './cells.ts';
import type { PeriodIndex } from './period-index.ts';
import { keyText, type SegmentKey } from './segments.ts';

/** Takes off all durations that go on. */
export function dropOpen(book: CellBook, beforeCell: (cell: Cell) => void): void {
  for (const cell of [...book.cells()]) {
    const count = cell.open.length + cell.running.length;
    if (count === 0) continue;
    beforeCell(cell);
    cell.seen -= count;
    cell.n -= count;
    cell.open = noTimes;
    cell.running = noTimes;
  }
}

export interface DropInput {
  readonly indexes: readonly PeriodIndex[];
  readonly covers: (period: Period) => boolean;
  readonly beforeCell: (cell: Cell) => void;
  readonly beforeDay: (key: SegmentKey, text: string, day: string) => void;
}

/** Takes off all that counts in some periods; false where a cell belongs to others, too. */
export function dropPeriods(book: CellBook, { indexes, covers, beforeCell, beforeDay }: DropInput): boolean {
  const isCovered = indexes.map(({ periods }) => periods.map(covers));
  const keys = new Map<string, SegmentKey>();
  for (const cell of [...book.cells()]) {
    for (const key of cell.segments) keys.set(keyText(key), key);
    const inside = cell.spots.filter(({ grain, period }) => isCovered[grain]?.[period]);
    if (inside.length === 0) continue;
    if (inside.length < cell.spots.length) return false;
    beforeCell(cell);
    clearCell(cell);
  }
  for (const [key, text] of [...keys].map(([text, key]) => [key, text] as const)) {
    for (const [grain, index] of indexes.entries()) {
      const name = `${text}\n${grain}`;
      const days = book.days.get(name);
      for (const day of [...(days?.keys() ?? [])]) {
        if (!isCovered[grain]?.[index.indexOfDate(day)]) continue;
        beforeDay(key, name, day);
        days?.delete(day);
      }
    }
  }
  return true;
}

function clearCell(cell: Cell): void {
  for (const name of ['seen', 'num', 'den', 'n', 'nMissing', 'squares', 'takenOff'] as const) cell[name] = 0;
  cell.flags = noFlags;
  for (const name of ['samples', 'open', 'running'] as const) cell[name] = noTimes;
}
