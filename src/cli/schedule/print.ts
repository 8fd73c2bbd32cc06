import { existsSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import { parse } from 'yaml';
import { readEnvFile } from '../../config/env-file.ts';
import { RunError } from '../../model/errors.ts';
import type { ScheduledJob } from '../../model/operations.ts';
import type { Settings } from '../../model/settings.ts';
import { printCrontab } from '../../schedule/print-crontab.ts';
import { printDocker } from '../../schedule/print-docker.ts';
import type { PrintedFile, PrintedJob, PrintFacts } from '../../schedule/print-facts.ts';
import { printKubernetes } from '../../schedule/print-kubernetes.ts';
import { printSystemd } from '../../schedule/print-systemd.ts';
import type { CommandContext, ExitCode } from '../context.ts';
import { readSettings } from '../read-settings.ts';
import { jobCommand, programFile } from './child.ts';

const printers: Readonly<Record<string, (facts: PrintFacts) => readonly PrintedFile[]>> = {
  systemd: printSystemd,
  crontab: printCrontab,
  docker: printDocker,
  kubernetes: printKubernetes,
};

/** Prints what another scheduler needs to run the jobs of the settings. */
export async function printSchedule(context: CommandContext, kind: string | undefined): Promise<ExitCode> {
  const print = kind === undefined ? undefined : printers[kind];
  if (!print) {
    throw new RunError('usage', {
      where: kind ?? 'schedule print',
      message: 'Nothing can be printed for that.',
      fix: `Use one of: ${Object.keys(printers).join(', ')}.`,
    });
  }
  const { settings } = await readSettings(context);
  const files = print(await gatherFacts(settings, context));
  if (context.flags.json) context.out(JSON.stringify({ files }));
  else
    for (const { path, text } of files) context.out(files.length > 1 ? `# ${path}\n${text}` : text.trimEnd());
  return 0;
}

async function gatherFacts(settings: Settings, context: CommandContext): Promise<PrintFacts> {
  const { folder, file, store, metrics } = settings;
  const { values } = readEnvFile(join(folder, '.env'));
  const text = readFileSync(file, 'utf8');
  const allSecrets = variablesIn(text);
  const textfile = metrics?.textfile ? [dirname(metrics.textfile)] : [];
  return {
    jobs: [...jobsOf(settings).map(toPrinted), ...sendingJob(settings)],
    node: process.execPath,
    program: programFile(),
    folder,
    settingsFile: file,
    writes: [...new Set([dirname(store), ...textfile])],
    version: context.version,
    user: runsAs(),
    secrets: allSecrets.filter((name) => !Object.hasOwn(values, name)),
    allSecrets,
    reads: filesNamedIn(parse(text), settings),
    network: networkVariables.filter((name) => context.env[name]),
    hasKpis: existsSync(join(folder, 'kpis')),
  };
}

/** What Node and this program read to reach the network. */
const networkVariables = [
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'NO_PROXY',
  'https_proxy',
  'http_proxy',
  'no_proxy',
  'NODE_EXTRA_CA_CERTS',
];

/** A job of that kind should not be root. */
function runsAs(): string {
  const { username, uid } = userInfo();
  return uid === 0 ? 'crm-kpi' : username;
}

/** Without a schedule in the settings: the usual one. */
function jobsOf({ schedule, calendar }: Settings): readonly ScheduledJob[] {
  const hasJob = schedule.some(({ run }) => run !== 'report');
  return hasJob ? schedule : [makeJob('30 2 * * *', calendar.timeZone), ...schedule];
}

/** Messages that wait for the end of quiet hours or for a digest need somebody to send them then. */
function sendingJob({ alerts, calendar }: Settings): readonly PrintedJob[] {
  const waits = alerts.some(({ quietHours, digestMinute }) => quietHours !== null || digestMinute !== null);
  if (!waits) return [];
  return [{ job: makeJob('*/15 * * * *', calendar.timeZone), command: ['alerts', 'send'] }];
}

function makeJob(cron: string, timeZone: string): ScheduledJob {
  return {
    id: cron,
    run: 'all',
    connections: [],
    cron,
    timeZone,
    jitterMs: 0,
    catchUpMs: null,
    overlap: 'skip',
    deadlineMs: null,
  };
}

function toPrinted(job: ScheduledJob): PrintedJob {
  return { job, command: jobCommand(job) };
}

/** Files and folders of the workspace that stand in the settings, a pattern by its folder. */
function filesNamedIn(value: unknown, { folder, store }: Settings): readonly string[] {
  const found = new Set<string>();
  for (const text of textsIn(value)) {
    const name = /^\$\{file:(.+)\}$/.exec(text)?.[1] ?? text;
    const plain = name.split(/[*?[{]/)[0] ?? '';
    const path = plain === name ? plain : dirname(`${plain}x`);
    if (!/[./]/.test(name) || /^\w+:/.test(name) || isAbsolute(path)) continue;
    const inside = normalize(path).replace(/[\\/]$/, '');
    const isOwn =
      inside === '.' ||
      inside === 'kpis' ||
      join(folder, inside) === dirname(store) ||
      inside.startsWith('..');
    if (!isOwn && join(folder, inside) !== store && existsSync(join(folder, inside))) found.add(inside);
  }
  return [...found].sort();
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** Names of the environment variables that a settings file asks for, outside its comments. */
function variablesIn(text: string): readonly string[] {
  const names = new Set<string>();
  for (const line of text.split('\n')) {
    if (/^\s*#/.test(line)) continue;
    for (const [, name = ''] of line.matchAll(/(?<!\$)\$\{(?:env:)?([A-Za-z_]\w*)\}/g)) names.add(name);
  }
  return [...names];
}
