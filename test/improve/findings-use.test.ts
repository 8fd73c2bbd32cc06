import { describe, expect, it } from 'vitest';
import type { LooseRow } from '../store/temp-store.ts';
import { ago, dateAgo, hourMs, openDeal, openFindingsStore, times } from './findings-store.ts';

describe('low_fill', () => {
  it('finds a field on less than 70 % of ripe records, dashes counting as empty', async () => {
    await using store = await openFindingsStore();
    const ripe = times(20, (i) =>
      openDeal(`d${i}`, {
        created_at: ago(30),
        source: i < 13 ? 'web' : i < 15 ? ' - ' : null,
        type: i < 14 ? 'new' : null,
      }),
    );
    const young = times(20, (i) => openDeal(`y${i}`, { created_at: ago(6), source: null, type: null }));
    await store.fill({ deal: [...ripe, ...young] });
    const found = await store.found('low_fill');
    expect(found.map(({ id, evidence }) => [id, evidence.empty, evidence.fill_rate])).toEqual([
      ['low_fill|company|deal.source', 7, 0.65],
    ]);
    expect(found[0]?.records).toHaveLength(7);
  });

  it('does not blame anyone for a field that is never filled', async () => {
    await using store = await openFindingsStore();
    await store.fill({ deal: times(20, (i) => openDeal(`d${i}`, { created_at: ago(30), source: null })) });
    expect(await store.found('low_fill')).toEqual([]);
    expect(await store.silence('low_fill')).toContain(
      'No record has the source of deals: the CRM has no such field, it is not read, or nobody fills it.',
    );
  });

  it('looks at fields that the settings map, too', async () => {
    await using store = await openFindingsStore();
    await store.fill({
      deal: times(20, (i) => openDeal(`d${i}`, { created_at: ago(30) })),
      dimension: times(10, (i) => ({
        id: `x${i}`,
        object: 'deal',
        record_id: `d${i}`,
        name: 'region',
        value: i < 8 ? 'north' : '',
      })),
    });
    const [found] = await store.found('low_fill');
    expect(found).toMatchObject({
      subject: 'deal.region',
      evidence: { empty: 12, records: 20, fill_rate: 0.4 },
    });
  });
});

describe('idle_users', () => {
  const wrote = (person: string, daysAgo: number, automated = 0): LooseRow => ({
    ...{
      id: `${person}-${daysAgo}`,
      kind: 'task',
      status: 'done',
      created_by_id: person,
      automated,
      created_at: ago(daysAgo),
    },
  });

  it('counts licensed people without a write of their own in 30 days, new ones aside', async () => {
    await using store = await openFindingsStore();
    await store.staff({ North: ['a', 'b', 'c', 'd', 'e'], South: ['f', 'g', 'h', 'i', 'j'] });
    await store.fill({
      actor: [{ id: 'new', kind: 'user', name: 'new', active: 1, licensed: 1, created_at: ago(29) }],
      deal: [],
      ticket: [],
      activity: [...['f', 'g', 'h', 'i', 'j'].map((id) => wrote(id, 29)), wrote('a', 31), wrote('b', 3, 1)],
    });
    const [found] = await store.found('idle_users');
    expect(found?.evidence).toMatchObject({ idle: 5, licensed: 10, not_signed_in_30_days: null });
    expect(found?.teams.map(({ id, num, den, named }) => [id, num, den, named])).toEqual([
      ['North', 5, 5, true],
      ['South', 0, 5, false],
    ]);
  });

  it('tells beside it who has not even signed in, where the CRM does', async () => {
    await using store = await openFindingsStore();
    const person = (id: string, login: number): LooseRow => ({
      id,
      kind: 'user',
      name: id,
      active: 1,
      licensed: 1,
      created_at: ago(900),
      last_login_at: ago(login),
    });
    await store.fill({
      actor: [person('a', 2), person('b', 40), person('c', 1), person('d', 1), person('e', 1)],
      deal: [],
      ticket: [],
      activity: ['c', 'd', 'e'].map((id) => wrote(id, 1)),
    });
    const [found] = await store.found('idle_users');
    expect(found?.evidence).toMatchObject({ idle: 2, licensed: 5, not_signed_in_30_days: 1 });
  });

  it('says so where a CRM does not tell who wrote or who is licensed', async () => {
    await using store = await openFindingsStore();
    await store.staff({ North: ['a', 'b', 'c', 'd', 'e'] });
    await store.fill({ deal: [], ticket: [], activity: [] });
    expect(await store.silence('idle_users')).toEqual([
      'crm does not tell who created or changed its records.',
    ]);
  });
});

