import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startSandbox as startPortal } from '../../connectors/hubspot/sandbox/index.ts';
import { startSandbox as startOrg } from '../../connectors/salesforce/sandbox/index.ts';
import { sync } from '../../src/sync/sync.ts';
import { openAt } from '../connectors/hubspot-open.ts';
import { openOrg } from '../connectors/salesforce-org.ts';
import { openWorkspace, pick, quiet } from '../evaluate/workspace.ts';
import { toNdjson } from './forms/form.ts';

const now = '2026-02-20T12:00:00Z';
type Files = Readonly<Record<string, readonly object[]>>;
interface Asked {
  readonly crm: 'salesforce' | 'hubspot';
  readonly files: Files;
  readonly kpis: readonly string[];
  readonly period?: string;
}

/** KPIs of records as a CRM holds them, read over its protocol. */
async function figuresOf({ crm, files, kpis, period = '2026-01' }: Asked) {
  const folder = mkdtempSync(join(tmpdir(), 'crm-kpi-trap-'));
  for (const [object, rows] of Object.entries(files))
    writeFileSync(join(folder, `${object}.ndjson`), toNdjson(rows));
  const options = { port: 0, data: folder, seed: 1, size: 0, now: Date.parse(now), currency: 'EUR' };
  const rest = { timeZone: 'Europe/Madrid', tier: null, without: [] };
  await using sandbox =
    crm === 'hubspot' ? await startPortal({ ...options, ...rest }) : await startOrg({ ...options, ...rest });
  if (crm === 'hubspot' && 'limits' in sandbox)
    Object.assign(sandbox.limits, { tenSecondly: 1e9, searchPerSecond: 1e9 });
  await using workspace = await openWorkspace();
  await sync({
    store: workspace.store,
    connections: [
      {
        name: 'crm',
        connector: crm,
        open: () =>
          crm === 'hubspot'
            ? openAt(sandbox, { unpaced: true })
            : openOrg(sandbox, { auth: sandbox.auth, context: { name: 'crm' } }),
      },
    ],
    runId: 1,
    clock: { now: () => Date.parse(now) },
    log: quiet,
    signal: new AbortController().signal,
    full: false,
    changedSince: null,
    onProgress: () => {},
  });
  rmSync(folder, { recursive: true, force: true });
  await workspace.evaluate(now, { kpis });
  const results = await workspace.results(now);
  return kpis.map((kpi) => pick(results, kpi, { period }));
}

const id = (prefix: string, serial: number) => `${prefix}${String(serial).padStart(12, '0')}`;
const stamps = { CreatedDate: '2026-01-02T08:00:00.000Z', LastModifiedDate: '2026-01-02T08:00:00.000Z' };

describe('Salesforce', () => {
  it('counts open deals of every forecast category, MostLikely too', async () => {
    const categories = ['Pipeline', 'BestCase', 'MostLikely', 'Forecast', 'Omitted'];
    const Opportunity = categories.map((ForecastCategory, place) => ({
      Id: id('006', place + 1),
      Name: ForecastCategory,
      StageName: 'Prospecting',
      IsClosed: false,
      IsWon: false,
      Amount: 100,
      CloseDate: '2026-03-31',
      ForecastCategory,
      ...stamps,
    }));
    const [pipeline] = await figuresOf({
      crm: 'salesforce',
      files: { Opportunity },
      kpis: ['open_pipeline'],
      period: '2026-02',
    });
    expect(pipeline).toMatchObject({ value: 50_000, n: 5 });
  });

  it('counts archived activities, and never the parent of a series', async () => {
    const task = (serial: number, own: object) => ({
      Id: id('00T', serial),
      Subject: 'Call',
      TaskSubtype: 'Task',
      Status: 'Completed',
      IsClosed: true,
      CompletedDateTime: '2026-01-10T09:00:00.000Z',
      ...stamps,
      ...own,
    });
    const [done] = await figuresOf({
      crm: 'salesforce',
      files: {
        Task: [
          task(1, { IsArchived: false, IsRecurrence: false }),
          task(2, { IsArchived: true, IsRecurrence: false }),
          task(3, { IsArchived: false, IsRecurrence: true }),
        ],
      },
      kpis: ['activities_completed'],
    });
    expect(done).toMatchObject({ value: 2 });
  });

  it('takes UniqueTrackedLinkClicks as they are, though each link counts its own, so that the rate may pass 1', async () => {
    const ListEmail = [
      {
        Id: id('0XB', 1),
        Name: 'News',
        SentDate: '2026-01-10T09:00:00.000Z',
        TotalSent: 20,
        TotalDelivered: 20,
        UniqueOpens: 10,
        UniqueTrackedLinkClicks: 30,
        ...stamps,
      },
    ];
    const [clicks] = await figuresOf({
      crm: 'salesforce',
      files: { ListEmail },
      kpis: ['email_click_rate'],
    });
    expect(clicks).toMatchObject({ num: 30, den: 20, value: 1.5 });
  });

  it('takes a case whose ClosedDate was emptied by reopening for open', async () => {
    const ticket = (serial: number, own: object) => ({
      Id: id('500', serial),
      Subject: 'A',
      ...stamps,
      ...own,
    });
    const [closed] = await figuresOf({
      crm: 'salesforce',
      files: {
        Case: [
          ticket(1, { Status: 'Working', IsClosed: false, ClosedDate: null }),
          ticket(2, { Status: 'Closed', IsClosed: true, ClosedDate: '2026-01-12T09:00:00.000Z' }),
        ],
      },
      kpis: ['cases_closed'],
    });
    expect(closed).toMatchObject({ value: 1 });
  });
});

