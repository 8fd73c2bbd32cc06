import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import type { ScheduledJob } from '../../src/model/operations.ts';
import { createRandom } from '../../src/sandbox/random.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { nextDue } from '../../src/schedule/due.ts';
import { makeWorkspace, type TestWorkspace } from './cli.ts';
import { type Crm, goals, sandboxDefaults } from './crms.ts';
import { runNight } from './night-command.ts';
import { type Dump, dumpStore } from './store-dump.ts';

const program = fileURLToPath(new URL('./night-process.ts', import.meta.url));

export const nightly: ScheduledJob = {
  id: 'nightly',
  run: 'all',
  cron: '30 2 * * *',
  timeZone: 'Europe/Madrid',
  connections: [],
  deadlineMs: null,
  jitterMs: 0,
  catchUpMs: null,
  overlap: 'skip',
};

/** A workspace and its CRM, both by clocks that the test moves. */
export interface World extends AsyncDisposable {
  readonly crm: Crm;
  readonly sandbox: Sandbox;
  readonly workspace: TestWorkspace;
  /** What people do; the same in every world. */
  readonly random: ReturnType<typeof createRandom>;
  /** When trouble strikes. */
  readonly chance: ReturnType<typeof createRandom>;
}

export async function openWorld(crm: Crm, { size, from }: { size: number; from: number }): Promise<World> {
  const sandbox = await crm.start({ ...sandboxDefaults, size, now: from, standing: true });
  // Within a standing second every search is one too many.
  if ('limits' in sandbox) Object.assign(Object(sandbox.limits), { searchPerSecond: 1_000_000 });
  const text = `${crm.settings(sandbox)}${goals}history: 4\n`;
  const workspace = await makeWorkspace(text, crm.secret(sandbox));
  return {
    crm,
    sandbox,
    workspace,
    random: createRandom(30),
    chance: createRandom(31),
    async [Symbol.asyncDispose]() {
      await sandbox[Symbol.asyncDispose]();
      await workspace[Symbol.asyncDispose]();
    },
  };
}

/** Every night at 02:30 in Madrid, as the program's own schedule finds them: once in October's, after the gap in March's. */
export function nightsFrom(day: string, count: number, job: ScheduledJob): readonly number[] {
  const nights: number[] = [];
  let after = Date.parse(`${day}T12:00:00Z`);
  while (nights.length < count) {
    const due = nextDue(job, after);
    if (due === null) throw new Error('the job is never due');
    nights.push(due);
    after = due;
  }
  return nights;
}

export interface Ended {
  readonly code: number | null;
  readonly calls: number;
  readonly stdout: string;
}

export interface NightRun {
  readonly args?: readonly string[];
  /** In a process of its own that gets this signal after so long. */
  readonly end?: { readonly signal: NodeJS.Signals; readonly afterMs: number };
}

export async function runAt(
  world: World,
  at: number,
  { args = ['run'], end }: NightRun = {},
): Promise<Ended> {
  const { crm, sandbox, workspace } = world;
  moveClock(sandbox, at);
  const before = sandbox.requests.length;
  const place = { cwd: workspace.folder, env: crm.secret(sandbox) };
  const lines: string[] = [];
  const { signal } = new AbortController();
  const code = end
    ? await runKilled([String(at), ...args], { ...place, end })
    : await runNight({ at, args, ...place, signal, out: (line) => lines.push(line) });
  return { code, calls: sandbox.requests.length - before, stdout: lines.join('\n') };
}

async function runKilled(
  args: readonly string[],
  {
    cwd,
    env,
    end,
  }: Required<Pick<NightRun, 'end'>> & {
    readonly cwd: string;
    readonly env: Readonly<Record<string, string | undefined>>;
  },
): Promise<number | null> {
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const timer = setTimeout(() => child.kill(end.signal), end.afterMs);
  const [code] = await once(child, 'close');
  clearTimeout(timer);
  return code;
}

function moveClock(sandbox: Sandbox, at: number): void {
  if (at > sandbox.now()) sandbox.advance(at - sandbox.now());
}

