import { describe, expect, it } from 'vitest';
import type { EvaluateSettings } from '../../src/evaluate/desk.ts';
import { goalOf } from '../model/samples.ts';
import { localDay } from './oracle-clock.ts';
import { drawWorld } from './oracle-draw.ts';
import { fillWorkspace } from './oracle-fill.ts';
import { worldAt } from './oracle-past.ts';
import { lastInstant, type World } from './oracle-world.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

const kinds = [
  'owner',
  'team',
  'pipeline',
  'category',
  'case_category',
  'priority',
  'source',
  'type',
  'stage',
];
const settings: Partial<EvaluateSettings> = {
  grains: ['week', 'month', 'quarter'],
  segments: ['company', ...kinds],
  history: 12,
};
const now = new Date(lastInstant).toISOString();
/** An autumn day before people changed teams, the end of a month, noon of a day in winter. */
const days = ['2025-10-09T22:00:00Z', '2025-11-30T23:00:00Z', '2026-02-11T11:00:00Z'];

/** What a CRM showed on a day. */
function shownAt(world: World, at: string): World {
  const asOf = Date.parse(at);
  const then = worldAt(world, asOf);
  return {
    ...then,
    sends: then.sends.filter(({ sentAt }) => sentAt < asOf),
    answers: then.answers.filter(({ sentAt }) => sentAt === null || sentAt < asOf),
  };
}

async function evaluatedOn(world: World, at: string): Promise<Printed> {
  await using workspace = await openWorkspace();
  await fillWorkspace(workspace, shownAt(world, at), Date.parse(at));
  await workspace.evaluate(at, settings);
  return await printed(workspace, at);
}

/** How well records were filled in was only to be seen on the day itself. */
const unseen = 'field_fill_rate';

/** Everything but what the order of evaluations decides, by series and period. */
type Printed = ReadonlyMap<string, Readonly<Record<string, string>>>;

async function printed(workspace: Workspace, at: string): Promise<Printed> {
  const results = (await workspace.results(at)).filter(({ kpi }) => kpi !== unseen);
  return new Map(
    results.map(({ id: _, asOf: __, stage: ___, supersedes: ____, restatement: _____, ...rest }) => [
      [rest.kpi, rest.grain, rest.periodStart, rest.segment.kind, rest.segment.id, rest.goal].join(' '),
      Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, JSON.stringify(value)])),
    ]),
  );
}

/** A few of those that only one of two lists has, or that say something else there. */
function listDifferences(got: Printed, wanted: Printed): readonly string[] {
  const told = [...wanted].flatMap(([key, row]) => {
    const found = got.get(key);
    if (!found) return [`${key} is not there`];
    const names = Object.keys({ ...row, ...found }).filter((name) => row[name] !== found[name]);
    return names.map((name) => `${key} ${name} is ${found[name]}, not ${row[name]}`);
  });
  const firsts = new Map<string, string>();
  for (const { grain = '', periodStart = '' } of wanted.values())
    if (periodStart < (firsts.get(grain) ?? '~')) firsts.set(grain, periodStart);
  // Evaluations of earlier days leave what is older than the history asked for, and a 0 where something has gone since.
  const extra = [...got].filter(
    ([key, { grain = '', periodStart = '', n }]) =>
      !wanted.has(key) && periodStart >= (firsts.get(grain) ?? '') && n !== '0',
  );
  return [...told, ...extra.map(([key]) => `${key} is too much`)].slice(0, 8);
}

/** What an earlier evaluation has published of a period stands as long as its figures do. */
const figures = ['num', 'den', 'value', 'n', 'nMissing', 'statistics', 'complete'] as const;

const onlyFigures = (all: Printed): Printed =>
  new Map(
    [...all].map(([key, row]) => [
      key,
      {
        ...Object.fromEntries(figures.map((name) => [name, row[name] ?? ''])),
        grain: row.grain ?? '',
        periodStart: row.periodStart ?? '',
      },
    ]),
  );

describe('as of an earlier day', { timeout: 300_000 }, () => {
  it.each(days)(
    'every result of %s is what it was then, though the store knows all that came since',
    async (at) => {
      const world = drawWorld(21, localDay);
      await using workspace = await openWorkspace();
      await fillWorkspace(workspace, world);
      await workspace.evaluate(at, settings, { now });
      const results = await printed(workspace, at);
      expect(listDifferences(results, await evaluatedOn(world, at))).toEqual([]);
      expect(results.size).toBeGreaterThan(9000);
    },
  );

  it('one day after the other, and the present after them, are what each was', async () => {
    const world = drawWorld(22, localDay);
    await using workspace = await openWorkspace();
    await fillWorkspace(workspace, world);
    for (const at of [...days, now]) {
      await workspace.evaluate(at, settings, { now });
      const [got, wanted] = [await printed(workspace, at), await evaluatedOn(world, at)];
      expect(listDifferences(onlyFigures(got), onlyFigures(wanted))).toEqual([]);
    }
  });

  it('looking back between two nights writes nothing, and the next night goes on as if nobody had', async () => {
    const world = drawWorld(23, localDay);
    await using workspace = await openWorkspace();
    const goals = [goalOf({ kpi: 'win_rate', segments: ['company', 'owner'] })];
    const judged = { ...settings, grains: ['month'] as const, goals };
    const [, before = '', day = ''] = days;
    for (const at of [before, day]) {
      await fillWorkspace(workspace, shownAt(world, at), Date.parse(at));
      await workspace.evaluate(at, judged);
    }
    const told = await printed(workspace, before);
    const again = await workspace.evaluate(before, judged, { now: day });
    expect(again.kpis.filter(({ appended, withdrawn }) => appended + withdrawn > 0)).toEqual([]);
    expect(listDifferences(await printed(workspace, before), told)).toEqual([]);
    await fillWorkspace(workspace, world);
    await workspace.evaluate(now, judged);
    const results = await printed(workspace, now);
    await workspace.evaluate(now, judged, { afresh: true });
    expect(listDifferences(await printed(workspace, now), results)).toEqual([]);
  });
});
