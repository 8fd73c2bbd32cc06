import type { EntityRow } from '../../src/model/entities.ts';
import { readHistory } from './history.ts';
import { pickLink } from './links.ts';
import { commonOf, type MapContext, readerOf, type Source } from './map.ts';
import { parseNumber, toBit } from './values.ts';

export function mapCompany({ record }: Source, { zone }: MapContext): EntityRow<'account'> {
  const read = readerOf(record, zone);
  return {
    id: record.id,
    ...commonOf(record, zone),
    name: read.text('name'),
    category: read.text('industry'),
    country: read.text('country'),
    owner_id: read.text('hubspot_owner_id'),
  };
}

/** A contact as a lead: converted when its lifecycle first reached an opportunity or a customer. */
export function mapContact({ record, links }: Source, { zone }: MapContext): EntityRow<'lead'> {
  const read = readerOf(record, zone);
  const reached = [
    'hs_v2_date_entered_opportunity',
    'hs_v2_date_entered_customer',
    'hs_lifecyclestage_opportunity_date',
    'hs_lifecyclestage_customer_date',
  ].map(read.instant);
  const converted = earliest(reached);
  return {
    id: record.id,
    ...commonOf(record, zone),
    name: [read.text('firstname'), read.text('lastname')].filter(Boolean).join(' ') || null,
    owner_id: read.text('hubspot_owner_id'),
    source: read.text('hs_analytics_source'),
    status: read.text('hs_lead_status') ?? read.text('lifecyclestage'),
    converted_on: converted === null ? null : zone.dateOf(converted),
    closed_at: converted,
    deal_id: pickLink(links, 'deals'),
    contact_id: record.id,
    imported: imported(read.text('hs_object_source')),
  };
}

const qualified = /^qualified/i;
const givenUp = /^(unqualified|disqualified)/i;

/** A record of the leads object: converted when it first entered a qualified stage. */
export function mapLead({ record, links }: Source, context: MapContext): EntityRow<'lead'> {
  const { zone } = context;
  const read = readerOf(record, zone);
  const moves = readHistory(record, 'hs_pipeline_stage', zone);
  const converted = moves.find(({ value }) => stageIs(value, qualified, context))?.at ?? null;
  const last = moves.at(-1);
  const dropped = last && stageIs(last.value, givenUp, context) ? last.at : null;
  return {
    id: record.id,
    ...commonOf(record, zone, read.text('hs_createdate') === null ? 'createdate' : 'hs_createdate'),
    name: read.text('hs_lead_name'),
    owner_id: read.text('hubspot_owner_id'),
    source: read.text('hs_lead_source'),
    status: read.text('hs_pipeline_stage'),
    converted_on: converted === null ? null : zone.dateOf(converted),
    closed_at: converted ?? dropped,
    deal_id: pickLink(links, 'deals'),
    contact_id: pickLink(links, 'contacts'),
    imported: imported(read.text('hs_object_source')),
  };
}

/** Lead stages carry no outcome in their metadata: their id or label tells. */
function stageIs(stage: string | null, pattern: RegExp, { leadStages }: MapContext): boolean {
  if (stage === null) return false;
  if (pattern.test(stage)) return true;
  const known = leadStages.pipelines.flatMap((pipeline) => pipeline.stages).find(({ id }) => id === stage);
  return pattern.test(known?.label ?? '');
}

function imported(source: string | null): number | null {
  return source === null ? null : toBit(source.toUpperCase() === 'IMPORT');
}

/** Scales of HubSpot's own survey types (knowledge base, "Understand customer feedback surveys"). */
const scales: Readonly<Record<string, readonly [number, number]>> = {
  nps: [0, 10],
  csat: [1, 5],
  ces: [1, 7],
};

export function mapFeedback({ record, links }: Source, { zone }: MapContext): EntityRow<'survey_answer'> {
  const read = readerOf(record, zone);
  const kind = read.text('hs_survey_type')?.toLowerCase() ?? null;
  const scale = scales[kind ?? ''];
  return {
    id: record.id,
    ...commonOf(record, zone, read.text('hs_createdate') === null ? 'createdate' : 'hs_createdate'),
    audience: 'customer',
    kind,
    account_id: pickLink(links, 'companies'),
    ticket_id: pickLink(links, 'tickets'),
    channel: read.text('hs_survey_channel')?.toLowerCase() ?? null,
    answered_at: read.instant('hs_submission_timestamp') ?? read.instant('createdate'),
    score: parseNumber(read.raw('hs_value')),
    scale_min: scale?.[0] ?? null,
    scale_max: scale?.[1] ?? null,
    comment: read.text('hs_content'),
  };
}

function earliest(instants: readonly (number | null)[]): number | null {
  let first: number | null = null;
  for (const instant of instants) {
    if (instant !== null && (first === null || instant < first)) first = instant;
  }
  return first;
}
