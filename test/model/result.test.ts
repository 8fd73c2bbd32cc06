import { expect, it } from 'vitest';
import { resultKey } from '../../src/model/result.ts';

const company = { kind: 'company', id: null, name: null, source: null };
const owner = { kind: 'owner', id: '0055e000001', name: 'Ann', source: 'sales' };

it('a key names KPI, period, segment and goal, and no connection', () => {
  const result = { kpi: 'win_rate', periodLabel: '2026-10', segment: owner, goal: null };
  expect(resultKey(result)).toBe('win_rate|2026-10|owner:0055e000001|-');
  expect(resultKey({ ...result, segment: company, goal: 'g' })).toBe('win_rate|2026-10|company|g');
});
