import { describe, expect, it } from 'vitest';
import { goalOf } from '../model/samples.ts';
import { type LooseRow, openWorkspace, pick } from './workspace.ts';

const hourMs = 3_600_000;

/** Leads of one day: answered after so many hours, and let go unanswered after so many. */
function leadsOf(day: string, answered: readonly number[], unanswered: readonly number[]) {
  const createdAt = Date.parse(`${day}T00:00:00Z`);
  const lead: LooseRow[] = [];
  const activity: LooseRow[] = [];
  for (const [place, hours] of answered.entries()) {
    const id = `${day} a${place}`;
    lead.push({ id, created_at: createdAt });
    activity.push({ id, kind: 'call', status: 'done', person_id: id, done_at: createdAt + hours * hourMs });
  }
  for (const [place, hours] of unanswered.entries())
    lead.push({ id: `${day} u${place}`, created_at: createdAt, closed_at: createdAt + hours * hourMs });
  return { lead, activity };
}

/** Remissions under placebo and 6-mercaptopurine (Freireich 1963): medians 8 and 23, 95 % from 4 to 11 and from 13 on. */
const quick = leadsOf(
  '2026-01-10',
  [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23],
  [],
);
const slow = leadsOf(
  '2026-02-10',
  [6, 6, 6, 7, 10, 13, 16, 22, 23],
  [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35],
);

async function judge(rows: readonly ReturnType<typeof leadsOf>[], target: number) {
  await using workspace = await openWorkspace();
  const asOf = '2026-03-20T12:00:00Z';
  await workspace.save({
    lead: rows.flatMap(({ lead }) => lead),
    activity: rows.flatMap(({ activity }) => activity),
  });
  const targets = { kind: 'constant', value: target } as const;
  const goals = [goalOf({ kpi: 'lead_response_hours', shape: 'at_most', targets })];
  await workspace.evaluate(asOf, { goals, kpis: ['lead_response_hours'], history: 4 });
  return pick(await workspace.results(asOf), 'lead_response_hours', { period: '2026-02' });
}

describe('a median of times of which some go on', () => {
  it('has evidence by the interval of its curve', async () => {
    expect(await judge([slow], 12)).toMatchObject({ value: 23, status: 'off_target', evidence: 'clear' });
    expect(await judge([slow], 20)).toMatchObject({ status: 'off_target', evidence: 'within_noise' });
    expect(await judge([slow], 500)).toMatchObject({ status: 'exceeded', evidence: 'within_noise' });
  });

  it('has moved where the difference of both medians leaves no doubt', async () => {
    expect((await judge([quick, slow], 24)).movement).toBe('worsened');
    const slower = leadsOf(
      '2026-01-10',
      [6, 6, 6, 7, 10, 13, 16, 20, 24],
      [6, 9, 10, 11, 17, 19, 20, 25, 32],
    );
    expect((await judge([slower, slow], 24)).movement).toBe('no_evidence');
  });

  it('says nothing where few have ended', async () => {
    const few = leadsOf('2026-02-10', [1, 2, 3, 4, 5], [6]);
    expect(await judge([quick, few], 24)).toMatchObject({
      value: 3,
      evidence: 'unknown',
      movement: 'no_evidence',
    });
  });
});
