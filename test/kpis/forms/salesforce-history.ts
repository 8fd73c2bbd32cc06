import type { SqlValue } from '../../../src/model/entities.ts';
import { baseCurrency, type CaseRow, type FormCase, instantText, major, Untellable } from './form.ts';
import { add, createdOf, type Files, type Ids } from './salesforce-ids.ts';

/** Fields that OpportunityHistory tells, each of its rows being a whole state. */
const ofState = ['stage', 'amount_minor', 'expected_close_on', 'probability'] as const;
type OfState = (typeof ofState)[number];

const fieldNames: Readonly<Record<string, string>> = {
  'deal.owner_id': 'Owner',
  'deal.next_step': 'NextStep',
  'deal.source': 'LeadSource',
  'deal.type': 'Type',
  'ticket.owner_id': 'Owner',
  'ticket.status': 'Status',
  'ticket.priority': 'Priority',
};

export function tellHistories(files: Files, one: FormCase, ids: Ids): void {
  const changes = (one.rows.change ?? []).toSorted((a, b) => instantOf(a) - instantOf(b));
  const isState = ({ object, field }: CaseRow) => object === 'deal' && ofState.some((name) => name === field);
  for (const deal of one.rows.deal ?? []) {
    const own = changes.filter((row) => isState(row) && row.record_id === deal.id);
    tellStates(files, { deal, changes: own, ids });
  }
  for (const row of changes) if (!isState(row)) tellField(files, row, ids);
}

const instantOf = (row: CaseRow) => Date.parse(instantText(row.at) ?? '');

interface DealHistory {
  readonly deal: CaseRow;
  readonly changes: readonly CaseRow[];
  readonly ids: Ids;
}

function tellStates(files: Files, { deal, changes, ids }: DealHistory): void {
  let state = firstState(deal, changes);
  const [first] = changes;
  const created = Date.parse(createdOf(deal));
  // Salesforce writes a deal's first state when it is created.
  const moments = first && instantOf(first) > created ? [{ at: created, changed: [] as CaseRow[] }] : [];
  for (const row of changes) {
    const last = moments.at(-1);
    if (last?.at === instantOf(row)) last.changed.push(row);
    else moments.push({ at: instantOf(row), changed: [row] });
  }
  for (const { at, changed } of moments) {
    const before = state;
    state = { ...state, ...Object.fromEntries(changed.map((row) => [row.field, row.to_value ?? null])) };
    const serial = (files.OpportunityHistory?.length ?? 0) + 1;
    add(files, 'OpportunityHistory', {
      Id: `008${String(serial).padStart(12, '0')}`,
      OpportunityId: ids.idOf('deal', String(deal.id)),
      CreatedDate: new Date(at).toISOString(),
      CreatedById: ids.link('actor', changed[0]?.actor_id),
      StageName: state.stage,
      Amount: major(state.amount_minor, deal.currency ?? baseCurrency),
      PrevAmount: major(before.amount_minor, deal.currency ?? baseCurrency),
      CloseDate: state.expected_close_on ?? '2099-12-31',
      PrevCloseDate: before.expected_close_on ?? '2099-12-31',
      Probability: state.probability === null ? null : Number(state.probability) * 100,
    });
  }
}

/** What a deal said before its first change; what never changed it says today. */
function firstState(deal: CaseRow, changes: readonly CaseRow[]): Record<OfState, SqlValue> {
  const closes = deal.closed_on ?? deal.expected_close_on ?? null;
  const today = { ...deal, expected_close_on: closes };
  const firstValue = (name: OfState): SqlValue => {
    const first = changes.find(({ field }) => field === name);
    return (first ? first.from_value : (today as CaseRow)[name]) ?? null;
  };
  return {
    stage: firstValue('stage'),
    amount_minor: firstValue('amount_minor'),
    expected_close_on: firstValue('expected_close_on'),
    probability: firstValue('probability'),
  };
}

function tellField(files: Files, row: CaseRow, ids: Ids): void {
  const name = fieldNames[`${row.object}.${row.field}`];
  if (!name) throw new Untellable(`no history of ${row.object}.${row.field}`);
  const isId = row.field === 'owner_id';
  const object = row.object === 'deal' ? 'OpportunityFieldHistory' : 'CaseHistory';
  const serial = (files[object]?.length ?? 0) + 1;
  const value = (cell: SqlValue | undefined) => (isId ? ids.link('actor', cell) : (cell ?? null));
  add(files, object, {
    Id: `017${String(serial).padStart(12, row.object === 'deal' ? '0' : '9')}`,
    [row.object === 'deal' ? 'OpportunityId' : 'CaseId']: ids.idOf(
      row.object === 'deal' ? 'deal' : 'ticket',
      String(row.record_id),
    ),
    Field: name,
    DataType: isId ? 'EntityId' : 'Text',
    CreatedDate: instantText(row.at),
    CreatedById: ids.link('actor', row.actor_id),
    OldValue: value(row.from_value),
    NewValue: value(row.to_value),
  });
}
