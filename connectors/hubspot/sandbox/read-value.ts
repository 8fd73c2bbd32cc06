import { targetsOf } from './links.ts';
import type { Contents, HistoryItem, ObjectType, Portal, StoredRecord } from './portal.ts';
import { contentsOf, historyOf } from './records.ts';
import { findStage, isClosedStage, stagePropertyOf } from './rules.ts';

/** Reads one record's values; undefined: the object has no such property. */
export type ReadValue = (name: string) => string | null | undefined;

interface Subject {
  readonly portal: Portal;
  readonly type: ObjectType;
  readonly record: StoredRecord;
  readonly contents: Contents;
}

const stageTimes = /^hs_v2_(date_entered|date_exited|latest_time_in|cumulative_time_in)_(.+)$/;

export function openRecord(portal: Portal, type: ObjectType, record: StoredRecord): ReadValue {
  let contents: Contents | null = null;
  const subject: Subject = {
    portal,
    type,
    record,
    // A search by id or time looks at many records without their contents.
    get contents() {
      contents ??= contentsOf(record);
      return contents;
    },
  };
  return (name) => {
    const own = computeValue(subject, name);
    if (own !== undefined) return own;
    const property = type.properties.get(name);
    if (!property || property.archived) return undefined;
    return subject.contents.values[name] ?? null;
  };
}

export function readHistory(
  portal: Portal,
  type: ObjectType,
  { record, name }: { readonly record: StoredRecord; readonly name: string },
): readonly HistoryItem[] | undefined {
  if (!type.properties.has(name)) return undefined;
  const contents = contentsOf(record);
  const known = historyOf(record, contents, name);
  if (known.length > 0) return known;
  const value = computeValue({ portal, type, record, contents }, name);
  if (value === null || value === undefined) return [];
  return [{ value, timestamp: toIso(record.updatedAt), sourceType: 'CALCULATED' }];
}

/** Values that HubSpot derives; undefined: stored like any other. */
function computeValue(subject: Subject, name: string): string | null | undefined {
  const { type, record } = subject;
  if (name === 'hs_object_id') return `${record.id}`;
  if (name === 'hs_lastmodifieddate' || name === type.spec.modifiedProperty) return toIso(record.updatedAt);
  if (name === 'hs_createdate') return toIso(record.createdAt);
  if (name === 'createdate' && type.spec.createdProperty === name) {
    return subject.contents.values[name] ?? toIso(record.createdAt);
  }
  if (name === 'hubspot_team_id') return primaryTeam(subject);
  if (name === 'hubspot_owner_assigneddate') return assignedAt(subject);
  if (type.spec.name === 'deals') return computeDeal(subject, name);
  if (type.spec.name === 'tickets') return computeTicket(subject, name);
  return undefined;
}

function primaryTeam({ portal, contents }: Subject): string | null {
  const owner = portal.owners.get(contents.values.hubspot_owner_id ?? '');
  return owner?.teams?.find(({ primary }) => primary)?.id ?? null;
}

function assignedAt({ record, contents }: Subject): string | null {
  const [newest] = historyOf(record, contents, 'hubspot_owner_id');
  return newest && newest.value !== '' ? newest.timestamp : null;
}

function computeDeal(subject: Subject, name: string): string | null | undefined {
  const { portal, type, record, contents } = subject;
  if (name === 'num_associated_contacts') {
    const contacts = portal.types.get('contacts');
    return contacts ? `${targetsOf(portal, type, record.id, contacts).length}` : null;
  }
  if (name.startsWith('hs_v2_')) return computeStageTime(subject, name);
  const { amount } = contents.values;
  if (name === 'amount_in_home_currency') return amount ?? null;
  return computeOutcome(subject, name, amount ?? null);
}

function computeOutcome(subject: Subject, name: string, amount: string | null): string | null | undefined {
  const stage = findStage(subject.portal, subject.type, subject.contents.values.dealstage);
  if (!stage) return undefined;
  const closed = isClosedStage(stage);
  const probability = stage.metadata.probability ?? '0.0';
  const won = closed && Number(probability) === 1;
  switch (name) {
    case 'hs_is_closed':
      return `${closed}`;
    case 'hs_is_closed_won':
      return `${won}`;
    case 'hs_is_closed_lost':
      return `${closed && !won}`;
    case 'hs_deal_stage_probability':
      return probability;
    case 'hs_closed_amount':
    case 'hs_closed_amount_in_home_currency':
      return won ? (amount ?? '0') : '0';
    case 'hs_projected_amount':
    case 'hs_projected_amount_in_home_currency':
      return amount === null ? null : `${Number(amount) * Number(probability)}`;
    default:
      return undefined;
  }
}

function computeTicket(subject: Subject, name: string): string | null | undefined {
  const { values } = subject.contents;
  const stage = findStage(subject.portal, subject.type, values.hs_pipeline_stage);
  if (name === 'hs_is_closed') return stage ? `${isClosedStage(stage)}` : undefined;
  if (name === 'time_to_close') return msSinceCreation(subject, values.closed_date);
  if (name === 'time_to_first_agent_reply') return msSinceCreation(subject, values.first_agent_reply_date);
  return name.startsWith('hs_v2_') ? computeStageTime(subject, name) : undefined;
}

function msSinceCreation({ record }: Subject, instant: string | null | undefined): string | null {
  return instant ? `${Date.parse(instant) - record.createdAt}` : null;
}

/** First to last: what stages a record was in, from when to when; `null`: it still is. */
function stagePath({ type, record, contents }: Subject) {
  const name = stagePropertyOf(type);
  const items = name ? [...historyOf(record, contents, name)].reverse() : [];
  return items.map(({ value, timestamp }, index) => {
    const next = items[index + 1];
    return { stage: value, from: Date.parse(timestamp), to: next ? Date.parse(next.timestamp) : null };
  });
}

function computeStageTime(subject: Subject, name: string): string | null | undefined {
  const path = stagePath(subject);
  const last = path.at(-1);
  const now = subject.portal.now();
  if (name === 'hs_v2_date_entered_current_stage') return last ? toIso(last.from) : null;
  if (name === 'hs_v2_time_in_current_stage') return last ? `${now - last.from}` : null;
  const match = stageTimes.exec(name);
  const [, what, stage] = match ?? [];
  if (!stage || !findStage(subject.portal, subject.type, stage)) return undefined;
  const visits = path.filter((visit) => visit.stage === stage);
  const visit = visits.at(-1);
  if (!visit) return null;
  if (what === 'date_entered') return toIso(visit.from);
  if (what === 'date_exited') return visit.to === null ? null : toIso(visit.to);
  const counted = what === 'latest_time_in' ? [visit] : visits;
  let ms = 0;
  for (const { from, to } of counted) ms += (to ?? now) - from;
  return `${ms}`;
}

export function toIso(ms: number): string {
  return new Date(ms).toISOString();
}
