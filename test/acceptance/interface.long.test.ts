import { beforeAll, describe, expect, it } from 'vitest';
import { type CliEnd, makeWorkspace, runCli, type TestWorkspace } from './cli.ts';
import { crms, goals, sandboxDefaults } from './crms.ts';

const [salesforce] = crms;
const asOf = ['--as-of', '2026-11-20T08:00:00Z'] as const;

interface RunJson {
  readonly sync: readonly {
    readonly object: string;
    readonly complete: { readonly amounts: readonly { readonly ours: number }[] | null } | null;
  }[];
  readonly evaluate: { readonly asOf: string };
}

interface ResultJson {
  readonly num: number;
  readonly trend: { readonly slope: number } | null;
}

interface Failed {
  readonly code: number | null;
  readonly error: {
    readonly kind: string;
    readonly where: string;
    readonly message: string;
    readonly fix: string;
  };
}

async function failureOf(workspace: TestWorkspace, ...args: readonly string[]): Promise<Failed> {
  const { code, stdout } = await workspace.run(...args, '--json');
  return { code, ...JSON.parse(stdout) };
}

const refusals = [
  [['results', '--as-of', '2026-02-30'], '--as-of'],
  [['results', '--as-of', '2026-02-30T10:00:00Z'], '--as-of'],
  [['sync', '--since', '2026-02-30'], '--since'],
  [['results', '--period', 'october'], '--period'],
  [['results', '--segment', 'planet'], '--segment'],
  [['results', '--segment', 'ownr:1'], '--segment'],
  [['results', '--kpi', 'win_rat'], '--kpi'],
  [['explain', 'win_rate', '--period', 'october'], '--period'],
  [['report', '--out', 'a.html', '--period', 'october'], '--period'],
] as const;
const readers = ['results', 'explain win_rate', 'findings', 'publish --dry-run', 'baseline', 'doctor'];

/** What a run left behind, gathered once for all that follows. */
async function gather() {
  await using sandbox = await salesforce.start({ ...sandboxDefaults, size: 120 });
  await using workspace = await makeWorkspace(
    `${salesforce.settings(sandbox)}${goals}`,
    salesforce.secret(sandbox),
  );
  await workspace.json('install', 'crm', '--yes');
  const run = await workspace.json<RunJson>('run', ...asOf);
  const failures: Failed[] = [];
  for (const [args] of refusals) failures.push(await failureOf(workspace, ...args));
  const ends: CliEnd[] = [];
  for (const reader of readers) ends.push(await workspace.run(...reader.split(' '), ...asOf, '--json'));
  return {
    run,
    failures,
    ends,
    consent: await failureOf(workspace, 'unpublish', 'crm'),
    revenue: await workspace.json<readonly ResultJson[]>(
      ...['results', '--kpi', 'revenue_won', '--grain', 'month', '--segment', 'company', ...asOf],
    ),
    amounts: sandbox.ids('Opportunity').map((id) => Number(sandbox.get('Opportunity', id)?.Amount ?? 0)),
  };
}

describe('after a run', () => {
  let seen: Awaited<ReturnType<typeof gather>>;
  beforeAll(async () => {
    seen = await gather();
  }, 240_000);

  it('words that nothing bears are refused with 2 and name their flag', () => {
    for (const [index, [args, where]] of refusals.entries())
      expect(seen.failures[index], args.join(' ')).toMatchObject({
        code: 2,
        error: { kind: 'usage', where },
      });
    expect(seen.failures[5]?.error.fix).toBe('Did you mean owner?');
  });

  it('instants are ISO, and money is in major units, in the proof of completeness and in trends too', () => {
    expect(seen.run.evaluate.asOf).toBe('2026-11-20T08:00:00.000Z');
    const deals = seen.run.sync.find(({ object }) => object === 'Opportunity');
    const total = seen.amounts.reduce((sum, amount) => sum + amount, 0);
    expect(deals?.complete?.amounts).toEqual([expect.objectContaining({ ours: expect.closeTo(total, 2) })]);
    const most = Math.max(...seen.revenue.map(({ num }) => num));
    const trends = seen.revenue.flatMap(({ trend }) => (trend ? [trend] : []));
    expect(trends.length).toBeGreaterThan(0);
    for (const { slope } of trends) expect(Math.abs(slope)).toBeLessThan(most);
  });

  it('readers print one JSON document and nothing else on stdout', () => {
    for (const [index, { code, stdout }] of seen.ends.entries()) {
      expect(code, readers[index]).toBe(0);
      expect(() => JSON.parse(stdout)).not.toThrow();
    }
  });

  it('what would change a CRM is not done unasked, and the message claims no plan that was not shown', () => {
    expect(seen.consent).toMatchObject({
      code: 2,
      error: { kind: 'usage', message: expect.not.stringContaining('shown') },
    });
  });
});

it('check asks for no place to write to where nothing is written', { timeout: 60_000 }, async () => {
  await using sandbox = await salesforce.start({ ...sandboxDefaults, size: 10 });
  const settings = salesforce.settings(sandbox);
  const targetsOf = async (text: string) => {
    await using workspace = await makeWorkspace(text, salesforce.secret(sandbox));
    const found = await workspace.json<readonly { check: string; fix: string | null }[]>('check');
    return found.filter(({ check }) => check === 'target');
  };
  expect(await targetsOf(settings)).toEqual([
    expect.objectContaining({ ok: false, fix: expect.stringContaining('crm-kpi install crm') }),
  ]);
  expect(await targetsOf(settings.replace('publish: true', 'publish: false'))).toEqual([]);
});

it('the demo prints one JSON document, with what stands in the CRMs', { timeout: 120_000 }, async () => {
  const { code, stdout } = await runCli(['demo', '--no-serve', '--size', '60', '--json'], {
    cwd: process.cwd(),
  });
  expect(code).toBe(0);
  const shown = JSON.parse(stdout);
  expect(shown.results.length).toBeGreaterThan(3);
  expect(shown.writtenBack).toEqual([
    expect.objectContaining({ connector: 'salesforce', records: expect.any(Number) }),
    expect.objectContaining({ connector: 'hubspot', records: expect.any(Number) }),
  ]);
  expect(shown.dashboard).toBeNull();
});
