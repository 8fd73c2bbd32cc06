import { type CellBook, createCellBook } from '../../src/evaluate/cells.ts';
import { countFacts } from '../../src/evaluate/count-facts.ts';
import { openDesk } from '../../src/evaluate/desk.ts';
import { createPeriodIndex } from '../../src/evaluate/period-index.ts';
import { periodsBetween } from '../../src/evaluate/periods.ts';
import { keyText } from '../../src/evaluate/segments.ts';
import type { FactQuery, FactStore } from '../../src/model/fact-store.ts';
import type { Kpi } from '../../src/model/kpi.ts';
import type { Grain } from '../../src/model/period.ts';
import { baseSettings, quiet, type Workspace } from './workspace.ts';

export interface CountScope {
  readonly asOf: number;
  readonly from: string;
  readonly kinds: readonly string[];
  readonly currency?: string;
  readonly timeZone?: string;
  readonly grains?: readonly Grain[];
}

interface Counted {
  /** What the book holds, in an order of its own. */
  readonly cells: readonly string[];
  readonly exact: boolean;
}

/** A KPI's facts counted by the database where they can be, and one by one. */
export async function countBothWays(workspace: Workspace, kpi: Kpi, scope: CountScope) {
  const { asOf, from, kinds, currency = 'EUR', timeZone = 'Europe/Madrid' } = scope;
  const { grains = ['month', 'quarter'] } = scope;
  const calendar = { ...baseSettings.calendar, timeZone };
  const queries: FactQuery[] = [];
  const store = listenTo(workspace, queries);
  const settings = { ...baseSettings, calendar, currency };
  const catalog = await workspace.catalog();
  const desk = await openDesk({ store, settings, catalog, asOf, log: quiet, readOnly: true });
  const through = desk.zone.dateOf(asOf);
  const indexes = grains.map((grain) =>
    createPeriodIndex(periodsBetween(calendar, desk.zone, grain, from, through)),
  );
  const context = { ...desk, store, schedules: null };
  const count = async (oneByOne: boolean): Promise<Counted> => {
    const book = createCellBook();
    const told = oneByOne ? { beforeCell: () => {} } : {};
    const keepsDays = () => false;
    await countFacts(context, { kpi, kinds, indexes, keepsDays, book, sign: 1, ...told });
    return printBook(book);
  };
  const together = await count(false);
  const isGrouped = queries.some(({ sql }) => sql.includes('group by stretch'));
  return { together, apart: await count(true), isGrouped };
}

function listenTo(workspace: Workspace, queries: FactQuery[]): Workspace['store'] {
  const rows: FactStore['rows'] = (query) => {
    queries.push(query);
    return workspace.store.rows(query);
  };
  return { ...workspace.store, rows };
}

function printBook(book: CellBook): Counted {
  const cells = book.cells().map(({ spots, segments, flags, samples, open, running, ...sums }) => {
    const where = spots.map(({ grain, period }) => `${grain}.${period}`).sort();
    const lists = [samples, open, running].map((list) => list.toSorted((a, b) => a - b));
    return JSON.stringify([where, segments.map(keyText).sort(), sums, [...flags].sort(), lists]);
  });
  return { cells: cells.sort(), exact: book.exact };
}
