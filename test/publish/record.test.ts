import { describe, expect, it } from 'vitest';
import type { Result } from '../../src/model/result.ts';
import { resultSchema } from '../../src/publish/fields.ts';
import { type RecordContext, statusRecord, toResultRecord } from '../../src/publish/record.ts';
import { goalOf, resultOf } from '../model/samples.ts';
import { revenue, winRate } from './samples.ts';

const english: RecordContext = { kpi: winRate, goal: goalOf(), language: 'en', official: null };
const toRecord = (result: Partial<Result>, context: Partial<RecordContext> = {}) =>
  toResultRecord(resultOf(result), { ...english, ...context });

describe('a record', () => {
  it('carries the figures of its result under the names that users rely on', () => {
    const record = toRecord({ trend: { direction: 'rising', p: 0.01, slope: 1, n: 8 } });
    expect(record).toMatchObject({
      key: 'win_rate|2026-01|company|win_rate.month',
      kpi: 'win_rate',
      label: 'Sales conversion',
      period_start: '2026-01-01',
      period_end: '2026-02-01',
      segment_kind: 'company',
      segment_name: 'Company',
      user: null,
      value: 0.18,
      value_text: '18.0 %',
      numerator: 18,
      denominator: 100,
      count: 100,
      target: 0.2,
      baseline: 0.15,
      previous_value: 0.15,
      status: 'at_risk',
      trend: 'rising',
      stage: 'official',
      goal_version: '1',
      data_as_of: Date.UTC(2026, 1, 15),
      current: true,
    });
    expect(record.variance).toBeCloseTo(-0.02, 12);
  });

  it('has exactly the fields that are installed', () => {
    const installed = resultSchema('en').fields.map(({ name }) => name);
    expect(Object.keys(toRecord({})).sort()).toEqual([...installed].sort());
    expect(installed).toEqual(expect.arrayContaining(Object.keys(statusRecord({ asOf: 0, language: 'en' }))));
  });

  it('has values of its pick lists only', () => {
    for (const { values, name } of resultSchema('es').fields) {
      if (!values) continue;
      for (const { label } of values) expect(label, name).not.toMatch(/_/);
    }
  });

  it('carries money in major units', () => {
    const record = toRecord(
      {
        kpi: 'revenue_won',
        unit: 'money',
        currency: 'EUR',
        num: 123_456,
        den: null,
        value: 123_456,
        target: 200_000,
        baseline: 100_050,
        previous: 0,
        forecast: { value: 150_000, low: null, high: null },
      },
      { kpi: revenue },
    );
    expect(record).toMatchObject({
      value: 1234.56,
      value_text: '1,235 EUR',
      numerator: 1234.56,
      denominator: null,
      target: 2000,
      baseline: 1000.5,
      previous_value: 0,
      variance: -765.44,
      forecast: 1500,
      currency: 'EUR',
    });
  });

  it('carries yen without decimals', () => {
    const money = { kpi: 'revenue_won', unit: 'money', currency: 'JPY', num: 5000, value: 5000 } as const;
    expect(toRecord(money, { kpi: revenue })).toMatchObject({ value: 5000, numerator: 5000 });
  });

  it('names the person it speaks of; records without one have none', () => {
    const owner = { kind: 'owner', id: '0055e1', name: 'Ann Lee', source: 'sales' };
    expect(toRecord({ segment: owner })).toMatchObject({
      key: 'win_rate|2026-01|owner:0055e1|win_rate.month',
      user: '0055e1',
      segment_name: 'Ann Lee',
    });
    const nobody = { ...owner, id: '(none)', name: null };
    expect(toRecord({ segment: nobody })).toMatchObject({ user: null, segment_name: '(none)' });
  });

  it.each([
    [4, 2, 6, 0],
    [1.5, 2, 6, -0.5],
    [7, 2, 6, 1],
  ])('%f in a range of %f to %f lies %f outside', (value, lo, hi, variance) => {
    expect(toRecord({ value, target: { lo, hi } })).toMatchObject({ target: null, variance });
  });

  it('keeps the official figures where a restatement followed, and shows it beside them', () => {
    const official = resultOf({ num: 20, value: 0.2, status: 'on_target' });
    const restated = { stage: 'restated', num: 21, den: 99, value: 21 / 99, n: 99, asOf: 5 } as const;
    const record = toRecord(restated, { official });
    expect(record).toMatchObject({
      value: 0.2,
      numerator: 20,
      count: 100,
      status: 'on_target',
      restated_value: 21 / 99,
      stage: 'restated',
      data_as_of: 5,
    });
    expect(record.explanation).toMatch(/Recomputed later from changed records: 21\.2 %\.$/);
  });
});

describe('the explanation', () => {
  it('is plain English', () => {
    expect(toRecord({ nMissing: 2 }).explanation).toBe(
      'Sales conversion, Company, 2026-01: 18.0 % (18 of 100); target at least 20.0 %: at risk. ' +
        'The difference from the target may be chance. ' +
        'Counted from 100 records in the CRM; 2 left out because a figure is missing.',
    );
  });

  it('is plain Spanish', () => {
    expect(toRecord({ n: 1, nMissing: 1 }, { language: 'es' }).explanation).toBe(
      'Tasa de conversión de ventas, Empresa, 2026-01: 18,0 % (18 de 100); objetivo al menos 20,0 %: en riesgo. ' +
        'La diferencia con el objetivo puede deberse al azar. ' +
        'Contado a partir de 1 registro del CRM; 1 excluido por faltar un dato.',
    );
  });

  it.each<[Partial<Result>, Partial<RecordContext>, string]>([
    [{ value: null, status: 'no_data' }, {}, 'no value (18 of 100); target at least 20.0 %: no data.'],
    [{}, { goal: goalOf({ shape: 'at_most' }) }, 'target at most 20.0 %: at risk.'],
    [{ target: { lo: 0.1, hi: 0.3 } }, {}, 'target between 10.0 % and 30.0 %: at risk.'],
    [{ status: null, target: null }, { goal: null }, '2026-01: 18.0 % (18 of 100).'],
  ])('tells the case %#', (result, context, part) => {
    expect(toRecord(result, context).explanation).toContain(part);
  });

  it('leaves sums of money out of the brackets', () => {
    const byValue = { ...winRate, money: ['num', 'den'] as const };
    const money = { num: 10_000, den: 19_000, value: 0.526, currency: 'EUR' };
    const record = toRecord(money, { kpi: byValue });
    expect(record).toMatchObject({ numerator: 100, denominator: 190, value: 0.526 });
    expect(record.explanation).toContain('52.6 %; target');
  });
});
