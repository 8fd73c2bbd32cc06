import { describe, expect, it } from 'vitest';
import { unpromisedLines } from '../../src/cli/unpromised.ts';
import { loadCatalog } from '../../src/evaluate/catalog.ts';
import type { Goal } from '../../src/model/goal.ts';
import type { Kpi, Language } from '../../src/model/kpi.ts';
import type { Result } from '../../src/model/result.ts';
import { createQueryChecker } from '../../src/store/facts.ts';
import { shippedKpis } from '../evaluate/workspace.ts';
import { goalOf, resultOf } from '../model/samples.ts';

const catalog: readonly Kpi[] = await loadCatalog({ folders: [shippedKpis], check: createQueryChecker() });

function linesOf(goal: Goal, shown: readonly Result[] = [], language: Language = 'en'): readonly string[] {
  const settings = { language, goals: [goal] };
  return unpromisedLines(shown, { settings, catalog } as unknown as Parameters<typeof unpromisedLines>[1]);
}

const shown = (goal: string | null, periodLabel: string) => resultOf({ kpi: 'deals_won', goal, periodLabel });

describe('a goal that asks for nothing says why', () => {
  it('where no CRM holds a quota', () => {
    const goal = goalOf({ kpi: 'deals_won', targets: { kind: 'quotas' } });
    const results = [shown(null, '2026-10'), shown(null, '2026-11')];
    expect(linesOf(goal, results)).toEqual([
      'No target: Sales made (deals_won.month): it takes the quotas of the CRMs, and none stands there for 2026-10 and 2026-11; a quota counts that covers a single month to the day.',
    ]);
    expect(linesOf(goal, results, 'es')).toEqual([
      'Sin objetivo: Ventas realizadas (deals_won.month): toma las cuotas de los CRM y no hay ninguna para 2026-10 y 2026-11; cuenta la cuota que abarca exactamente un solo mes.',
    ]);
    expect(linesOf(goal, [shown(goal.id, '2026-10')])).toEqual([]);
  });

  it('where the settings stop before the running period', () => {
    const goal = goalOf({ kpi: 'deals_won', targets: { kind: 'by_period', values: { '2026-10': 5 } } });
    expect(linesOf(goal, [shown(goal.id, '2026-10'), shown(null, '2026-11')])).toEqual([
      'No target: Sales made (deals_won.month): the settings promise nothing for 2026-11; add targets for it to the goal.',
    ]);
  });

  it('where the KPI is not counted by a segment', () => {
    const goal = goalOf({ kpi: 'cases_created', segments: ['company', 'owner'] });
    expect(linesOf(goal)).toEqual([
      'No target: Incidents logged (cases_created.month): it is not counted by owner; it is by team, category, priority, channel, case_category.',
    ]);
  });

  it('where a sum is to be judged in parts that have no targets; a rate and a mean hold for each part', () => {
    const segments = ['company', 'owner'];
    expect(linesOf(goalOf({ kpi: 'deals_won', segments }))).toEqual([
      'No target: Sales made (deals_won.month): parts of a sum need targets of their own: give those of owner with by: or a file.',
    ]);
    expect(linesOf(goalOf({ kpi: 'win_rate', segments }))).toEqual([]);
    expect(linesOf(goalOf({ kpi: 'avg_deal_value', segments }))).toEqual([]);
  });
});
