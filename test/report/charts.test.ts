import { describe, expect, it } from 'vitest';
import type { StoredResult } from '../../src/model/result-store.ts';
import { barsChart } from '../../src/report/bars-chart.ts';
import type { Figure } from '../../src/report/figures.ts';
import { createFormat } from '../../src/report/format.ts';
import { historyChart } from '../../src/report/history-chart.ts';
import { limitsOf } from '../../src/report/limits.ts';
import { sparkline } from '../../src/report/sparkline.ts';
import { monthOf, monthsUntil, readCatalog, winRateGoal } from './company.ts';

const format = createFormat('en', 'Europe/Madrid');
const kpi = (await readCatalog()).find(({ id }) => id === 'win_rate') ?? expect.fail('win_rate');
const values = [0.12, 0.14, 0.13, 0.15, 0.16, 0.14, 0.15, 0.17, 0.18];

function makeFigure(
  change: (label: string, place: number) => Parameters<typeof monthOf>[1] = () => ({}),
): Figure {
  const history: StoredResult[] = monthsUntil('2026-10', values.length).map((label, place) => ({
    ...monthOf(label, {
      value: values[place] ?? null,
      num: 100 * (values[place] ?? 0),
      ...change(label, place),
    }),
    id: place + 1,
  }));
  const result = history.at(-1) ?? expect.fail('no history');
  return {
    kpi,
    goal: winRateGoal,
    result,
    running: null,
    history,
    past: history,
    changedOn: [],
    limitsFrom: [],
  };
}

const draw = (figure: Figure, official = new Map<number, StoredResult>()) =>
  String(historyChart({ figure, limits: limitsOf(figure.history, kpi), official, format }));

describe('a history chart', () => {
  it('has a role, a name, a title and a description', () => {
    const svg = draw(makeFigure());
    expect(svg).toMatch(
      /^<svg class="chart wide" role="img" viewBox="0 0 1040 330" aria-label="Sales conversion\. [^"]+">/,
    );
    expect(svg).toContain(
      '<title>Sales conversion</title><desc>Sales conversion from February 2026 to October 2026',
    );
  });

  it('shows a year and the running period on a phone, and nothing where its style is lost', () => {
    const months = monthsUntil('2026-11', 20).map((label, place) => ({ ...monthOf(label), id: place }));
    const figure = { ...makeFigure(), history: months };
    const svg = String(
      historyChart({ figure, limits: limitsOf([], kpi), official: new Map(), format, size: 'narrow' }),
    );
    expect(svg).toMatch(/^<svg class="chart narrow" display="none" role="img" viewBox="0 0 380 260"/);
    expect(svg.match(/<g class="point/g)).toHaveLength(13);
    expect(svg).toContain('from November 2025 to November 2026');
  });

  it('draws control limits, the baseline, and a changed target as a step', () => {
    const svg = draw(makeFigure((_, place) => ({ target: place < 4 ? 0.16 : 0.2 })));
    expect(svg).toContain('<rect class="limits"');
    expect(svg).toContain('class="baseline"');
    expect(/class="target" d="([^"]+)"/.exec(svg)?.[1]?.match(/V/g)).toHaveLength(1);
  });

  it('draws a running period as one, its line broken and its point hollow', () => {
    const svg = draw(makeFigure((label) => ({ complete: label !== '2026-10' })));
    expect(svg).toContain('class="line partial"');
    expect(svg).toContain('class="point at_risk partial"');
    expect(svg).toContain('running, not complete');
  });

  it('marks a restated point with its official value', () => {
    const figure = makeFigure((label) => (label === '2026-09' ? { stage: 'restated' } : {}));
    const restated = figure.history[7] ?? expect.fail('no point');
    const svg = draw(figure, new Map([[restated.id, { ...restated, value: 0.11, stage: 'official' }]]));
    expect(svg).toContain('<circle class="restated"');
    expect(svg).toContain('was 11.0 % when it became official');
  });

  it('has a shape for each status, so that none is told by colour alone', () => {
    const shape = (status: 'exceeded' | 'off_target') =>
      /<path transform="[^"]+" d="([^"]+)"/.exec(draw(makeFigure(() => ({ status }))))?.[1];
    expect(shape('exceeded')).not.toBe(shape('off_target'));
  });

  it('leaves a gap where there is no value', () => {
    const svg = draw(makeFigure((_, place) => (place === 4 ? { value: null } : {})));
    expect(/class="line" d="([^"]+)"/.exec(svg)?.[1]?.match(/M/g)).toHaveLength(2);
  });
});

describe('a sparkline', () => {
  it('tells its course in words', () => {
    const figure = makeFigure();
    const svg = String(sparkline(figure, limitsOf(figure.history, kpi), format));
    expect(svg).toContain('aria-label="Sales conversion. From 12.0 % to 18.0 %, between 12.0 % and 18.0 %."');
    expect(svg.length).toBeLessThan(900);
  });
});

describe('bars by segment', () => {
  it('carry intervals and the target, and cut a long name', () => {
    const names = ['<b>Iberia</b>', 'A team with a name that is far too long to fit here'];
    const results = names.map((name, place) => ({
      ...monthOf('2026-10', { segment: { kind: 'team', id: String(place), name, source: null } }),
      id: place,
    }));
    const svg = String(
      barsChart({ kpi, results, intervalOf: () => ({ low: 0.1, high: 0.3 }), title: 'By team', format }),
    );
    expect(svg).toContain('&lt;b&gt;Iberia&lt;/b&gt;</text>');
    expect(svg).toContain('A team with a name that is fa…');
    expect(svg.match(/class="interval"/g)).toHaveLength(2);
    expect(svg).toContain('class="target"');
  });
});
