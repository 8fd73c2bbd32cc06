import { expect, it } from 'vitest';
import type { EvaluateSettings } from '../../src/evaluate/desk.ts';
import { createDraw } from './random-company.ts';
import { drawNights, live, type Night } from './random-nights.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const first = Date.parse('2025-12-20T02:30:00Z');
const settings: Partial<EvaluateSettings> = {
  grains: ['month', 'quarter', 'year'],
  segments: ['company', 'owner', 'team', 'channel', 'category'],
  history: 8,
};

/** What a night may bring, beside what is named, is nothing. */
function nightOf(at: number, more: Partial<Night>): Night {
  return { at, rows: {}, gone: {}, merged: [], memberships: [], ...more };
}

async function figuresOf(workspace: Workspace): Promise<readonly string[]> {
  const rows = await workspace.resultRows();
  return rows
    .map(({ id: _, evaluation_id: __, supersedes: ___, restatement: ____, ...row }) => JSON.stringify(row))
    .sort();
}

interface Lived {
  readonly figures: readonly string[];
  /** Results looked at in the last night, by KPI. */
  readonly looked: ReadonlyMap<string, number>;
}

async function liveThrough(nights: readonly Night[], afresh: boolean): Promise<Lived> {
  await using workspace = await openWorkspace('Europe/Madrid');
  let looked: Lived['looked'] = new Map();
  for (const night of nights) {
    await live(workspace, night);
    const report = await workspace.evaluate(new Date(night.at).toISOString(), settings, { afresh });
    looked = new Map(report.kpis.map(({ kpi, results }) => [kpi, results]));
  }
  return { figures: await figuresOf(workspace), looked };
}

interface Case {
  readonly what: string;
  readonly hours: number;
  readonly night: Partial<Night>;
  /** KPIs of which only some results are looked at. */
  readonly few: readonly string[];
}

const reply = {
  id: 't3',
  created_at: first - 20 * dayMs,
  channel: 'mail',
  owner_id: 'U1',
  is_closed: 0,
  status: 'fresh',
};
const approach = {
  id: 'call1',
  kind: 'call',
  status: 'done',
  direction: 'outbound',
  automated: 0,
  created_by_id: 'U3',
};

const cases: readonly Case[] = [
  {
    what: 'somebody changes teams',
    hours: 0,
    night: { memberships: [{ actorId: 'U2', teams: [{ teamId: 'T1', primary: true }] }] },
    few: ['win_rate', 'open_deals', 'activities_completed', 'first_response_hours'],
  },
  {
    what: 'somebody is seen in a team for the first time, which holds for all earlier time',
    hours: 24,
    night: { memberships: [{ actorId: 'U3', teams: [{ teamId: 'T2', primary: true }] }] },
    few: ['win_rate'],
  },
  {
    what: 'a team gets another name',
    hours: 0,
    night: { rows: { team: [{ id: 'T2', name: 'South', parent_id: 'T1' }] } },
    few: [],
  },
  {
    what: 'a reply comes late',
    hours: 0,
    night: { rows: { ticket: [{ ...reply, first_reply_at: first - 2 * hourMs }] } },
    few: ['first_response_hours', 'case_load'],
  },
  {
    what: 'a lead is answered, by what stands with its contact',
    hours: 3,
    night: {
      rows: {
        lead: [{ id: 'L2', created_at: first - 9 * dayMs, owner_id: 'U1', source: 'web', contact_id: 'P9' }],
        activity: [
          { ...approach, created_at: first - 8 * dayMs, done_at: first - 7 * dayMs, person_id: 'P9' },
        ],
      },
    },
    few: ['lead_response_hours'],
  },
  {
    what: 'activities are deleted, the only ones of a day among them',
    hours: 0,
    night: { gone: { activity: Array.from({ length: 25 }, (_, place) => `a${place}`) } },
    few: [],
  },
  {
    what: 'a lead is deleted',
    hours: 24,
    night: { gone: { lead: ['L3', 'L4'] } },
    few: [],
  },
  {
    what: 'a newer answer about the same ticket comes',
    hours: 24,
    night: {
      rows: {
        survey_answer: [
          {
            id: 'again',
            kind: 'csat',
            ticket_id: 't1',
            owner_id: 'U2',
            sent_at: first,
            answered_at: first,
            score: 5,
            scale_min: 0,
            scale_max: 5,
          },
        ],
      },
    },
    few: ['csat'],
  },
  { what: 'a month and a year turn', hours: 24 * 13, night: {}, few: [] },
];

it.each(cases)('a night in which $what reads as if all were read', { timeout: 120_000 }, async (one) => {
  const [start] = drawNights(createDraw(3), { first, count: 1 });
  if (!start) throw new Error('no night');
  const nights = [start, nightOf(first + one.hours * hourMs, one.night)];
  const changed = await liveThrough(nights, false);
  const whole = await liveThrough(nights, true);
  expect(changed.figures).toEqual(whole.figures);
  for (const kpi of one.few) expect(changed.looked.get(kpi), kpi).toBeLessThan(whole.looked.get(kpi) ?? 0);
});
