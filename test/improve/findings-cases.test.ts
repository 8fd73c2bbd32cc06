import { describe, expect, it } from 'vitest';
import { goalOf } from '../model/samples.ts';
import type { LooseRow } from '../store/temp-store.ts';
import { ago, hourMs, openFindingsStore, times, zone } from './findings-store.ts';

/** A case closed so many days ago. */
function closedCase(id: string, daysAgo: number, row: LooseRow = {}): LooseRow {
  const closedAt = ago(daysAgo);
  return {
    ...{
      id,
      is_closed: 1,
      created_at: closedAt - 10 * hourMs,
      first_closed_at: closedAt,
      last_closed_at: closedAt,
    },
    ...{ category: 'billing', owner_id: 'ann', updated_at: closedAt },
    ...row,
  };
}

const people: readonly LooseRow[] = [
  ...['ann', 'bob', 'cid'].map((id) => ({ id, kind: 'user', name: id })),
  { id: 'line', kind: 'queue', name: 'Line 1' },
];

function handed(ticket: string, owners: readonly string[]): LooseRow[] {
  return owners.slice(1).map((to, i) => ({
    ...{ id: `${ticket}-${i}`, object: 'ticket', record_id: ticket, field: 'owner_id', at: ago(40) + i },
    ...{ from_value: owners[i] ?? null, to_value: to },
  }));
}

describe('handoffs', () => {
  it('counts moves between people, not from a queue to the first of them', async () => {
    await using store = await openFindingsStore();
    const cases = times(20, (i) =>
      closedCase(`t${i}`, 10, i < 4 ? { created_at: ago(10) - 30 * hourMs } : {}),
    );
    const many = times(4, (i) => ({ id: `t${i}` })).flatMap(({ id }) =>
      handed(String(id), ['line', 'ann', 'bob', 'cid']),
    );
    const few = times(16, (i) => ({ id: `t${i + 4}` })).flatMap(({ id }) =>
      handed(String(id), ['line', 'ann', 'bob']),
    );
    await store.fill({ actor: people, ticket: cases, change: [...many, ...few] });
    const [found] = await store.found('handoffs');
    expect(found?.evidence).toMatchObject({
      passed_on: 4,
      closed: 20,
      share: 0.2,
      median_hours: 30,
      others_median_hours: 10,
    });
  });

  it('finds nothing where those cases take no longer', async () => {
    await using store = await openFindingsStore();
    const cases = times(20, (i) => closedCase(`t${i}`, 10));
    await store.fill({
      actor: people,
      ticket: cases,
      change: cases.flatMap(({ id }) => handed(String(id), ['ann', 'bob', 'cid'])),
    });
    expect(await store.found('handoffs')).toEqual([]);
  });

  it('is silent where the CRM tells no changes of owner', async () => {
    await using store = await openFindingsStore();
    await store.fill({ ticket: times(30, (i) => closedCase(`t${i}`, 10)) });
    expect(await store.silence('handoffs')).toEqual([
      'Only 0 closed cases whose owners are told; at least 20 are needed.',
    ]);
  });
});

