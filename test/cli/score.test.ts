import { describe, expect, it } from 'vitest';
import { scorePeriods, scoreText } from '../../src/cli/score.ts';
import type { Goal, Status } from '../../src/model/goal.ts';
import type { StoredResult } from '../../src/model/result-store.ts';
import { goalOf } from '../model/samples.ts';

const goals = ['win', 'mail', 'cases'].map((id) => ({ id, weight: 1 })) as unknown as readonly Goal[];
const company = { kind: 'company', id: null, name: null, source: null };

function result(periodLabel: string, goal: string, attainment: number | null, status: Status): StoredResult {
  const place = { grain: 'month', periodStart: `${periodLabel}-01`, periodLabel, segment: company };
  return { ...place, goal, attainment, status } as unknown as StoredResult;
}

describe('the score', () => {
  it('is 75 in month 1 of the worked exercise, and none in month 2, of which a third is unknown', () => {
    const scores = scorePeriods(
      [
        result('2026-01', 'win', 0.75, 'off_target'),
        result('2026-01', 'mail', 1, 'on_target'),
        result('2026-01', 'cases', 0.5, 'off_target'),
        result('2026-02', 'win', 0.9, 'at_risk'),
        result('2026-02', 'mail', null, 'no_data'),
        result('2026-02', 'cases', 0.8, 'off_target'),
      ],
      goals,
    );
    expect(scores.map(({ score }) => score)).toEqual([75, null]);
    expect(scores.map((score) => scoreText(score))).toEqual([
      'Score 2026-01: 75.0 of 100 over 3 goals.',
      'Score 2026-02: none, only 67 % of the weight has data.',
    ]);
  });

  it('knows of a goal whose KPI no connection serves that it is unknown: 2 of 3 goals give no score', () => {
    const three = ['win', 'mail', 'cases'].map((id) => goalOf({ id, kpi: `${id}_kpi` }));
    const february = [
      result('2026-02', 'win', 0.9, 'at_risk'),
      result('2026-02', 'cases', 0.8, 'off_target'),
    ];
    const [one] = scorePeriods(february, three, ['mail_kpi']);
    expect(one).toMatchObject({ score: null, coverage: 2 / 3, goals: ['cases', 'mail', 'win'] });
    expect(one && scoreText(one, 'es')).toBe(
      'Puntuación 2026-02: ninguna, solo el 67 % del peso tiene datos.',
    );
    expect(scorePeriods(february, three)[0]?.score).toBeCloseTo(85, 9);
  });

  it('takes what is not judged as unknown', () => {
    const [one] = scorePeriods([result('2026-01', 'win', 0.2, 'insufficient')], goals);
    expect(one).toMatchObject({ score: null, coverage: 0 });
  });
});
