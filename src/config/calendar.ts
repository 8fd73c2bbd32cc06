import { resolve } from 'node:path';
import { type Grain, grains, type ListedPeriod } from '../model/period.ts';
import type { Report } from './report.ts';
import { isDate } from './schema.ts';
import { readTableFile } from './table-file.ts';

const fix =
  'write lines such as month,2026-P01,2025-12-29,2026-01-26; end is the first day after the period.';

/** Periods of one's own: columns grain, label, start, end, without gaps within a grain. */
export async function readCalendar(folder: string, file: string, report: Report): Promise<ListedPeriod[]> {
  const found = await readTableFile(resolve(folder, file), ['grain', 'label', 'start', 'end']);
  if ('rule' in found) {
    report.add({ path: ['calendar'], ...found, showsValue: true });
    return [];
  }
  const table: ListedPeriod[] = [];
  const last = new Map<Grain, string>();
  const labels = new Set<string>();
  for (const { line, cells } of found.rows) {
    const { label = '', start: startOn = '', end: endOn = '' } = cells;
    const grain = grains.find((known) => known === cells.grain);
    const tell = (rule: string) => report.addProblem({ file, line, path: '', value: null, rule, fix });
    if (!grain) tell(`has no grain that is known: ${grains.join(', ')}`);
    else if (!isDate(startOn) || !isDate(endOn) || startOn >= endOn) tell('has no start and end in order');
    else if (!/^[^\s|]+$/.test(label)) tell('has no label, or one with blanks or |');
    else if (labels.has(label)) tell(`has the label ${label} a second time`);
    else if ((last.get(grain) ?? startOn) !== startOn)
      tell(`does not start where the ${grain} before it ends`);
    else table.push({ grain, label, startOn, endOn });
    labels.add(label);
    if (grain) last.set(grain, endOn);
  }
  return table;
}
