import type { Outcome } from '../../src/model/connector.ts';
import type { ResultChange } from '../../src/model/result.ts';
import { type Board, readBoard, upsertBoard, writeDigest } from './board.ts';
import { ensureFigureProperties, figureProperties } from './board-install.ts';
import { periodOf } from './digest.ts';
import type { Session } from './session.ts';

/** Results as notes and figures of the board company. */
export async function* publishToBoard(
  session: Session,
  changes: readonly ResultChange[],
): AsyncGenerator<Outcome> {
  const shown: ResultChange[] = [];
  for (const change of changes) {
    if (fitsBoard(change)) shown.push(change);
    else yield { key: change.key, ok: false, reason: 'A note would show one person’s result to everybody.' };
  }
  if (shown.length === 0) return;
  const board = await readBoard(session);
  await writeFigures(session, board, shown);
  const periods = Map.groupBy(shown, ({ key }) => periodOf(key));
  for (const group of periods.values()) yield* await writeDigest(session, board, group);
}

/** A note is seen by all: results of single people have no place there. */
export function fitsBoard({ key, change }: ResultChange): boolean {
  const isPersonal = key.split('|')[2]?.startsWith('owner:') ?? false;
  return !isPersonal || change === 'delete' || change === 'retire';
}

interface Figure {
  readonly kpi: string;
  readonly label: string;
  readonly until: string;
  readonly value: string;
  readonly status: string;
}

/** Company-level results with a goal, the newest period of each; older ones must not overwrite it. */
async function writeFigures(session: Session, board: Board, changes: readonly ResultChange[]): Promise<void> {
  const newest = new Map<string, Figure>();
  for (const change of changes) {
    const figure = toFigure(change);
    if (!figure || figure.until < newestShown(board, figure.kpi)) continue;
    const known = newest.get(figure.kpi);
    if (!known || known.until <= figure.until) newest.set(figure.kpi, figure);
  }
  if (newest.size === 0) return;
  const usable = await ensureFigureProperties(session, [...newest.values()]);
  const values: Record<string, string> = {};
  for (const figure of newest.values()) {
    const [value, status] = figureProperties(figure);
    if (value && usable.has(value.name)) values[value.name] = figure.value;
    if (status && usable.has(status.name)) values[status.name] = figure.status;
  }
  if (Object.keys(values).length > 0) await upsertBoard(session, values);
}

function toFigure({ key, change, fields }: ResultChange): Figure | null {
  const [kpi, , segment, goal] = key.split('|');
  const hasGoal = goal !== undefined && goal !== '-';
  if (!kpi || segment !== 'company' || !hasGoal || (change !== 'create' && change !== 'update')) return null;
  const { period_end: until, value, status, label } = fields;
  if (typeof until !== 'string' || value === undefined) return null;
  return {
    kpi,
    label: typeof label === 'string' ? label : kpi,
    until,
    value: value === null ? '' : String(value),
    status: typeof status === 'string' ? status : '',
  };
}

function newestShown(board: Board, kpi: string): string {
  let newest = '';
  for (const { digest } of board.notes) {
    const shows = [...digest.lines.keys()].some((key) => {
      const [name, , segment, goal] = key.split('|');
      return name === kpi && segment === 'company' && goal !== '-';
    });
    if (shows && digest.until > newest) newest = digest.until;
  }
  return newest;
}
