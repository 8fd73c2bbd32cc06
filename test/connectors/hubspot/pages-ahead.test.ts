import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect, it } from 'vitest';
import { startSandbox } from '../../../connectors/hubspot/sandbox/index.ts';
import { recordPage } from '../../../connectors/hubspot/shapes.ts';
import { openAt } from '../hubspot-open.ts';

const signal = new AbortController().signal;

it('the next page of a list is being asked for while the last one is worked on', async () => {
  await using portal = await startSandbox({
    ...{ port: 0, data: null, seed: 7, size: 400, now: Date.parse('2026-11-01T08:00:00Z'), currency: 'EUR' },
    ...{ timeZone: 'Europe/Madrid', tier: 'enterprise', without: [] },
  });
  await using connection = await openAt(portal, { unpaced: true, objects: ['deals'] });
  const deals = (await connection.streams()).find(({ name }) => name === 'deals');
  if (!deals) throw new Error('no stream of deals');
  let written = 0;
  const count = (message: unknown) => {
    const headers =
      typeof message === 'object' && message && 'headers' in message ? String(message.headers) : '';
    if (/^GET \/crm\/\S+\/deals\?\S*dealname/.test(headers)) written += 1;
  };
  subscribe('undici:client:sendHeaders', count);
  const seen: { readonly page: number; readonly written: number }[] = [];
  let page = 0;
  for await (const { tables } of connection.read(deals, null, { signal })) {
    if (tables.some(({ table }) => table === 'deal')) seen.push({ page: ++page, written });
  }
  unsubscribe('undici:client:sendHeaders', count);
  expect(seen.length).toBeGreaterThan(5);
  expect(seen).toEqual(seen.map(({ page }) => ({ page, written: Math.min(page + 1, seen.length) })));
});

function readRecord(parts: Readonly<Record<string, unknown>>) {
  return recordPage.safeParse({ results: [{ id: '1', ...parts }] }).data?.results[0];
}

it('values are texts, whatever form they come in', () => {
  const properties = { a: 'x', b: 1.5, c: true, d: null, e: { no: 'value' }, f: ['x'] };
  expect(readRecord({ properties })?.properties).toEqual({
    a: 'x',
    b: '1.5',
    c: 'true',
    d: null,
    e: null,
    f: null,
  });
  expect(readRecord({})?.properties).toEqual({});
  expect(readRecord({ properties: null })?.properties).toEqual({});
});

it('a record whose properties are no group of values has not the form that is documented', () => {
  expect(recordPage.safeParse({ results: [{ id: '1', properties: 'x' }] }).success).toBe(false);
  expect(recordPage.safeParse({ results: [{ id: '1', properties: ['x'] }] }).success).toBe(false);
});

it('a history of another form than documented is none', () => {
  const at = '2026-01-01T00:00:00Z';
  const read = (histories: unknown) =>
    readRecord({ propertiesWithHistory: histories })?.propertiesWithHistory;
  expect(
    read({ amount: [{ value: 5, timestamp: at, sourceType: 'API' }, { timestamp: 1_767_225_600_000 }] }),
  ).toEqual({
    amount: [
      { value: '5', timestamp: at },
      { value: null, timestamp: 1_767_225_600_000 },
    ],
  });
  expect(read({ amount: null })).toEqual({ amount: null });
  expect(read({ amount: [{ value: '5', timestamp: {} }] })).toBeNull();
  expect(read({ amount: ['5'] })).toBeNull();
  expect(read({ amount: 'none' })).toBeNull();
  expect(read('none')).toBeNull();
  expect(read(undefined)).toBeNull();
});
