import { describe, expect, it } from 'vitest';
import type { EffectReport, EffectSide, ToldEffect } from '../../src/model/action.ts';
import { drawnEffect } from '../../src/report/effect-sides.ts';
import { effectsBlock } from '../../src/report/effects-block.ts';
import { createFormat } from '../../src/report/format.ts';
import { openDashboard } from '../serve/dashboard.ts';
import { monthOf, openDesk } from './company.ts';

const side = (from: string, to: string, over: Partial<EffectSide> = {}): EffectSide => ({
  ...{ from, to, num: null, den: null, value: 0.15, n: 100, interval: { low: 0.09, high: 0.23 } },
  ...over,
});

const september = side('2026-09-03', '2026-10-01');
const october = side('2026-10-02', '2026-10-30', { value: 0.25, interval: { low: 0.18, high: 0.34 } });

function reportOf(over: Partial<EffectReport> = {}): EffectReport {
  return {
    ...{ verdict: 'improved', recheck: null, method: 'newcombe', p: null },
    ...{ before: september, after: october, size: { effect: 0.1, low: 0.01, high: 0.19 }, plain: null },
    ...{ control: null, mix: null, expected: null, detectable: null, recordsNeeded: null },
    ...{ minEffect: 0.01, readyOn: null, joint: [], notes: [], ...over },
  };
}

function told(over: Partial<ToldEffect> = {}): ToldEffect {
  return {
    ...{ action: 1, title: { en: 'Workshop <b>', es: 'Taller <b>' }, kpi: 'win_rate' },
    label: { en: 'Sales conversion', es: 'Tasa de conversión de ventas' },
    segment: { kind: 'company', id: null, name: null, source: null },
    ...{ report: reportOf(), unit: 'ratio', currency: 'EUR', target: 0.2, shape: 'at_least' },
    change: { en: '+10.0 points', es: '+10,0 puntos' },
    remarks: { en: [], es: [] },
    ...over,
  };
}

const draw = (effect: ToldEffect, language: 'en' | 'es' = 'en') =>
  String(effectsBlock([effect], createFormat(language, 'Europe/Madrid')));

describe('the chart of an effect', () => {
  it('has a name, a description, both intervals and the goal, and the same figures as a table', () => {
    const page = draw(told());
    expect(page).toContain('<title>Workshop &lt;b&gt;: Sales conversion</title>');
    expect(page).toContain('Before 15.0 % (9.0 % to 23.0 %), after 25.0 % (18.0 % to 34.0 %).</desc>');
    expect(page.match(/class="interval"/g)).toHaveLength(2);
    expect(page).toContain('class="target"');
    expect(page).toContain('>Target 20.0 %</text>');
    expect(page).toContain('<data value="0.25">25.0 %</data>');
    expect(page).toContain('9.0 % – 23.0 %');
    expect(page).toContain('3 Sept 2026 – 30 Sept 2026');
    expect(page).toMatch(/class="status exceeded">.*?Improved</);
  });

  it('tells plainly where there is no evidence, in both languages', () => {
    const silent = told({ report: reportOf({ verdict: 'no_evidence' }) });
    expect(draw(silent)).toContain('No evidence of a change');
    expect(draw(silent)).toContain('It neither proves an effect nor that there is none.');
    const spanish = draw(silent, 'es');
    expect(spanish).toContain('Sin evidencia de un cambio');
    expect(spanish).toContain('No demuestra un efecto ni tampoco que no lo haya.');
    expect(spanish).toContain('Objetivo 20,0 %');
  });

  it('draws no chart where nothing could be measured, but says so', () => {
    const none = draw(told({ report: reportOf({ verdict: 'insufficient', after: null, size: null }) }));
    expect(none).toContain('Cannot be judged yet');
    expect(none).not.toContain('<svg class="chart');
  });

  it('lets an interval without an end run out of the chart', () => {
    const open = { ...october, interval: { low: 0.18, high: null } };
    const page = draw(told({ report: reportOf({ after: open }) }));
    expect(page).toContain('18.0 % to …');
    expect(page).toContain('18.0 % – …');
  });
});

describe('both sides of an effect on one scale', () => {
  it('counts are told for as many days as after', () => {
    const before = side('2026-01-01', '2026-03-26', { value: 84, num: 84, interval: { low: 67, high: 105 } });
    const after = side('2026-04-01', '2026-04-29', { value: 40, num: 40, interval: { low: 29, high: 54 } });
    const drawn = drawnEffect(reportOf({ method: 'binomial', before, after }), 'count');
    expect(drawn).toMatchObject({
      basis: 'as_many_days',
      before: { value: 28, low: 67 / 3, high: 35 },
      after: { value: 40, low: 29, high: 54 },
    });
  });

  it('money is held against what was usual, never below nothing', () => {
    const report = reportOf({
      method: 'behaviour_chart',
      after: side('2026-10-02', '2026-10-30', { value: 200, interval: null }),
      size: { effect: 50, low: -100, high: 220 },
    });
    expect(drawnEffect(report, 'money')).toMatchObject({
      basis: 'usual',
      before: { value: 150, low: 0, high: 300 },
      after: { value: 200, low: null, high: null },
    });
  });

  it('shares that were measured before intervals were kept get theirs from their records', () => {
    const { interval: _, ...old } = side('2026-09-03', '2026-10-01', { num: 15, den: 100 });
    const drawn = drawnEffect(reportOf({ before: old }), 'ratio');
    expect(drawn?.before.low).toBeCloseTo(0.0931, 4);
    expect(drawn?.before.high).toBeCloseTo(0.2328, 4);
  });
});

describe('effects stand', () => {
  const open = () =>
    openDesk({ results: [monthOf('2026-10')], desk: { effects: () => [told(), told({ kpi: 'nps' })] } });

  it('on the page of their KPI and in reports that show it', async () => {
    await using fixture = await open();
    const { ask } = openDashboard(fixture);
    for (const path of ['/kpi/win_rate', '/files/report.html?kpi=win_rate', '/files/kpi/win_rate.html']) {
      const page = await (await ask(path)).text();
      expect(page, path).toContain('Effects of actions');
      expect(page.match(/class="chart effect"/g), path).toHaveLength(1);
    }
  });

  it('in the plan, with the day of the verdict where there is none yet', async () => {
    const plan = { washOutDays: 0, windowDays: 28 };
    const waiting = {
      ...{ id: 2, type: 'training', state: 'done', owner: null, dueOn: null, finishedOn: '2026-11-01', plan },
      ...{ title: { en: 'Later', es: 'Luego' }, hypothesis: { en: '', es: '' } },
    };
    const findings = { findings: [], silences: [], links: new Map(), names: new Map() };
    const actions = [
      { action: { ...waiting, id: 1 }, effect: told() },
      { action: waiting, effect: null },
    ] as never;
    await using fixture = await openDesk({
      results: [monthOf('2026-10')],
      desk: { findings: () => ({ ...findings, actions }) },
    });
    const page = await (await openDashboard(fixture).ask('/findings')).text();
    expect(page).toContain('from 30 Nov 2026');
    expect(page).toContain('class="chart effect"');
  });
});