const created = '2026-01-02T08:00:00.000Z';
const record = (serial: number, properties: object) => ({
  id: String(serial),
  createdAt: created,
  updatedAt: created,
  properties: { createdate: created, hs_createdate: created, ...properties },
});

describe('HubSpot', () => {
  it('counts no open deal as closed on its preset closedate, the last day of the month', async () => {
    const deals = [
      record(1, {
        dealname: 'A',
        pipeline: 'default',
        dealstage: 'appointmentscheduled',
        closedate: '2026-01-31T11:00:00.000Z',
        amount: '100',
      }),
      record(2, {
        dealname: 'B',
        pipeline: 'default',
        dealstage: 'closedwon',
        closedate: '2026-01-15T11:00:00.000Z',
        amount: '70',
      }),
    ];
    const [won, revenue] = await figuresOf({
      crm: 'hubspot',
      files: { deals },
      kpis: ['deals_won', 'revenue_won'],
    });
    expect([won?.value, revenue?.value]).toEqual([1, 7000]);
  });

  it('counts no open task as done on its hs_task_completion_date, which may be when it is due', async () => {
    const task = (serial: number, status: string) =>
      record(serial, {
        hs_task_subject: 'Call',
        hs_task_status: status,
        hs_timestamp: '2026-01-20T11:00:00.000Z',
        hs_task_completion_date: '2026-01-20T11:00:00.000Z',
      });
    const [done] = await figuresOf({
      crm: 'hubspot',
      files: { tasks: [task(1, 'NOT_STARTED'), task(2, 'COMPLETED')] },
      kpis: ['activities_completed'],
    });
    expect(done).toMatchObject({ value: 1 });
  });

  it('computes times from dates: time_to_close and time_to_first_agent_reply are milliseconds, or null', async () => {
    const tickets = [
      record(1, {
        subject: 'A',
        hs_pipeline: '0',
        hs_pipeline_stage: '4',
        closed_date: '2026-01-02T18:00:00.000Z',
        first_agent_reply_date: '2026-01-02T10:00:00.000Z',
        time_to_close: '36000000',
        time_to_first_agent_reply: null,
      }),
    ];
    const [close, reply] = await figuresOf({
      crm: 'hubspot',
      files: { tickets },
      kpis: ['case_resolution_hours', 'first_response_hours'],
    });
    expect([close?.value, reply?.value]).toEqual([10, 2]);
  });

  it('takes counters and never clickthroughratio, which is clicks over opens in per cent', async () => {
    const marketing_emails = [
      {
        id: '9',
        name: 'News',
        state: 'PUBLISHED',
        type: 'BATCH_EMAIL',
        publishDate: '2026-01-10T09:00:00.000Z',
        stats: {
          counters: { sent: 704, delivered: 704, open: 443, click: 8 },
          ratios: { clickratio: 1.136, clickthroughratio: 1.806, openratio: 62.926 },
        },
      },
    ];
    const [click, open] = await figuresOf({
      crm: 'hubspot',
      files: { marketing_emails },
      kpis: ['email_click_rate', 'email_open_rate'],
    });
    expect([click?.value, open?.value]).toEqual([8 / 704, 443 / 704]);
  });

  it('leaves the adjusted open rate without a value: its statistics do not tell opens of the bot filter apart', async () => {
    const marketing_emails = [
      {
        id: '9',
        name: 'News',
        state: 'PUBLISHED',
        type: 'BATCH_EMAIL',
        publishDate: '2026-01-10T09:00:00.000Z',
        stats: { counters: { sent: 10, delivered: 10, open: 5, click: 1 } },
      },
    ];
    const [adjusted] = await figuresOf({
      crm: 'hubspot',
      files: { marketing_emails },
      kpis: ['email_open_rate_adj'],
    });
    expect(adjusted).toMatchObject({ value: null, nMissing: 1 });
  });
});