const words = {
  salesforce: {
    deal: 'Opportunity',
    amount: 'Amount',
    won: { StageName: 'Closed Won' },
    closed: 'CloseDate',
    newDeal: { Name: 'New', StageName: 'Prospecting', CloseDate: '2027-06-30' },
    ticket: 'Case',
    solved: { Status: 'Closed' },
    newTicket: { Subject: 'Help', Status: 'New' },
  },
  hubspot: {
    deal: 'deals',
    amount: 'amount',
    won: { dealstage: 'closedwon' },
    closed: 'closedate',
    newDeal: { dealname: 'New', pipeline: 'default', dealstage: 'appointmentscheduled' },
    ticket: 'tickets',
    solved: { hs_pipeline_stage: '4' },
    newTicket: { subject: 'Help', hs_pipeline: '0', hs_pipeline_stage: '1' },
  },
} as const;

/** What people do in the CRM in the ten hours before a night. */
export function workDay({ crm, sandbox, random }: World, night: number): void {
  moveClock(sandbox, night - 10 * 3_600_000);
  const { deal, amount, won, closed, newDeal, ticket, solved, newTicket } = words[crm.name];
  const today = new Date(sandbox.now()).toISOString().slice(0, 10);
  const pick = (object: string) => {
    const ids = sandbox.ids(object);
    return ids[Math.floor(random.next() * ids.length)] ?? '';
  };
  for (let i = 0; i < 3; i++) {
    sandbox.put(deal, { [amount]: String(Math.floor(random.next() * 90_000)) }, pick(deal));
    sandbox.advance(600_000);
  }
  sandbox.put(deal, { ...won, [closed]: today }, pick(deal));
  sandbox.put(deal, { ...newDeal, [amount]: '1200' });
  sandbox.put(ticket, newTicket);
  sandbox.advance(600_000);
  sandbox.put(ticket, solved, pick(ticket));
  if (random.next() < 0.3) sandbox.remove(deal, pick(deal));
  if (random.next() < 0.2) sandbox.remove(ticket, pick(ticket), 'purge');
}

/** That the history of a deleted deal has gone is found on one night of the week, which may have been a lost one. */
const goneWord = (table: string) => `["deleted_at",${table === 'change' ? null : true}]`;

/** A record that a sync finds gone was found when that sync ran; the rest is compared as it is. */
export function storeOf({ workspace }: World): Dump {
  const path = join(workspace.folder, 'data', 'crm-kpi.db');
  const { result: _, published = [], ...rest } = dumpStore(path);
  const rows = Object.entries(rest).map(([table, lines]) => [
    table,
    lines.map((line) => line.replace(/\["deleted_at",\d+\]/, goneWord(table))).sort(),
  ]);
  const shown = published.filter((line) => !line.includes('"_status"'));
  return {
    ...Object.fromEntries(rows),
    // In which order the CRM gave its ids depends on the order of the nights.
    published: shown.map((line) => line.replace(/,\["remote_id",[^\]]*\]/, '')),
    newest: newestResults(path),
  };
}

const tellsWhen = new Set(['id', 'as_of', 'evaluation_id', 'restatement', 'supersedes']);

function newestResults(path: string): readonly string[] {
  const handle = new Database(path, { readonly: true });
  try {
    return handle
      .prepare<unknown[], Record<string, unknown>>(
        // A withdrawn row is what the last night before said, and that night may have been a lost one.
        "SELECT result.* FROM result_newest JOIN result USING (id) WHERE state = 'current'",
      )
      .all()
      .map((row) => JSON.stringify(Object.entries(row).filter(([column]) => !tellsWhen.has(column))))
      .sort();
  } finally {
    handle.close();
  }
}

/** When figures last changed, what changes without counting as a change, and the CRM's own numbering lie outside. */
const outside =
  /^(id|name|data_as_of|forecast|explanation|hs_.*|hubspot_owner_assigneddate|createdate|createdat|updatedat|createddate|systemmodstamp|lastmodified.*|lastviewed.*|lastreferenced.*|attributes|objecttype|history.*)$/;

export function recordsOf({ crm, sandbox }: World): Dump {
  const records = sandbox.ids(crm.resultObject).map((id) => sandbox.get(crm.resultObject, id) ?? {});
  const lines = records
    .filter((record) => crm.keyOf(record) !== '_status')
    .map((record) =>
      JSON.stringify(
        Object.entries(Object(record.properties ?? record))
          .filter(([name]) => !outside.test(plainName(name)))
          .sort(),
      )
        // Links name the sandbox, and each world has its own.
        .replaceAll(sandbox.url, ''),
    );
  return { records: lines.sort() };
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/__c$/, '');
}
