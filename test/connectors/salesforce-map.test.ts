import { describe, expect, it } from 'vitest';
import { mapCaseHistory, mapOpportunityFieldHistory } from '../../connectors/salesforce/map-history.ts';
import { mapCurrencyType, mapOpportunityStage, mapUser } from '../../connectors/salesforce/map-people.ts';
import {
  mapCampaignMember,
  mapOpportunity,
  mapOpportunityHistory,
  normaliseDealType,
} from '../../connectors/salesforce/map-sales.ts';
import { isSeriesOrCopy, mapCase, mapEvent, mapTask } from '../../connectors/salesforce/map-service.ts';
import type { MapContext, MapRecord } from '../../connectors/salesforce/mapped.ts';
import { toInstant } from '../../connectors/salesforce/values.ts';
import { createZone } from '../../src/model/zone.ts';

const context: MapContext = {
  currency: 'EUR',
  zone: createZone('Europe/Madrid'),
  now: Date.parse('2026-03-10T12:00:00Z'),
  recordTypes: [],
};

function mapOne(map: MapRecord, record: Record<string, unknown>) {
  const { rows } = map(record, context);
  return rows.map(({ row }) => row);
}

const opportunity = {
  Id: '006000000000001AAA',
  Name: 'Acme renewal',
  StageName: 'Closed Won',
  IsClosed: true,
  IsWon: true,
  Amount: 1234.5,
  Probability: 100,
  CloseDate: '2026-03-01',
  Type: 'Existing Customer - Upgrade',
  CreatedDate: '2026-01-31T23:30:00.000+0000',
  SystemModstamp: '2026-03-01T09:00:00.000+0000',
  IsDeleted: false,
};

describe('deals', () => {
  it('reads amount, dates and outcome of a won opportunity', () => {
    expect(mapOne(mapOpportunity, opportunity)).toEqual([
      expect.objectContaining({
        id: '006000000000001AAA',
        outcome: 'won',
        amount_minor: 123450,
        currency: 'EUR',
        probability: 1,
        closed_on: '2026-03-01',
        expected_close_on: '2026-03-01',
        type: 'expansion',
        pipeline: 'default',
        created_at: Date.parse('2026-01-31T23:30:00Z'),
        created_on: '2026-02-01',
        deleted_at: null,
      }),
    ]);
  });

  it('leaves an open deal without a closing day and a missing amount null, not 0', () => {
    const [row] = mapOne(mapOpportunity, { ...opportunity, IsClosed: false, IsWon: false, Amount: null });
    expect(row).toMatchObject({
      outcome: 'open',
      closed_on: null,
      expected_close_on: '2026-03-01',
      amount_minor: null,
    });
  });

  it('takes the currency of the record and its number of decimals', () => {
    const [row] = mapOne(mapOpportunity, { ...opportunity, CurrencyIsoCode: 'JPY', Amount: 950000 });
    expect(row).toMatchObject({ currency: 'JPY', amount_minor: 950000 });
  });

  it('says when a record in the recycle bin went there', () => {
    const [row] = mapOne(mapOpportunity, { ...opportunity, IsDeleted: true });
    expect(row).toMatchObject({ deleted_at: Date.parse('2026-03-01T09:00:00Z') });
  });

  it('tells renewal, new and expansion apart', () => {
    const types = [
      'New Customer',
      'Existing Customer - Upgrade',
      'Renewal',
      'Add-On',
      'Newsletter deal',
      null,
    ];
    expect(types.map(normaliseDealType)).toEqual([
      'new',
      'expansion',
      'renewal',
      'expansion',
      'Newsletter deal',
      null,
    ]);
  });

  it('reads both spellings of an instant', () => {
    const at = Date.parse('2020-10-22T21:03:23Z');
    expect(toInstant('2020-10-22T21:03:23.000+0000')).toBe(at);
    expect(toInstant('2020-10-22T21:03:23.000Z')).toBe(at);
    expect(toInstant('2020-10-22')).toBeNull();
  });

  it('makes a change per column of a history row, and none of a column that is not there', () => {
    const rows = mapOne(mapOpportunityHistory, {
      Id: '008000000000001AAA',
      OpportunityId: opportunity.Id,
      StageName: 'Proposal',
      Amount: 100,
      PrevAmount: 90.5,
      CloseDate: '2026-04-01',
      CreatedDate: '2026-02-02T10:00:00.000+0000',
      CreatedById: '005000000000001AAA',
    });
    expect(rows.map((row) => row.id)).toEqual([
      '008000000000001AAA:stage',
      '008000000000001AAA:amount_minor',
      '008000000000001AAA:expected_close_on',
    ]);
    expect(rows[1]).toMatchObject({
      from_value: '9050',
      to_value: '10000',
      origin: 'history',
      object: 'deal',
    });
  });
});

describe('field history', () => {
  const row = { Id: '017000000000001AAA', CreatedDate: '2026-02-02T10:00:00.000+0000' };

  it('keeps the row of an owner change that holds ids', () => {
    const change = { ...row, CaseId: '500000000000001AAA', Field: 'Owner' };
    const ids = { OldValue: '00G000000000001AAA', NewValue: '005000000000001AAA' };
    expect(mapOne(mapCaseHistory, { ...change, OldValue: 'Queue', NewValue: 'Ana Gil' })).toEqual([]);
    expect(mapOne(mapCaseHistory, { ...change, ...ids })).toEqual([
      expect.objectContaining({ field: 'owner_id', object: 'ticket', to_value: '005000000000001AAA' }),
    ]);
  });

  it('leaves out what OpportunityHistory tells and what no column holds', () => {
    const change = { ...row, OpportunityId: opportunity.Id, OldValue: 'a', NewValue: 'b' };
    expect(mapOne(mapOpportunityFieldHistory, { ...change, Field: 'StageName' })).toEqual([]);
    expect(mapOne(mapOpportunityFieldHistory, { ...change, Field: 'created' })).toEqual([]);
    expect(mapOne(mapOpportunityFieldHistory, { ...change, Field: 'NextStep' })).toHaveLength(1);
  });
});