describe('campaigns', () => {
  const campaign = (id: string, daysAgo: number, cost: number | null): LooseRow => ({
    ...{
      id,
      name: id,
      starts_on: dateAgo(daysAgo),
      ends_on: dateAgo(daysAgo - 10),
      cost_minor: cost,
      currency: 'EUR',
      created_at: ago(daysAgo + 1),
    },
  });

  it('lack members or a cost two weeks after their start', async () => {
    await using store = await openFindingsStore();
    await store.fill({
      campaign: [
        campaign('full', 20, 100),
        campaign('bare', 20, null),
        campaign('young', 10, null),
        campaign('old', 200, null),
      ],
      campaign_member: [{ id: 'm', campaign_id: 'full', person_id: 'p', created_at: ago(19) }],
    });
    for (const detector of ['campaign_no_members', 'campaign_no_cost']) {
      const [found] = await store.found(detector);
      expect(found?.evidence, detector).toMatchObject({ lacking: 1, campaigns: 2 });
      expect(
        found?.records.map(({ id }) => id),
        detector,
      ).toEqual(['bare']);
    }
  });

  it('are not blamed for members that no connection delivers', async () => {
    await using store = await openFindingsStore();
    await store.fill({ campaign: [campaign('bare', 20, 100)] });
    expect(await store.silence('campaign_no_members')).toEqual([
      'No campaign_member from crm: left out of `objects`, not permitted, or unknown to this kind of CRM.',
    ]);
  });
});

it('dead_object names an object without a new record in 90 days', async () => {
  await using store = await openFindingsStore();
  await store.fill({
    lead: [
      { id: 'l', name: 'l', created_at: ago(91) },
      { id: 'm', name: 'm', created_at: ago(400) },
    ],
    account: [{ id: 'a', name: 'a', created_at: ago(89) }],
  });
  const found = await store.found('dead_object');
  expect(found.map(({ id, evidence }) => [id, evidence.records, evidence.newest_days])).toEqual([
    ['dead_object|connection:crm|lead', 2, 91],
  ]);
});

it('unread_report takes the last run, or the creation of one never run', async () => {
  await using store = await openFindingsStore();
  const report = (id: string, ran: number | null, made: number): LooseRow => ({
    id,
    name: id,
    last_run_at: ran === null ? null : ago(ran),
    created_at: ago(made),
  });
  await store.fill({
    report_use: [
      report('old', 181, 500),
      report('used', 179, 500),
      report('never', null, 300),
      report('new', null, 20),
    ],
  });
  const [found] = await store.found('unread_report');
  expect(found?.records.map(({ id }) => id)).toEqual(['never', 'old']);
  expect(found?.evidence).toMatchObject({ unread: 2, reports: 4 });
});

describe('activities', () => {
  const task = (id: string, row: LooseRow): LooseRow => ({
    id,
    kind: 'task',
    status: 'done',
    automated: 0,
    created_at: ago(100),
    ...row,
  });

  it('are manual repetition when people create the same subject 20 times a month', async () => {
    await using store = await openFindingsStore();
    const same = times(120, (i) =>
      task(`s${i}`, { subject: `Send invoice #${i}!`, created_at: ago(1 + i * 1.49) }),
    );
    const rare = times(100, (i) => task(`r${i}`, { subject: 'Other', created_at: ago(1 + i * 1.7) }));
    const robots = times(300, (i) => task(`m${i}`, { subject: 'Ping', automated: 1 }));
    await store.fill({ activity: [...same, ...rare, ...robots] });
    const found = await store.found('manual_repetition');
    expect(
      found.map(({ subject, evidence }) => [subject, evidence.count, Number(evidence.per_month) >= 20]),
    ).toEqual([['send invoice #', 120, true]]);
  });

  it('are logged late when the median lies above 48 hours', async () => {
    await using store = await openFindingsStore();
    const call = (i: number, hours: number): LooseRow => ({
      ...{
        id: `c${i}`,
        kind: 'call',
        status: 'done',
        starts_at: ago(30) - hours * hourMs,
        done_at: ago(30) - hours * hourMs,
        created_at: ago(30),
      },
    });
    await store.fill({ activity: times(20, (i) => call(i, i < 11 ? 60 : 1)) });
    const [found] = await store.found('late_logging');
    expect(found?.evidence).toMatchObject({ median_hours: 60, activities: 20, late: 11 });
  });

  it('are logged late by one team, where the company as a whole is in time', async () => {
    await using store = await openFindingsStore();
    await store.staff({ North: ['a'], South: ['b'] });
    const call = (i: number, owner: string, hours: number): LooseRow => ({
      ...{
        id: `${owner}${i}`,
        kind: 'call',
        status: 'done',
        created_by_id: owner,
        starts_at: ago(30) - hours * hourMs,
        done_at: ago(30) - hours * hourMs,
        created_at: ago(30),
      },
    });
    await store.fill({
      activity: [...times(25, (i) => call(i, 'a', 70)), ...times(60, (i) => call(i, 'b', 1))],
    });
    const found = await store.found('late_logging');
    expect(found.map(({ id, evidence }) => [id, evidence.median_hours])).toEqual([
      ['late_logging|team:North', 70],
    ]);
  });
});
