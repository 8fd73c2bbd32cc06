import { describe, expect, it } from 'vitest';
import { mapCampaign } from '../../connectors/hubspot/campaigns.ts';
import { toChanges } from '../../connectors/hubspot/history.ts';
import type { Linked } from '../../connectors/hubspot/links.ts';
import { linksInList, pickLink } from '../../connectors/hubspot/links.ts';
import type { MapContext } from '../../connectors/hubspot/map.ts';
import { mapActivity } from '../../connectors/hubspot/map-activity.ts';
import { mapDeal } from '../../connectors/hubspot/map-deal.ts';
import { mapTicket } from '../../connectors/hubspot/map-ticket.ts';
import { mapEmailStat } from '../../connectors/hubspot/marketing.ts';
import { oneEmail } from '../../connectors/hubspot/marketing-shapes.ts';
import { createOwnerBook, teamName } from '../../connectors/hubspot/owners.ts';
import { createStageBook, toStageRows } from '../../connectors/hubspot/pipelines.ts';
import { ownerPage, pipelineList, recordShape } from '../../connectors/hubspot/shapes.ts';
import { parseDay, parseInstant } from '../../connectors/hubspot/values.ts';
import { createZone } from '../../src/model/zone.ts';

const zone = createZone('Europe/Madrid');
const dealPipelines = pipelineList.parse({
  results: [
    {
      id: 'default',
      stages: [
        { id: 'qualifiedtobuy', label: 'Qualified', metadata: { isClosed: 'false', probability: '0.4' } },
        { id: 'closedwon', label: 'Won', metadata: { isClosed: 'true', probability: '1.0' } },
        { id: 'closedlost', label: 'Lost', metadata: { isClosed: 'true', probability: '0.0' } },
      ],
    },
  ],
}).results;
const ticketPipelines = pipelineList.parse({
  results: [
    {
      id: '0',
      stages: [
        { id: '1', label: 'New', metadata: { ticketState: 'OPEN' } },
        { id: '2', label: 'Waiting on contact', metadata: { ticketState: 'OPEN' } },
        { id: '4', label: 'Closed', metadata: { ticketState: 'CLOSED' } },
      ],
    },
  ],
}).results;
const owners = ownerPage.parse({
  results: [
    {
      id: 7,
      userId: 91,
      teams: [
        { id: 1, name: 'East', primary: true },
        { id: 3, name: 'Team B', primary: false },
        { id: 2, name: 'Team A', primary: false },
      ],
    },
  ],
}).results;
const context: MapContext = {
  zone,
  currency: 'EUR',
  now: Date.parse('2026-03-10T12:00:00Z'),
  owners: createOwnerBook(owners),
  dealStages: createStageBook(dealPipelines),
  ticketStages: createStageBook(ticketPipelines),
  leadStages: createStageBook([]),
  boardId: null,
};

function source(properties: Record<string, string | null>, links: Linked = {}, history: object = {}) {
  const record = recordShape.parse({ id: 512, properties, propertiesWithHistory: history });
  return { record, links };
}

