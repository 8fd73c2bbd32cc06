import type { ResultSchema } from '../../src/model/connector.ts';
import type { ResultChange } from '../../src/model/result.ts';
import { type Board, readBoardProperty, upsertBoard } from './board.ts';
import { ensureProperties, figureProperties, summaryProperty } from './board-install.ts';
import { findPropertyRoom } from './property-room.ts';
import type { Session } from './session.ts';
import { changeSummary } from './summary.ts';

interface Figure {
  readonly kpi: string;
  readonly label: string;
  readonly until: string;
  readonly value: string;
  readonly valueText: string;
  readonly status: string;
}

interface FigureWork {
  readonly board: Board;
  readonly changes: readonly ResultChange[];
  readonly target: ResultSchema;
}

/** Company-level results with a goal, the newest period of each; older ones must not overwrite it. */
export async function writeFigures(session: Session, work: FigureWork): Promise<void> {
  const { board, changes } = work;
  const newest = new Map<string, Figure>();
  for (const change of changes) {
    const figure = toFigure(change);
    if (!figure || figure.until < newestShown(board, figure.kpi)) continue;
    const known = newest.get(figure.kpi);
    if (!known || known.until <= figure.until) newest.set(figure.kpi, figure);
  }
  if (newest.size === 0 && !changes.some(({ change }) => change === 'delete')) return;
  const room = await findPropertyRoom(session);
  if (room?.isSmall) await writeSummary(session, work, newest);
  else await writeEach(session, [...newest.values()], room?.left ?? null);
}

async function writeEach(session: Session, figures: readonly Figure[], left: number | null): Promise<void> {
  if (figures.length === 0) return;
  const usable = await ensureProperties(session, figures.flatMap(figureProperties), left);
  const values: Record<string, string> = {};
  for (const figure of figures) {
    const [value, status] = figureProperties(figure);
    if (value && usable.has(value.name)) values[value.name] = figure.value;
    if (status && usable.has(status.name)) values[status.name] = figure.status;
  }
  if (Object.keys(values).length > 0) await upsertBoard(session, values);
}

/** Beside the two that it needs anyway, one property holds all of them where there is room for few. */
async function writeSummary(
  session: Session,
  { changes, target }: FigureWork,
  newest: ReadonlyMap<string, Figure>,
): Promise<void> {
  const draft = summaryProperty(target.language);
  const usable = await ensureProperties(session, [draft], null);
  if (!usable.has(draft.name)) return;
  const before = await readBoardProperty(session, draft.name);
  const parts = [...newest.values()].map((figure) => ({
    kpi: figure.kpi,
    text: `${figure.label}: ${figure.valueText} (${statusLabel(target, figure.status)})`,
  }));
  const after = changeSummary(before, parts, removedKpis(changes, newest));
  if (after !== before) await upsertBoard(session, { [draft.name]: after });
}

/** Those of which a company result was taken out and none is shown. */
function removedKpis(
  changes: readonly ResultChange[],
  newest: ReadonlyMap<string, Figure>,
): ReadonlySet<string> {
  const removed = new Set<string>();
  for (const { key, change } of changes) {
    const [kpi = '', , segment] = key.split('|');
    if (change === 'delete' && segment === 'company' && !newest.has(kpi)) removed.add(kpi);
  }
  return removed;
}

function statusLabel(target: ResultSchema, status: string): string {
  const values = target.fields.find(({ name }) => name === 'status')?.values ?? [];
  return values.find(({ value }) => value === status)?.label ?? status;
}

function toFigure({ key, change, fields }: ResultChange): Figure | null {
  const [kpi, , segment, goal] = key.split('|');
  const hasGoal = goal !== undefined && goal !== '-';
  if (!kpi || segment !== 'company' || !hasGoal || (change !== 'create' && change !== 'update')) return null;
  const { period_end: until, value, status, label, value_text: text } = fields;
  if (typeof until !== 'string' || value === undefined) return null;
  const plain = value === null ? '' : String(value);
  return {
    kpi,
    label: typeof label === 'string' ? label : kpi,
    until,
    value: plain,
    valueText: typeof text === 'string' ? text : plain,
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
