import { expect, it } from 'vitest';
import { ago, type FindingsStore, openDeal, openFindingsStore, times } from './findings-store.ts';

const call = (id: string, dealId: string) => ({
  ...{ id, kind: 'call', status: 'done', deal_id: dealId, done_at: ago(40), created_at: ago(40) },
});

/** As the sync notes it where the settings choose KPIs. */
async function readOnly(store: FindingsStore, stream: string, columns: string): Promise<void> {
  await store.store.noteColumns({ connection: 'crm', stream }, columns, false);
}

it('does not take a next step that was not read for one that nobody wrote', async () => {
  await using store = await openFindingsStore();
  await store.fill({ deal: times(20, (i) => openDeal(`d${i}`)), activity: [] });
  await readOnly(store, 'deal', 'closed_on closed_at outcome owner_id');
  expect(await store.found('no_next_step')).toEqual([]);
  expect(await store.silence('no_next_step')).toEqual([
    'Of crm these columns are not read, because no KPI under `kpis` needs them: deal.next_step.',
  ]);
});

it('does not take deals for stalled of which neither stage nor activities are read', async () => {
  await using store = await openFindingsStore();
  await store.fill({
    deal: times(20, (i) => openDeal(`d${i}`)),
    activity: times(20, (i) => call(`c${i}`, `d${i}`)),
  });
  expect(await store.found('stalled_deals')).toHaveLength(1);
  await readOnly(store, 'deal', 'closed_on outcome');
  await readOnly(store, 'activity', 'done_at');
  expect(await store.found('stalled_deals')).toEqual([]);
});

it('names the fields that are not read at once, and judges the others', async () => {
  await using store = await openFindingsStore();
  const deals = times(30, (i) => openDeal(`d${i}`, { source: i < 5 ? 'web' : null, created_at: ago(20) }));
  await store.fill({ deal: deals });
  await readOnly(store, 'deal', 'outcome source');
  expect((await store.found('low_fill')).map(({ subject }) => subject)).toEqual(['deal.source']);
  expect(await store.silence('low_fill')).toEqual([
    'Not read from every connection, because no KPI under `kpis` needs them: amount of deals, account of deals, expected close of open deals, type of deals, reason of lost deals.',
  ]);
});

it('judges the connection that tells, and names the one that does not', async () => {
  await using store = await openFindingsStore();
  const deals = times(20, (i) => openDeal(`d${i}`));
  await store.fill({ deal: deals, activity: [] });
  await store.save('deal', { rows: times(30, (i) => openDeal(`o${i}`)), source: 'other' });
  const [found] = await store.found('no_next_step');
  expect(found?.evidence).toMatchObject({ without_step: 20, open_deals: 20 });
  expect(await store.silence('no_next_step')).toEqual([
    'No activity from other: left out of `objects`, not permitted, or unknown to this kind of CRM.',
  ]);
});

it('does not miss surveys where none of them names its case', async () => {
  await using store = await openFindingsStore();
  const ticket = (id: string) => ({
    ...{ id, is_closed: 1, created_at: ago(40), last_closed_at: ago(30), first_closed_at: ago(30) },
  });
  await store.fill({ ticket: times(30, (i) => ticket(`t${i}`)) });
  await store.save('survey_answer', {
    source: 'surveys',
    rows: times(10, (i) => ({ id: `s${i}`, answered_at: ago(20), score: 5, ticket_id: null })),
  });
  expect(await store.found('no_surveys')).toEqual([]);
  expect(await store.silence('no_surveys')).toEqual([
    'The surveys that are read do not say which case they are about.',
  ]);
});