describe('deals', () => {
  const won = {
    dealname: 'A',
    pipeline: 'default',
    dealstage: 'closedwon',
    amount: '1500.005',
    deal_currency_code: null,
    closedate: '2026-03-01T11:00:00Z',
    createdate: '2026-01-02T03:04:05.678Z',
    dealtype: 'newbusiness',
    hubspot_owner_id: '7',
    hs_created_by_user_id: '91',
  };

  it('a won deal closed on its close date, in the portal’s currency, half to even', () => {
    expect(mapDeal(source(won), context)).toMatchObject({
      id: '512',
      outcome: 'won',
      closed_at: Date.parse('2026-03-01T11:00:00Z'),
      expected_close_at: null,
      amount_minor: 150_000,
      currency: 'EUR',
      type: 'new',
      owner_id: '7',
      created_by_id: '7',
      probability: 1,
    });
  });

  it('an open deal’s close date is only expected', () => {
    const open = mapDeal(source({ ...won, dealstage: 'qualifiedtobuy' }), context);
    expect(open).toMatchObject({
      outcome: 'open',
      closed_at: null,
      expected_close_at: Date.parse('2026-03-01T11:00:00Z'),
    });
  });

  it('a deal in a stage that is gone is judged by its flags', () => {
    const flags = { hs_is_closed: 'true', hs_is_closed_won: 'false' };
    expect(mapDeal(source({ ...won, ...flags, dealstage: 'old' }), context).outcome).toBe('lost');
  });

  it('yen have no decimals', () => {
    const yen = mapDeal(source({ ...won, amount: '1500', deal_currency_code: 'JPY' }), context);
    expect(yen).toMatchObject({ amount_minor: 1500, currency: 'JPY' });
  });

  it('the primary company wins over the first; without one the smallest id does', () => {
    const primary = [
      { id: '11', primary: false },
      { id: '99', primary: true },
    ];
    expect(pickLink({ companies: primary }, 'companies')).toBe('99');
    const equal = [
      { id: '100', primary: false },
      { id: '99', primary: false },
    ];
    expect(pickLink({ companies: equal }, 'companies')).toBe('99');
  });

  it('a cut list of links, and several companies without a primary one, are asked for', () => {
    const links = (companies: object) =>
      linksInList(recordShape.parse({ id: 1, associations: { companies } }), 'companies');
    expect(links({ results: [{ id: 5, type: 'deal_to_company' }] })).toEqual([{ id: '5', primary: false }]);
    expect(links({ results: [{ id: 5 }], paging: { next: { after: '6' } } })).toBeUndefined();
    expect(links({ results: [{ id: 5 }, { id: 6 }] })).toBeUndefined();
  });
});

describe('history', () => {
  const history = { object: 'deal', recordId: '512', createdAt: 1_000, field: 'stage' } as const;

  it('ids stay when newer values come', () => {
    const two = toChanges({
      ...history,
      moments: [
        { at: 1_000, value: 'a' },
        { at: 2_000, value: 'b' },
      ],
    });
    const three = toChanges({
      ...history,
      moments: [
        { at: 1_000, value: 'a' },
        { at: 2_000, value: 'b' },
        { at: 3_000, value: null },
      ],
    });
    expect(three.slice(0, 2)).toEqual(two);
    expect(three[2]).toMatchObject({ from_value: 'b', to_value: null, at: 3_000 });
    expect(two[0]).toMatchObject({ from_value: null, to_value: 'a', origin: 'history' });
  });

  it('the oldest value that is left is not rewritten once older ones may have fallen off', () => {
    const moments = Array.from({ length: 21 }, (_, index) => ({
      at: 1_000_000 + index,
      value: `v${index}`,
    }));
    const all = toChanges({ ...history, createdAt: 1_000_000, moments });
    const cut = toChanges({ ...history, createdAt: 1, moments: moments.slice(1) });
    expect(all).toHaveLength(21);
    expect(cut).toEqual(all.slice(2));
  });
});

describe('tickets', () => {
  it('closings and reopenings come from the history of the stage', () => {
    const at = (day: number) => `2026-03-0${day}T10:00:00Z`;
    const items = [
      { value: '4', timestamp: at(5) },
      { value: '1', timestamp: at(4) },
      { value: '4', timestamp: at(3) },
      { value: '1', timestamp: at(1) },
    ];
    const row = mapTicket(
      source(
        { hs_pipeline: '0', hs_pipeline_stage: '4', createdate: at(1), closed_date: at(5) },
        {},
        { hs_pipeline_stage: items },
      ),
      context,
    );
    expect(row).toMatchObject({
      is_closed: 1,
      first_closed_at: Date.parse(at(3)),
      last_closed_at: Date.parse(at(5)),
      reopened_at: Date.parse(at(4)),
    });
  });

  it('an open ticket has no last closing, whatever its closed date says', () => {
    const properties = { hs_pipeline: '0', hs_pipeline_stage: '1', closed_date: '2026-03-01T00:00:00Z' };
    expect(mapTicket(source(properties), context)).toMatchObject({ is_closed: 0, last_closed_at: null });
  });

  it('waiting for the contact stops the agent’s clock', () => {
    const rows = toStageRows('ticket', ticketPipelines);
    expect(rows.map(({ key, is_paused, is_closed }) => [key, is_paused, is_closed])).toEqual([
      ['1', 0, 0],
      ['2', 1, 0],
      ['4', 0, 1],
    ]);
  });
});