describe('response_lag', () => {
  const goals = [
    goalOf({ kpi: 'first_response_hours', shape: 'at_most', targets: { kind: 'constant', value: 4 } }),
  ];
  /** Created at an hour of a local day, answered so many hours later. */
  function answered(
    id: string,
    daysAgo: number,
    { hour, hours, row = {} }: { hour: number; hours: number; row?: LooseRow },
  ): LooseRow {
    const createdAt = zone.startOf(zone.dateOf(ago(daysAgo))) + hour * hourMs;
    return {
      id,
      is_closed: 0,
      channel: 'mail',
      created_at: createdAt,
      first_reply_at: createdAt + hours * hourMs,
      ...row,
    };
  }

  it('names the queue and its weekday with the hours, once', async () => {
    await using store = await openFindingsStore();
    const cases: readonly LooseRow[] = times(280, (i) => {
      const row = { owner_id: i % 2 === 0 ? 'line' : 'ann' };
      return answered(`t${i}`, (i % 170) + 1, { hour: 9 + (i % 3), hours: 1, row });
    });
    const onDay = (row: LooseRow) => new Date(`${zone.dateOf(Number(row.created_at))}T00:00:00Z`).getUTCDay();
    const rows: readonly LooseRow[] = cases.map((row) => {
      const late = onDay(row) === 6 && row.owner_id === 'line';
      return { ...row, first_reply_at: Number(row.created_at) + (late ? 20 : 1) * hourMs };
    });
    await store.fill({ actor: people, ticket: rows });
    const found = await store.found('response_lag', { goals });
    const late = rows.filter((row) => onDay(row) === 6 && row.owner_id === 'line').length;
    expect(found.map(({ id }) => id)).toEqual(['response_lag|owner:line|saturday']);
    expect(found[0]).toMatchObject({
      segment: { kind: 'owner', id: 'line', name: 'Line 1' },
      evidence: {
        late,
        cases: late,
        target_hours: 4,
        target_from: 'first_response_hours.month',
        late_when: 'saturday 09-12',
        p90_hours: 20,
      },
      kpi: 'first_response_hours',
    });
  });

  it('finds a lag of all cases alike in the company', async () => {
    await using store = await openFindingsStore();
    await store.fill({
      ticket: times(40, (i) => answered(`t${i}`, i * 2 + 3, { hour: 10, hours: i % 4 === 0 ? 30 : 1 })),
    });
    const found = await store.found('response_lag');
    expect(
      found.map(({ id, evidence }) => [id, evidence.late, evidence.cases, evidence.target_from]),
    ).toEqual([['response_lag|company', 10, 40, 'default']]);
  });

  it('says nothing where one in ten is late', async () => {
    await using store = await openFindingsStore();
    await store.fill({
      ticket: times(100, (i) => answered(`t${i}`, i, { hour: 10, hours: i % 10 === 0 ? 30 : 1 })),
    });
    expect(await store.found('response_lag')).toEqual([]);
  });

  it('counts a case that still waits, once it is late', async () => {
    await using store = await openFindingsStore();
    const waiting = times(10, (i) =>
      answered(`w${i}`, i + 2, { hour: 10, hours: 1, row: { first_reply_at: null } }),
    );
    await store.fill({
      ticket: [...times(20, (i) => answered(`t${i}`, i + 1, { hour: 10, hours: 1 })), ...waiting],
    });
    const [found] = await store.found('response_lag');
    expect(found?.evidence).toMatchObject({ late: 10, cases: 30 });
  });
});

describe('cases without category', () => {
  it('are a finding above 15 %, words that say nothing among them', async () => {
    await using store = await openFindingsStore();
    const cases = times(20, (i) =>
      closedCase(`t${i}`, 5, { category: i < 2 ? null : i < 4 ? ' Otros ' : 'billing' }),
    );
    await store.fill({ ticket: cases });
    const [found] = await store.found('no_category');
    expect(found?.evidence).toMatchObject({ without_category: 4, closed: 20, share: 0.2 });
  });

  it('are none at 15 %', async () => {
    await using store = await openFindingsStore();
    await store.fill({
      ticket: times(20, (i) => closedCase(`t${i}`, 5, { category: i < 3 ? null : 'billing' })),
    });
    expect(await store.found('no_category')).toEqual([]);
  });
});

