import type { EntityRow } from '../../src/model/entities.ts';
import { readHistory } from './history.ts';
import { pickLink } from './links.ts';
import { commonOf, type MapContext, readerOf, type Source } from './map.ts';

export function mapTicket(source: Source, context: MapContext): EntityRow<'ticket'> {
  const { record, links } = source;
  const read = readerOf(record, context.zone);
  const closed = isClosed(source, context);
  const turns = turnsOf(source, context);
  return {
    id: record.id,
    ...commonOf(record, context.zone),
    name: read.text('subject'),
    account_id: pickLink(links, 'companies'),
    owner_id: read.text('hubspot_owner_id'),
    created_by_id: context.owners.idOfUser(read.text('hs_created_by_user_id')),
    pipeline: read.text('hs_pipeline'),
    status: read.text('hs_pipeline_stage'),
    priority: read.text('hs_ticket_priority'),
    category: read.text('hs_ticket_category'),
    channel: read.text('source_type'),
    is_closed: closed ? 1 : 0,
    first_reply_at: read.instant('first_agent_reply_date'),
    first_closed_at: turns.firstClosed ?? (closed ? read.instant('closed_date') : null),
    last_closed_at: closed ? (read.instant('closed_date') ?? turns.lastClosed) : null,
    reopened_at: turns.reopened ?? read.instant('hs_ticket_reopened_at'),
    due_at: read.instant('hs_time_to_close_sla_at'),
  };
}

/** By the stage's state; for a stage that the pipelines no longer have, by HubSpot's flag. */
function isClosed({ record }: Source, context: MapContext): boolean {
  const read = readerOf(record, context.zone);
  const stage = context.ticketStages.meaning(read.text('hs_pipeline'), read.text('hs_pipeline_stage'));
  if (stage) return stage.closed;
  return read.flag('hs_is_closed') ?? read.instant('closed_date') !== null;
}

interface Turns {
  readonly firstClosed: number | null;
  readonly lastClosed: number | null;
  readonly reopened: number | null;
}

/** Closings and reopenings from the history of the stage. */
function turnsOf({ record }: Source, context: MapContext): Turns {
  const pipeline = readerOf(record, context.zone).text('hs_pipeline');
  let firstClosed: number | null = null;
  let lastClosed: number | null = null;
  let reopened: number | null = null;
  let wasClosed = false;
  for (const { at, value } of readHistory(record, 'hs_pipeline_stage', context.zone)) {
    const closed = context.ticketStages.meaning(pipeline, value)?.closed;
    // A stage that is gone says neither.
    if (closed === undefined) continue;
    if (closed && !wasClosed) {
      firstClosed ??= at;
      lastClosed = at;
    }
    if (!closed && wasClosed) reopened = at;
    wasClosed = closed;
  }
  return { firstClosed, lastClosed, reopened };
}
