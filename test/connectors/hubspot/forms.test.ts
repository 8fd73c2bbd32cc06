import { expect, it } from 'vitest';
import { hubspotPolicy } from '../../../connectors/hubspot/limits.ts';
import { mapDeal } from '../../../connectors/hubspot/map-deal.ts';
import { createOwnerBook } from '../../../connectors/hubspot/owners.ts';
import { ownsProperty, ownsSchema } from '../../../connectors/hubspot/ownership.ts';
import { followPages } from '../../../connectors/hubspot/pages.ts';
import { createStageBook } from '../../../connectors/hubspot/pipelines.ts';
import {
  associationAnswer,
  pipelineList,
  propertyList,
  recordPage,
  recordShape,
  schemaList,
  searchPage,
} from '../../../connectors/hubspot/shapes.ts';
import { createZone } from '../../../src/model/zone.ts';

it('numbers that stand for text, and lists that are null, are taken', () => {
  const record = recordShape.parse({
    id: 5,
    properties: { amount: 12, flag: true, list: ['x'] },
    createdAt: 1767225600000,
  });
  expect(record).toMatchObject({
    id: '5',
    properties: { amount: '12', flag: 'true', list: null },
    createdAt: '1767225600000',
  });
  expect(recordPage.parse({ results: null, paging: null })).toMatchObject({ results: [] });
  const options = [{ value: 3, label: 4 }];
  expect(propertyList.parse({ results: [{ name: 'x', options }] }).results[0]?.options).toEqual([
    { value: '3', label: '4' },
  ]);
  const links = associationAnswer.parse({ results: [{ from: { id: 1 }, to: null }], errors: null });
  expect(links.results).toEqual([{ from: { id: '1' }, to: [] }]);
});

it('the next page is known by its token, or else by its address', () => {
  const link = 'https://api.hubapi.com/crm/v3/objects/deals?limit=100&after=NTI%3D';
  expect(recordPage.parse({ results: [], paging: { next: { link } } }).paging?.next?.after).toBe('NTI=');
  expect(recordPage.parse({ results: [], paging: { next: { after: 7, link } } }).paging?.next?.after).toBe(
    '7',
  );
  for (const none of [null, {}, { next: null }, { next: { after: '' } }])
    expect(recordPage.parse({ results: [], paging: none }).paging?.next?.after).toBeUndefined();
});

it('a property without any history costs no other one its history', () => {
  const items = [{ value: 'open', timestamp: '2026-01-02T03:04:05Z' }];
  const record = recordShape.parse({ id: '1', propertiesWithHistory: { amount: null, dealstage: items } });
  expect(record.propertiesWithHistory).toEqual({ amount: null, dealstage: items });
});

it('a total that is not told counts as more than can be paged through while there is a next page', () => {
  const paging = { next: { after: '200' } };
  expect(searchPage.parse({ results: [{ id: '1' }], paging }).total).toBeGreaterThan(10_000);
  expect(searchPage.parse({ total: null, results: [{ id: '1' }] })).toMatchObject({
    total: 1,
    counted: false,
  });
  expect(searchPage.parse({ total: '0', results: [] })).toMatchObject({ total: 0, counted: true });
});

async function tokensOf(tokens: readonly string[]): Promise<number> {
  const left = [...tokens];
  const pages = followPages({
    where: 'crm deals',
    first: undefined,
    signal: new AbortController().signal,
    fetch: async () => {
      const after = left.shift();
      return { results: [], ...(after && { paging: { next: { after } } }) };
    },
  });
  let count = 0;
  for await (const _ of pages) count += 1;
  return count;
}

it('page tokens may be larger than a number holds, and may be no numbers', async () => {
  expect(await tokensOf(['9007199254740992', '9007199254740993'])).toBe(3);
  expect(await tokensOf(['MTI=', 'AAA=', 'MTI'])).toBe(4);
  await expect(tokensOf(['200', '100'])).rejects.toThrow('same page token');
});

const answer = (status: number, headers: Record<string, string>, text = '') => ({ status, headers, text });

it('a pause is honoured as a number of seconds and as a date by the server’s clock', () => {
  const date = 'Sun, 22 Nov 2026 10:00:00 GMT';
  const until = { date, 'retry-after': 'Sun, 22 Nov 2026 10:00:07 GMT' };
  expect(hubspotPolicy.verdict(answer(429, until), 1)).toMatchObject({ kind: 'again', afterMs: 7_000 });
  expect(hubspotPolicy.verdict(answer(429, { 'retry-after': '3' }), 1)).toMatchObject({ afterMs: 3_000 });
  expect(hubspotPolicy.verdict(answer(477, until), 1)).toMatchObject({ kind: 'again', afterMs: 7_000 });
});

it('a page for people in place of an answer is asked again, three times in all', () => {
  const page = answer(200, { 'content-type': 'text/html; charset=utf-8' }, '<html>');
  expect([1, 2, 3].map((attempt) => hubspotPolicy.verdict(page, attempt).kind)).toEqual([
    'again',
    'again',
    'done',
  ]);
  expect(hubspotPolicy.verdict(answer(204, {}), 1).kind).toBe('done');
});

it('what comes without a description is ours by the names that only we give', () => {
  const [told, untold, foreign] = propertyList.parse({
    results: [{ name: 'crmkpi_key', description: 'theirs' }, { name: 'crmkpi_board' }, { name: 'segment' }],
  }).results;
  expect([told, untold, foreign].map((one) => one && ownsProperty(one))).toEqual([false, true, false]);
  const schema = (properties: readonly object[]) =>
    schemaList.parse({ results: [{ objectTypeId: '2-1', name: 'kpi_result', properties }] }).results[0];
  const [ours, theirs] = [schema([{ name: 'crmkpi_key' }]), schema([{ name: 'kpi_name' }])];
  expect([ours, theirs].map((one) => one && ownsSchema(one))).toEqual([true, false]);
});

it('a closed stage that does not tell its probability leaves it to the deal’s flag', () => {
  const stages = [{ id: 'shut', metadata: { isClosed: 'true' } }];
  const { results } = pipelineList.parse({ results: [{ id: 'p', stages }] });
  const none = createStageBook([]);
  const context = {
    ...{
      zone: createZone('Asia/Kolkata'),
      currency: 'INR',
      now: 0,
      owners: createOwnerBook([]),
      boardId: null,
    },
    ...{ dealStages: createStageBook(results), ticketStages: none, leadStages: none },
  };
  const outcome = (flags: Record<string, string>) => {
    const properties = { pipeline: 'p', dealstage: 'shut', ...flags };
    return mapDeal({ record: recordShape.parse({ id: '1', properties }), links: {} }, context).outcome;
  };
  expect([outcome({ hs_is_closed_won: 'true' }), outcome({})]).toEqual(['won', 'lost']);
});
