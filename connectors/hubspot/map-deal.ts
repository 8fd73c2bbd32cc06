import type { EntityRow } from '../../src/model/entities.ts';
import { toMinorUnits } from '../../src/model/money.ts';
import { readHistory } from './history.ts';
import { pickLink } from './links.ts';
import { commonOf, type MapContext, readerOf, type Source } from './map.ts';
import { parseNumber, parseText } from './values.ts';

type Outcome = 'open' | 'won' | 'lost';

export function mapDeal(source: Source, context: MapContext): EntityRow<'deal'> {
  const { record, links } = source;
  const read = readerOf(record, context.zone);
  const currency = dealCurrency(source, context);
  const outcome = outcomeOf(source, context);
  const closeDate = read.instant('closedate');
  return {
    id: record.id,
    ...commonOf(record, context.zone),
    name: read.text('dealname'),
    account_id: pickLink(links, 'companies'),
    owner_id: read.text('hubspot_owner_id'),
    created_by_id: context.owners.idOfUser(read.text('hs_created_by_user_id')),
    pipeline: read.text('pipeline'),
    stage: read.text('dealstage'),
    type: dealType(read.text('dealtype')),
    amount_minor: toMinorUnits(read.raw('amount'), currency),
    currency,
    probability: probabilityOf(source, context),
    // closedate holds the expected day while a deal is open, and the real one after.
    expected_close_at: outcome === 'open' ? closeDate : null,
    closed_at: outcome === 'open' ? null : (closeDate ?? lastMove(source, context)),
    outcome,
    lost_reason: outcome === 'lost' ? read.text('closed_lost_reason') : null,
    campaign_id: read.text('hs_campaign'),
    source: read.text('hs_analytics_source'),
    next_step: read.text('hs_next_step'),
  };
}

/** Portals with one currency leave a deal's empty. */
function dealCurrency({ record }: Source, context: MapContext): string {
  return parseText(record.properties.deal_currency_code)?.toUpperCase() ?? context.currency;
}

/** By the stage's own metadata; where they do not tell, or the pipelines no longer have it, by HubSpot's flags. */
function outcomeOf({ record }: Source, context: MapContext): Outcome {
  const read = readerOf(record, context.zone);
  const stage = context.dealStages.meaning(read.text('pipeline'), read.text('dealstage'));
  if (stage && stage.won !== null) return stage.won ? 'won' : stage.closed ? 'lost' : 'open';
  if (read.flag('hs_is_closed_won')) return 'won';
  return (stage?.closed ?? read.flag('hs_is_closed')) ? 'lost' : 'open';
}

function dealType(type: string | null): string | null {
  if (type === 'newbusiness') return 'new';
  if (type === 'existingbusiness') return 'expansion';
  return type !== null && /renew/i.test(type) ? 'renewal' : type;
}

function probabilityOf({ record }: Source, context: MapContext): number | null {
  const read = readerOf(record, context.zone);
  const stage = context.dealStages.meaning(read.text('pipeline'), read.text('dealstage'));
  return parseNumber(read.raw('hs_deal_stage_probability')) ?? stage?.probability ?? null;
}

/** A closed deal without a close date closed when it moved into its stage. */
function lastMove({ record }: Source, context: MapContext): number | null {
  return readHistory(record, 'dealstage', context.zone).at(-1)?.at ?? null;
}