describe('knowledge', () => {
  it('finds the category of 5 % or more that no article is about', async () => {
    await using store = await openFindingsStore();
    const category = (i: number) => (i < 10 ? 'billing' : i < 19 ? 'invoicing' : 'rare');
    const cases = times(40, (i) => closedCase(`t${i}`, 5, { category: category(i % 20), article_count: 0 }));
    await store.fill({
      ticket: cases,
      article: [{ id: 'a', category: 'Billing', views: 3, created_at: ago(50), updated_at: ago(50) }],
    });
    const found = await store.found('kb_gap');
    expect(found.map(({ id, evidence }) => [id, evidence.cases, evidence.share])).toEqual([
      ['kb_gap|case_category:invoicing', 18, 0.45],
      ['kb_gap|case_category:rare', 2, 0.05],
    ]);
  });

  it('is hardly used below 10 %, and stale after a year', async () => {
    await using store = await openFindingsStore();
    const cases = times(40, (i) => closedCase(`t${i}`, 5, { article_count: i < 3 ? 1 : 0 }));
    const article = (id: string, views: number, days: number): LooseRow => ({
      id,
      category: 'billing',
      views,
      created_at: ago(900),
      updated_at: ago(days),
    });
    await store.fill({
      ticket: cases,
      article: [article('old', 9, 366), article('unread', 0, 800), article('fresh', 9, 364)],
    });
    const [unused] = await store.found('kb_unused');
    expect(unused?.evidence).toMatchObject({ linked: 3, closed: 40, share: 0.075 });
    const [stale] = await store.found('kb_stale');
    expect(stale?.records).toEqual([{ source: 'crm', table: 'article', id: 'old', measure: 9 }]);
  });

  it('says so where no CRM tells', async () => {
    await using store = await openFindingsStore();
    await store.fill({ ticket: times(40, (i) => closedCase(`t${i}`, 5)) });
    expect(await store.silence('kb_unused')).toEqual([
      'No connection tells which articles were linked to cases.',
    ]);
    expect(await store.silence('kb_gap')).toEqual([
      'No connection delivers knowledge articles or their links to cases.',
    ]);
    expect(await store.silence('kb_stale')).toEqual(['No connection delivers knowledge articles.']);
  });
});

it('no_surveys counts closed cases that a survey followed', async () => {
  await using store = await openFindingsStore();
  const cases = times(30, (i) => closedCase(`t${i}`, i < 20 ? 30 : 3));
  await store.fill({
    ticket: cases,
    survey_answer: times(9, (i) => ({
      id: `s${i}`,
      audience: 'customer',
      ticket_id: `t${i}`,
      sent_at: ago(29),
    })),
  });
  const [found] = await store.found('no_surveys');
  // The ten closed three days ago may still be asked.
  expect(found?.evidence).toMatchObject({ surveyed: 9, closed: 20, share: 0.45 });
});

it('rework sets reopened cases against the year before', async () => {
  await using store = await openFindingsStore();
  const when = (i: number) => (i < 30 ? 60 + i : 250 + i);
  const reopens = (i: number) => (i < 30 ? i < 9 : i < 32);
  const cases = times(70, (i) =>
    closedCase(`t${i}`, when(i) - (reopens(i) ? 5 : 0), { status: 'closed', created_at: ago(when(i) + 1) }),
  );
  const status = (i: number, days: number, to: string): LooseRow => ({
    ...{
      id: `t${i}-${days}-${to}`,
      object: 'ticket',
      record_id: `t${i}`,
      field: 'status',
      at: ago(days),
      from_value: null,
      to_value: to,
    },
  });
  const stages = [
    { id: 'o', key: 'open', is_closed: 0 },
    { id: 'c', key: 'closed', is_closed: 1 },
  ].map((row) => ({ ...row, object: 'ticket', position: row.is_closed }));
  await store.fill({
    stage: stages,
    ticket: cases,
    change: cases.flatMap((_, i) => [
      status(i, when(i) + 1, 'open'),
      status(i, when(i), 'closed'),
      ...(reopens(i) ? [status(i, when(i) - 2, 'open'), status(i, when(i) - 5, 'closed')] : []),
    ]),
  });
  const [found] = await store.found('rework');
  expect(found).toMatchObject({
    id: 'rework|company|reopened',
    evidence: { num: 9, den: 30, baseline_num: 2, baseline_den: 40 },
  });
});
