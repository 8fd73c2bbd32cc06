import { expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { makeWorkspace } from '../acceptance/cli.ts';
import { crms, sandboxDefaults } from '../acceptance/crms.ts';

const places = {
  salesforce: {
    object: 'Task',
    done: { Status: 'Completed' },
    subject: (record: Readonly<Record<string, unknown>>) => String(record.Subject ?? ''),
  },
  hubspot: {
    object: 'tasks',
    done: { hs_task_status: 'COMPLETED' },
    subject: ({ properties }: Readonly<Record<string, unknown>>) =>
      String(new Map(Object.entries((properties ?? {}) as object)).get('hs_task_subject') ?? ''),
  },
} as const;

interface Listed {
  readonly id: number;
  readonly state: string;
  readonly finishedOn: string | null;
  readonly owner: { readonly id: string | null } | null;
  readonly task: { readonly remoteId: string | null; readonly problem: string | null } | null;
}

it.each(crms)(
  '$name: an accepted action becomes one task of its owner, and is done when the task is',
  { timeout: 300_000 },
  async (crm) => {
    await using sandbox = await crm.start({ ...sandboxDefaults, now: Date.now(), size: 100 });
    const goals = 'kpis: [win_rate]\ngoals:\n  - { kpi: win_rate, every: month, atLeast: 0.20 }\n';
    await using workspace = await makeWorkspace(crm.settings(sandbox) + goals, crm.secret(sandbox));
    await workspace.json('install', 'crm', '--yes');
    await workspace.json('run');
    const title = 'Workshop on qualifying deals';
    const [added] = await workspace.json<Listed[]>(
      'actions',
      'add',
      title,
      '--kpi',
      'win_rate',
      '--type',
      'training',
    );
    expect(added).toMatchObject({ id: 1, state: 'proposed' });
    const owner = await anOwner(workspace.json);
    const [accepted] = await workspace.json<Listed[]>('actions', 'accept', '1', '--owner', owner, '--task');
    expect(accepted?.owner?.id).toBe(owner);

    const place = places[crm.name];
    const written = () =>
      sandbox
        .ids(place.object)
        .filter((id) => place.subject(read(sandbox, place.object, id)).includes(title));
    expect(written()).toHaveLength(0);
    await workspace.json('publish');
    await workspace.json('publish');
    const [made] = written();
    expect(written()).toHaveLength(1);
    const [listed] = await workspace.json<Listed[]>('actions', 'list');
    expect(listed?.task).toMatchObject({ remoteId: made, problem: null });

    sandbox.put(place.object, place.done, made);
    await workspace.json('sync');
    const [after] = await workspace.json<Listed[]>('actions', 'list');
    expect(after).toMatchObject({ state: 'done', finishedOn: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) });
    await workspace.json('publish');
    expect(written()).toHaveLength(1);
  },
);

function read(sandbox: Sandbox, object: string, id: string): Readonly<Record<string, unknown>> {
  return sandbox.get(object, id) ?? {};
}

/** Whoever owns results of their own. */
async function anOwner(json: <T>(...args: readonly string[]) => Promise<T>): Promise<string> {
  const results = await json<{ segment: { kind: string; id: string } }[]>('results', '--segment', 'owner');
  const owner = results.map(({ segment }) => segment.id).find((id) => id !== '(none)');
  if (!owner) throw new Error('no owner has results');
  return owner;
}
