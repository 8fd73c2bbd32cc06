import type { SqlValue } from '../../../src/model/entities.ts';
import { type CaseRow, type FormCase, instantText, type Link, major, noonOf, Untellable } from './form.ts';

import { stageFor } from './hubspot-directory.ts';

/** Properties whose history is read, by the column that they feed. */
const properties: Readonly<Record<string, string>> = {
  'deal.stage': 'dealstage',
  'deal.amount_minor': 'amount',
  'deal.expected_close_on': 'closedate',
  'deal.owner_id': 'hubspot_owner_id',
  'deal.next_step': 'hs_next_step',
  'ticket.status': 'hs_pipeline_stage',
  'ticket.owner_id': 'hubspot_owner_id',
  'ticket.priority': 'hs_ticket_priority',
};

/** Without changes in the case, these say what they say since the record was made. */
const unchanged = {
  deal: [
    ['amount_minor', 'amount'],
    ['owner_id', 'hubspot_owner_id'],
    ['next_step', 'hs_next_step'],
    ['pipeline', 'pipeline'],
    ['expected_close_on', 'closedate'],
  ],
  ticket: [
    ['owner_id', 'hubspot_owner_id'],
    ['priority', 'hs_ticket_priority'],
    ['category', 'hs_ticket_category'],
  ],
} as const;

interface Item {
  readonly value: string;
  readonly timestamp: string;
  readonly sourceType: string;
}

/** `propertiesWithHistory` of one record: newest first, as on the wire. */
export function tellHistory(
  record: { readonly object: 'deal' | 'ticket'; readonly row: CaseRow; readonly created: string },
  { one, link }: { readonly one: FormCase; readonly link: Link },
): Record<string, readonly Item[]> {
  const { object, row, created } = record;
  const own = (one.rows.change ?? []).filter((each) => each.object === object && each.record_id === row.id);
  const histories: Record<string, readonly Item[]> = {};
  for (const [field, changes] of Map.groupBy(own, (each) => String(each.field))) {
    const property = properties[`${object}.${field}`];
    if (!property) throw new Untellable(`no history of ${object}.${field}`);
    if (changes.some(({ actor_id }) => actor_id)) throw new Untellable('a history names no person');
    const items = changes
      .toSorted((a, b) => Date.parse(textOf(a.at)) - Date.parse(textOf(b.at)))
      .map((each) => itemOf(each.to_value, textOf(each.at), { field, link }));
    const [first] = changes;
    const hasEarlier = first?.from_value !== null && first?.from_value !== undefined;
    if (hasEarlier) items.unshift(itemOf(first.from_value, created, { field, link }));
    histories[property] = items.reverse();
  }
  for (const [field, property] of unchanged[object])
    if (!histories[property] && (row[field] ?? null) !== null)
      histories[property] = [itemOf(row[field], created, { field, link })];
  const [property, moves] = object === 'deal' ? dealMoves(row) : ticketMoves(row);
  histories[property] ??= inOrder(created, moves);
  return histories;
}

const textOf = (at: SqlValue | undefined) => instantText(at) ?? '';

function itemOf(
  value: SqlValue | undefined,
  timestamp: string,
  { field, link }: { readonly field: string; readonly link: Link },
): Item {
  const told =
    field === 'owner_id'
      ? link('actor', value)
      : field === 'amount_minor'
        ? major(value)
        : field === 'expected_close_on'
          ? noonOf(value)
          : value;
  return { value: String(told ?? ''), timestamp, sourceType: 'CRM_UI' };
}

type Move = readonly [at: SqlValue | undefined, stage: SqlValue | undefined];

/** A closed deal came through the first stage. */
function dealMoves(row: CaseRow): readonly [property: string, moves: readonly Move[]] {
  const stages: Readonly<Record<string, string>> = { won: 'closedwon', lost: 'closedlost' };
  const closed = stages[String(row.outcome)];
  if (row.stage) return ['dealstage', [['', row.stage]]];
  const at = instantText(row.closed_at) ?? noonOf(row.closed_on);
  const moves: readonly Move[] = closed && at ? [[at, closed]] : [];
  return [
    'dealstage',
    [['', closed && !at ? closed : closed ? 'appointmentscheduled' : stageFor(row.probability)], ...moves],
  ];
}

const open = '1';
const closed = '4';

/** Closings and reopenings stand nowhere but in the history of the stage. */
function ticketMoves(row: CaseRow): readonly [property: string, moves: readonly Move[]] {
  if (row.status) return ['hs_pipeline_stage', [['', row.status]]];
  const moves: readonly Move[] = [
    [row.first_closed_at, closed],
    [row.reopened_at, open],
    [row.is_closed === 1 ? row.last_closed_at : null, closed],
  ];
  return ['hs_pipeline_stage', [['', open], ...moves.filter(([at]) => at !== null && at !== undefined)]];
}

/** Newest first; a move without an instant is that of the creation. */
function inOrder(created: string, moves: readonly Move[]): readonly Item[] {
  return moves
    .map(([at, stage]) => ({
      value: String(stage),
      timestamp: at ? textOf(at) : created,
      sourceType: 'CRM_UI',
    }))
    .toSorted((a, b) => Date.parse(b.timestamp) - Date.parse(a.timestamp));
}
