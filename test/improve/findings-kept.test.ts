import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/model/finding.ts';
import { makeWorkspace } from '../acceptance/cli.ts';
import { openTempStore } from '../store/temp-store.ts';

function finding(id: string, priority = 10): Finding {
  return {
    ...{
      id,
      detector: 'overdue_tasks',
      kind: 'inefficiency',
      subject: null,
      kpi: null,
      goal: null,
      effort: 'S',
    },
    segment: { kind: 'company', id: null, name: null, source: null },
    ...{
      title: { en: id, es: id },
      rule: { en: 'rule', es: 'regla' },
      evidence: { n: 3, share: 0.25, note: null },
    },
    records: [{ source: 'crm', table: 'activity', id: 'a', measure: 4 }],
    teams: [{ source: 'crm', id: 't', name: 'T', num: 1, den: 2, low: 0.1, high: 0.9, named: false }],
    ...{ reach: 0.5, impact: 20, urgency: 50, priority, quadrant: 'quick_fix' },
  };
}

const none = { findings: [], silences: [] };

describe('findings in the store', () => {
  it('come back as they were saved, in their order', async () => {
    await using temp = await openTempStore();
    const findings = [finding('b', 30), finding('a')];
    const silences = [{ detector: 'kb_gap', reason: { en: 'why', es: 'por qué' } }];
    await temp.store.saveFindings(100, { findings, silences });
    expect(await temp.store.findings(100)).toEqual(
      findings.map((one) => ({ ...one, firstSeenAt: 100, lastSeenAt: 100, closedAt: null })),
    );
    expect(await temp.store.silences(150)).toEqual(silences);
  });

  it('are closed by the first detection that no longer finds them, and open again with the first date', async () => {
    await using temp = await openTempStore();
    const { store } = temp;
    await store.saveFindings(100, { findings: [finding('a'), finding('b')], silences: [] });
    await store.saveFindings(200, { findings: [finding('b')], silences: [] });
    await store.saveFindings(300, none);
    await store.saveFindings(400, { findings: [finding('b')], silences: [] });
    const seen = async (asOf: number) =>
      (await store.findings(asOf, { all: true })).map((one) => [
        one.id,
        one.firstSeenAt,
        one.lastSeenAt,
        one.closedAt,
      ]);
    expect(await seen(450)).toEqual([
      ['b', 100, 400, null],
      ['a', 100, 100, 200],
    ]);
    expect(await seen(250)).toEqual([
      ['b', 100, 200, null],
      ['a', 100, 100, 200],
    ]);
    expect((await store.findings(350)).map(({ id }) => id)).toEqual([]);
    expect(await store.latestDetection(99)).toBeNull();
  });

  it('are replaced when the same instant is evaluated again', async () => {
    await using temp = await openTempStore();
    await temp.store.saveFindings(100, { findings: [finding('a')], silences: [] });
    await temp.store.saveFindings(100, { findings: [finding('b')], silences: [] });
    expect((await temp.store.findings(100, { all: true })).map(({ id }) => id)).toEqual(['b']);
  });
});

const settings = `timeZone: Europe/Madrid
currency: EUR
language: es
connections:
  work: { connector: csv, path: "./activity.csv", object: activity }
`;

/** Ten open tasks: so many of them due in September. */
function tasks(overdue: number): string {
  const rows = Array.from({ length: 10 }, (_, i) =>
    [`t${i}`, 'task', 'open', i < overdue ? '2026-09-30' : '2026-12-31', '2026-09-01T09:00:00Z'].join(','),
  );
  return ['id,kind,status,due_on,created_at', ...rows].join('\n');
}

interface FindingsJson {
  readonly asOf: string;
  readonly findings: readonly { readonly id: string; readonly title: string; readonly state: string }[];
  readonly silences: readonly unknown[];
}

describe('crm-kpi findings', () => {
  it('lists what the latest evaluation found, and shows one with its records', {
    timeout: 120_000,
  }, async () => {
    await using workspace = await makeWorkspace(settings);
    const early = await workspace.run('findings');
    expect(early.code).toBe(2);
    expect(early.stderr).toContain('crm-kpi run');
    await writeFile(`${workspace.folder}/activity.csv`, tasks(3));
    await workspace.json('sync');
    await workspace.json('evaluate', '--as-of', '2026-09-30');
    await workspace.json('evaluate', '--as-of', '2026-10-31');

    const before = await workspace.json<FindingsJson>('findings', '--as-of', '2026-10-15');
    expect(before.findings.filter(({ id }) => id.startsWith('overdue_tasks'))).toEqual([]);
    const { findings } = await workspace.json<FindingsJson>('findings', '--detector', 'overdue_tasks');
    expect(findings).toMatchObject([
      {
        ...{ id: 'overdue_tasks|company', kind: 'inefficiency', state: 'open', quadrant: 'watch' },
        title: 'El 30 % de las tareas abiertas están vencidas: 3 de 10.',
        evidence: { overdue: 3, open_tasks: 10, share: 0.3 },
        records: [{ object: 'activity', measure: 31 }, { object: 'activity' }, { object: 'activity' }],
      },
    ]);
    const table = await workspace.run('findings');
    expect(table.stdout).toContain('El 30 % de las tareas abiertas están vencidas');
    expect(table.stdout).toContain('Sin examinar:');
    const shown = await workspace.run('findings', 'show', 'overdue_tasks');
    expect(shown.stdout).toContain('Regla: El 20 % o más de las tareas abiertas');
    expect((await workspace.run('findings', 'show', 'nothing')).code).toBe(2);
  });
});
