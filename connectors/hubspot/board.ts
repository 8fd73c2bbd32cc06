import { z } from 'zod';
import type { Outcome } from '../../src/model/connector.ts';
import { RunError } from '../../src/model/errors.ts';
import type { ResultChange } from '../../src/model/result.ts';
import { boardKey, boardName } from './board-company.ts';
import { boardFlag } from './catalog.ts';
import { changeDigest, type Digest, formatDigest, parseDigest, periodOf } from './digest.ts';
import { fetchLinks } from './links.ts';
import { asModel } from './requests.ts';
import { keyProperty } from './result-properties.ts';
import type { Session } from './session.ts';
import { anyAnswer, batchAnswer } from './shapes.ts';

/** Note to company (developer documentation, "Associate records"). */
const noteToCompany = 190;
const batchSize = 100;

interface BoardNote {
  readonly id: string | null;
  readonly digest: Digest;
}

export interface Board {
  readonly id: string;
  readonly notes: readonly BoardNote[];
}

/** Creates or changes the one company that is ours; returns its id. */
export async function upsertBoard(
  session: Session,
  figures: Readonly<Record<string, string>>,
): Promise<string> {
  const { api } = session;
  const properties = { [keyProperty]: boardKey, name: boardName, [boardFlag]: 'true', ...figures };
  const inputs = [{ id: boardKey, idProperty: keyProperty, properties, objectWriteTraceId: boardKey }];
  const request = api.build.batch.upsert('companies', { inputs });
  const call = { what: `company ${boardName}`, request, shape: batchAnswer, repeatable: true };
  const { value } = await api.call(call);
  const [board] = value.results;
  if (board) return board.id;
  throw new RunError('remote', {
    where: `${session.name} company ${boardName}`,
    message: 'HubSpot did not confirm the company that shows the results.',
    fix: 'Run again; if it persists, run crm-kpi check.',
  });
}

/** The board with its digests as they stand there. */
export async function readBoard(session: Session): Promise<Board> {
  const id = await upsertBoard(session, {});
  return { id, notes: await readNotesOf(session, id) };
}

/** What one of our properties says there; empty where it says nothing. */
export async function readBoardProperty({ api }: Session, name: string): Promise<string> {
  const body = {
    idProperty: keyProperty,
    properties: [name],
    propertiesWithHistory: [],
    inputs: [{ id: boardKey }],
  };
  const request = api.build.batch.read('companies', body, false);
  const call = { what: `company ${boardName}`, request, shape: batchAnswer, repeatable: true };
  return (await api.call(call)).value.results[0]?.properties[name] ?? '';
}

/** Our own notes of the board. */
export async function readNotesOf(session: Session, boardId: string): Promise<readonly BoardNote[]> {
  const links = await fetchLinks(session.api, { from: 'companies', to: 'notes' }, [boardId]);
  const ids = [...new Set((links.get(boardId) ?? []).map((link) => link.id))];
  const notes: BoardNote[] = [];
  for (let start = 0; start < ids.length; start += batchSize) {
    notes.push(...(await readNotes(session, ids.slice(start, start + batchSize))));
  }
  return notes;
}

async function readNotes(session: Session, ids: readonly string[]): Promise<readonly BoardNote[]> {
  const { api } = session;
  const inputs = ids.map((id) => ({ id }));
  const body = { properties: ['hs_note_body'], propertiesWithHistory: [], inputs };
  const request = api.build.batch.read('notes', body, false);
  const { value } = await api.call({ what: 'notes', request, shape: batchAnswer, repeatable: true });
  return value.results.flatMap(({ id, properties }) => {
    const digest = parseDigest(properties.hs_note_body ?? '');
    return digest ? [{ id, digest }] : [];
  });
}

/** Writes one period's note; an outcome for each of its changes. */
export async function writeDigest(
  session: Session,
  board: Board,
  changes: readonly ResultChange[],
): Promise<readonly Outcome[]> {
  const [first] = changes;
  if (!first) return [];
  const period = periodOf(first.key);
  const note = board.notes.find(({ digest }) => digest.period === period);
  const before: Digest = note?.digest ?? { period, until: '', lines: new Map() };
  const after = changeDigest(before, changes);
  const { html, left } = formatDigest(after);
  const unchanged = note !== undefined && html === formatDigest(before).html;
  if (!unchanged && (note || after.lines.size > 0)) {
    await saveNote(session, { boardId: board.id, noteId: note?.id ?? null, html });
  }
  return changes.map(({ key }) =>
    left.includes(key)
      ? { key, ok: false, reason: 'The note of this period is full; publish fewer segments.' }
      : { key, ok: true },
  );
}

const createdShape = z.object({ id: z.union([z.string(), z.number()]).transform(String) });

async function saveNote(
  session: Session,
  note: { readonly boardId: string; readonly noteId: string | null; readonly html: string },
): Promise<void> {
  const { api } = session;
  if (note.noteId !== null) {
    const request = api.build.objects.update('notes', note.noteId, {
      properties: { hs_note_body: note.html },
    });
    await api.call({ what: 'notes', request, shape: anyAnswer, repeatable: true });
    return;
  }
  const body = {
    properties: { hs_timestamp: new Date(session.now()).toISOString(), hs_note_body: note.html },
    associations: [
      {
        to: { id: note.boardId },
        types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: noteToCompany }],
      },
    ],
  };
  const request = api.build.objects.create('notes', asModel(body));
  await api.call({ what: 'notes', request, shape: createdShape });
}