describe('activities', () => {
  const task = {
    Id: '00T1',
    IsClosed: true,
    ActivityDate: '2026-03-01',
    CreatedDate: '2026-02-20T08:00:00.000+0000',
  };

  it('dates a closed task by its completion, never by when it was due', () => {
    const completed = { ...task, CompletedDateTime: '2026-03-05T09:00:00.000+0000' };
    expect(mapOne(mapTask, completed)[0]).toMatchObject({
      done_at: Date.parse('2026-03-05T09:00:00Z'),
      status: 'done',
    });
    expect(mapOne(mapTask, task)[0]).toMatchObject({ done_at: null, status: 'done', due_on: '2026-03-01' });
  });

  it('dates a logged call without completion by its local day', () => {
    const call = { ...task, TaskSubtype: 'Call', CallType: 'Inbound', WhatId: '006000000000001AAA' };
    expect(mapOne(mapTask, call)[0]).toMatchObject({
      kind: 'call',
      direction: 'inbound',
      done_at: Date.parse('2026-02-28T23:00:00Z'),
      deal_id: '006000000000001AAA',
      ticket_id: null,
    });
  });

  it('counts a meeting as held once it has ended', () => {
    const event = {
      Id: '00U1',
      StartDateTime: '2026-03-10T11:00:00.000+0000',
      EndDateTime: '2026-03-10T12:00:00.000+0000',
    };
    expect(mapOne(mapEvent, event)[0]).toMatchObject({ status: 'done', done_at: context.now });
    const later = { ...event, EndDateTime: '2026-03-10T12:00:01.000+0000' };
    expect(mapOne(mapEvent, later)[0]).toMatchObject({ status: 'open', done_at: null });
  });

  it('ends an all-day event with its local day, across a clock change', () => {
    const event = {
      Id: '00U2',
      IsAllDayEvent: true,
      ActivityDate: '2026-03-29',
      StartDateTime: '2026-03-29T00:00:00.000+0000',
      EndDateTime: '2026-03-29T00:00:00.000+0000',
    };
    const { rows } = mapEvent(event, { ...context, now: Date.parse('2026-04-01T00:00:00Z') });
    expect(rows[0]?.row).toMatchObject({
      starts_at: Date.parse('2026-03-28T23:00:00Z'),
      done_at: Date.parse('2026-03-29T22:00:00Z'),
    });
  });

  it('knows series and invitees as no work', () => {
    expect(isSeriesOrCopy({ IsRecurrence: true })).toBe(true);
    expect(isSeriesOrCopy({ IsChild: true })).toBe(true);
    expect(isSeriesOrCopy({ GroupEventType: '3' })).toBe(true);
    expect(isSeriesOrCopy({ IsRecurrence: false, IsRecurrence2: true, GroupEventType: '0' })).toBe(false);
  });
});

describe('the rest', () => {
  it('reads a case with its closing instant and falls back on the reason as category', () => {
    const [row] = mapOne(mapCase, {
      Id: '5001',
      Status: 'Closed',
      IsClosed: true,
      ClosedDate: '2026-03-01T10:00:00.000+0000',
      Type: null,
      Reason: 'Installation',
    });
    expect(row).toMatchObject({
      is_closed: 1,
      last_closed_at: Date.parse('2026-03-01T10:00:00Z'),
      category: 'Installation',
    });
  });

  it('gives a user a team, and software no licence', () => {
    const user = {
      Id: '0051',
      Name: 'Ana',
      IsActive: true,
      UserType: 'Standard',
      UserRoleId: '00E1',
      SystemModstamp: '2026-03-01T10:00:00.000+0000',
    };
    expect(mapUser(user, context).membership).toEqual({
      actorId: '0051',
      at: Date.parse('2026-03-01T10:00:00Z'),
      teams: [{ teamId: '00E1', primary: true }],
    });
    expect(mapOne(mapUser, user)[0]).toMatchObject({ kind: 'user', licensed: 1 });
    const robot = { ...user, UserRoleId: null, Profile: { Name: 'Minimum Access - API Only Integrations' } };
    expect(mapOne(mapUser, robot)[0]).toMatchObject({ kind: 'integration', licensed: 0 });
  });

  it('gives every record type its own pipeline of stages', () => {
    const { rows } = mapOpportunityStage(
      { Id: '01J1', MasterLabel: 'Won', IsClosed: true, IsWon: true, DefaultProbability: 100 },
      { ...context, recordTypes: ['Partner'] },
    );
    expect(rows.map(({ row }) => row)).toMatchObject([
      { id: '01J1', pipeline: 'default', key: 'Won', probability: 1, is_won: 1 },
      { id: '01J1:Partner', pipeline: 'Partner', key: 'Won' },
    ]);
  });

  it('turns a conversion rate into the rate to the corporate currency', () => {
    expect(mapOne(mapCurrencyType, { Id: '01L1', IsoCode: 'USD', ConversionRate: 1.25 })[0]).toMatchObject({
      currency: 'USD',
      rate_to_base: 0.8,
    });
  });

  it('puts a response that has only a date at the start of that local day', () => {
    const member = { Id: '00v1', CampaignId: '7011', LeadId: '00Q1', FirstRespondedDate: '2026-07-01' };
    expect(mapOne(mapCampaignMember, member)[0]).toMatchObject({
      person_id: '00Q1',
      responded_at: Date.parse('2026-06-30T22:00:00Z'),
    });
  });
});
