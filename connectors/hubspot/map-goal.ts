import type { EntityRow } from '../../src/model/entities.ts';
import { toMinorUnits } from '../../src/model/money.ts';
import type { Zone } from '../../src/model/zone.ts';
import { commonOf, type MapContext, readerOf, type Source } from './map.ts';
import { parseNumber } from './values.ts';

const dayMs = 86_400_000;
/** Goal types whose target is an amount of money; all others count something. */
const ofMoney = /quota|revenue|amount/i;

/**
 * A goal for one user or team and one slice of time (developer documentation, "Goals"). One of money is a quota; any
 * other is kept beside them under a kind of its own, as its unit is told by nothing.
 */
export function mapGoal({ record }: Source, context: MapContext): EntityRow<'entry'> {
  const { zone } = context;
  const read = readerOf(record, zone);
  const type = read.text('hs_goal_type');
  const isMoney = ofMoney.test(type ?? '');
  const currency = read.text('hs_goal_target_currency_code')?.toUpperCase() ?? context.currency;
  const target = read.raw('hs_target_amount');
  const from = firstDay(read.instant('hs_start_datetime'), zone);
  const pipelines = read.text('hs_pipeline_ids');
  return {
    id: record.id,
    ...commonOf(record, zone, read.text('hs_createdate') === null ? 'createdate' : 'hs_createdate'),
    kind: isMoney ? 'quota' : 'goal',
    day: from,
    from_on: from,
    to_on: lastDay(read.instant('hs_end_datetime'), zone),
    amount_minor: isMoney ? toMinorUnits(target, currency) : null,
    value: isMoney ? null : parseNumber(target),
    currency: isMoney ? currency : null,
    purpose: type,
    actor_id: read.text('hubspot_owner_id'),
    team_id: read.text('hs_assignee_team_id'),
    note:
      [read.text('hs_goal_name'), pipelines && `pipelines ${pipelines}`].filter(Boolean).join('; ') || null,
    author: context.owners.idOfUser(read.text('hs_created_by_user_id')),
  };
}

/** Slices begin at midnight of the account's zone or of UTC. */
function firstDay(at: number | null, zone: Zone): string | null {
  if (at === null) return null;
  return at % dayMs === 0 ? new Date(at).toISOString().slice(0, 10) : zone.dateOf(at);
}

/** They end with the last millisecond; older ones with the first instant of the next slice. */
function lastDay(at: number | null, zone: Zone): string | null {
  if (at === null) return null;
  const isLastMs = at % 1000 === 999;
  const next = isLastMs ? at + 1 : at;
  if (next % dayMs === 0) return new Date(next - 1).toISOString().slice(0, 10);
  return next === zone.startOf(zone.dateOf(next)) ? zone.dateOf(next - 1) : zone.dateOf(at);
}