describe('activities', () => {
  const map = (name: 'calls' | 'emails' | 'meetings' | 'tasks', properties: Record<string, string>) =>
    mapActivity(name, source(properties), context);

  it('a task is due at its time and done only when it says so', () => {
    const task = {
      hs_timestamp: '2026-03-01T23:30:00Z',
      hs_task_status: 'NOT_STARTED',
      hs_task_completion_date: '2026-03-01T23:30:00Z',
    };
    expect(map('tasks', task)).toMatchObject({ due_on: '2026-03-02', done_at: null, status: 'open' });
    expect(map('tasks', { ...task, hs_task_status: 'COMPLETED' })).toMatchObject({
      done_at: Date.parse('2026-03-01T23:30:00Z'),
      status: 'done',
    });
  });

  it('a meeting counts once it was held', () => {
    const meeting = {
      hs_meeting_start_time: '2026-03-10T10:00:00Z',
      hs_meeting_end_time: '2026-03-10T11:00:00Z',
    };
    expect(map('meetings', meeting).status).toBe('done');
    expect(map('meetings', { ...meeting, hs_meeting_end_time: '2026-03-10T13:00:00Z' }).status).toBe('open');
    expect(map('meetings', { ...meeting, hs_meeting_outcome: 'SCHEDULED' }).status).toBe('open');
    expect(map('meetings', { ...meeting, hs_meeting_outcome: 'CANCELLED' }).status).toBe('cancelled');
    expect(map('meetings', { ...meeting, hs_meeting_outcome: 'NO_SHOW' }).done_at).toBeNull();
  });

  it('calls without a status took place; unanswered ones did not', () => {
    const call = { hs_timestamp: '2026-03-01T10:00:00Z', hs_call_direction: 'OUTBOUND' };
    expect(map('calls', call)).toMatchObject({ status: 'done', direction: 'outbound' });
    expect(map('calls', { ...call, hs_call_status: 'NO_ANSWER' })).toMatchObject({ done_at: null });
  });

  it('incoming mail is inbound, scheduled mail is not done', () => {
    const mail = { hs_timestamp: '2026-03-01T10:00:00Z' };
    expect(map('emails', { ...mail, hs_email_direction: 'INCOMING_EMAIL' })).toMatchObject({
      direction: 'inbound',
      status: 'done',
    });
    expect(map('emails', { ...mail, hs_email_status: 'SCHEDULED' })).toMatchObject({
      direction: 'outbound',
      status: 'open',
    });
  });
});

describe('marketing', () => {
  it('counters are taken, ratios are not', () => {
    const email = oneEmail.parse({
      id: 3,
      state: 'PUBLISHED',
      publishDate: '2026-02-01T09:00:00Z',
      stats: {
        counters: { sent: 710, delivered: 704, open: 443, click: 8 },
        ratios: { clickthroughratio: 1.806 },
      },
    });
    expect(mapEmailStat(email, { zone, at: 5 })).toMatchObject({
      sent: 710,
      delivered: 704,
      opens_unique: 443,
      clickers_unique: 8,
      bounced: null,
      sent_at: Date.parse('2026-02-01T09:00:00Z'),
    });
    expect(mapEmailStat({ ...email, state: 'DRAFT' }, { zone, at: 5 }).sent_at).toBeNull();
  });

  it('a campaign costs what its spend items add up to', () => {
    const record = recordShape.parse({
      id: 'abc',
      properties: { hs_name: 'Spring', hs_spend_items_sum_amount: '99.90', hs_start_date: '2026-03-01' },
    });
    expect(mapCampaign(record, { zone, currency: 'EUR' })).toMatchObject({
      cost_minor: 9_990,
      budget_minor: null,
      starts_on: '2026-03-01',
    });
  });
});

describe('values', () => {
  it('a date property stays on its day in every zone', () => {
    expect(parseDay('2026-03-01')).toBe('2026-03-01');
    expect(parseDay(String(Date.parse('2026-03-01T00:00:00Z')))).toBe('2026-03-01');
    expect(parseInstant('2026-03-01', createZone('America/New_York'))).toBe(
      Date.parse('2026-03-01T05:00:00Z'),
    );
  });

  it('the first of several secondary teams is the first by name', () => {
    expect(teamName(owners[0], 'secondary')).toBe('Team A');
    expect(teamName(owners[0], 'primary')).toBe('East');
  });
});
