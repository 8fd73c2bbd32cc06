import type { SandboxAnswer } from '../../../../src/sandbox/server.ts';
import { type Found, runQuery } from '../soql/execute.ts';
import { malformed } from '../soql/refuse.ts';
import { renderRow } from '../soql/select.ts';
import type { Call, Route } from './call.ts';
import { findLocator, openLocator } from './locators.ts';

const maxPage = 2000;
const minPage = 200;

export const queryRoutes: readonly Route[] = [
  { method: 'GET', path: /^\/query\/?$/, answer: (call) => firstPage(call, false) },
  { method: 'GET', path: /^\/queryAll\/?$/, answer: (call) => firstPage(call, true) },
  { method: 'GET', path: /^\/query(?:All)?\/(\w+)-(\d+)$/, answer: nextPage },
];

function firstPage(call: Call, all: boolean): SandboxAnswer {
  const soql = call.request.query.get('q');
  if (soql === null) throw malformed('A query string has to be specified');
  const found = runQuery(call.view, soql, { all });
  const size = pageSize(call, found);
  const locator = found.rows.length > size ? keep(call, found) : '';
  return page(call, found, { from: 0, size, locator });
}

function keep(call: Call, found: Found): string {
  const { state, session, org, version } = call;
  return openLocator(state.locators, { found, session, openedAt: org.now() }, version);
}

function nextPage(call: Call): SandboxAnswer {
  const [id = '', from = ''] = call.params;
  const { found } = findLocator(call.state.locators, id, { session: call.session, now: call.org.now() });
  return page(call, found, { from: Number(from), size: pageSize(call, found), locator: id });
}

/** The caller's wish is a hint; rows with several long texts come in small pages. */
function pageSize(call: Call, found: Found): number {
  const wish = /batchSize\s*=\s*(\d+)/i.exec(String(call.request.headers['sforce-query-options'] ?? ''));
  const wished = Math.min(maxPage, Math.max(minPage, Number(wish?.[1] ?? maxPage)));
  const long =
    found.selected?.columns.filter(({ field }) => field.type === 'textarea' && field.length > 4000) ?? [];
  return long.length >= 2 ? minPage : wished;
}

function page(call: Call, found: Found, at: { from: number; size: number; locator: string }): SandboxAnswer {
  const { totalSize, rows, selected, object, records } = found;
  const to = at.from + at.size;
  const done = to >= rows.length;
  const shown = selected
    ? rows.slice(at.from, to).map((row) => renderRow(selected.tree, object, { row, base: call.base }))
    : records;
  const next = done ? {} : { nextRecordsUrl: `${call.base}/query/${at.locator}-${to}` };
  return { status: 200, body: { totalSize, done, ...next, records: shown } };
}
