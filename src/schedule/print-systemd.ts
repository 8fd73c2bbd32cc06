import { type Cron, parseCron } from '../model/cron.ts';
import { nameOf, type PrintedFile, type PrintedJob, type PrintFacts, seconds } from './print-facts.ts';

const credentialFolder = '/etc/crm-kpi';

/** A service and a timer for each job (systemd.timer(5), systemd.exec(5), systemd.io/CREDENTIALS). */
export function printSystemd(facts: PrintFacts): readonly PrintedFile[] {
  return facts.jobs.flatMap((printed, index) => {
    const name = nameOf(facts, index);
    return [
      { path: `/etc/systemd/system/${name}.service`, text: printService(printed, facts) },
      { path: `/etc/systemd/system/${name}.timer`, text: printTimer(printed) },
    ];
  });
}

function printService({ job, command }: PrintedJob, facts: PrintFacts): string {
  const start = [facts.node, facts.program, ...command, '--config', facts.settingsFile].map(quoteArgument);
  const deadline = job.deadlineMs === null ? [] : [`TimeoutStartSec=${seconds(job.deadlineMs) + 60}`];
  return [
    '[Unit]',
    `Description=crm-kpi ${command.join(' ')}`,
    'Wants=network-online.target',
    'After=network-online.target',
    '',
    '[Service]',
    'Type=oneshot',
    `User=${facts.user}`,
    `WorkingDirectory=${escapeSpecifiers(facts.folder)}`,
    `ExecStart=${start.join(' ')}`,
    '# 4: stopped on purpose, the next run goes on.',
    'SuccessExitStatus=4',
    ...deadline,
    'TimeoutStopSec=10',
    ...printCredentials(facts),
    ...printNetwork(facts),
    ...hardening,
    ...facts.writes.map((path) => `ReadWritePaths=${quotePath(path)}`),
    '',
  ].join('\n');
}

/** Secrets reach the job as files that only it can read, neither in the unit nor in its environment. */
function printCredentials({ secrets, folder }: PrintFacts): readonly string[] {
  if (secrets.length === 0) return [`# Secrets are read from ${folder}/.env (mode 0600).`];
  return [
    `# Each secret is a file: install -m 0600 /dev/stdin ${credentialFolder}/${secrets[0]}`,
    ...secrets.map((name) => `LoadCredential=${name}:${credentialFolder}/${name}`),
  ];
}

/** A unit sees nothing of the shell's environment. */
function printNetwork({ network }: PrintFacts): readonly string[] {
  if (network.length === 0) return [];
  return [
    `# ${network.join(', ')}: put each into that file as NAME=value (mode 0600); the unit does not see the shell's.`,
    `EnvironmentFile=-${credentialFolder}/environment`,
  ];
}

/** No MemoryDenyWriteExecute: the JavaScript engine writes machine code. */
const hardening: readonly string[] = [
  'UMask=0077',
  'NoNewPrivileges=true',
  'CapabilityBoundingSet=',
  'PrivateTmp=true',
  'PrivateDevices=true',
  'ProtectSystem=strict',
  'ProtectHome=read-only',
  'ProtectClock=true',
  'ProtectHostname=true',
  'ProtectKernelTunables=true',
  'ProtectKernelModules=true',
  'ProtectKernelLogs=true',
  'ProtectControlGroups=true',
  'ProtectProc=invisible',
  'RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX',
  'RestrictNamespaces=true',
  'RestrictRealtime=true',
  'RestrictSUIDSGID=true',
  'LockPersonality=true',
  'SystemCallArchitectures=native',
  'SystemCallFilter=@system-service',
];

function printTimer({ job, command }: PrintedJob): string {
  const jitter = job.jitterMs > 0 ? [`RandomizedDelaySec=${seconds(job.jitterMs)}`] : [];
  return [
    '[Unit]',
    `Description=When to start crm-kpi ${command.join(' ')}`,
    '',
    '[Timer]',
    ...calendarOf(job.cron, job.timeZone).map((text) => `OnCalendar=${text}`),
    ...jitter,
    'AccuracySec=1s',
    job.catchUpMs === 0
      ? 'Persistent=false'
      : '# A start that was missed is made up for once.\nPersistent=true',
    '',
    '[Install]',
    'WantedBy=timers.target',
    '',
  ].join('\n');
}

const dayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** Calendar events of systemd.time(7); two where the month's or the week's day is enough. */
export function calendarOf(expression: string, timeZone: string): readonly string[] {
  const cron = parseCron(expression);
  if ('problem' in cron) throw new Error(`${expression}: ${cron.problem}`);
  const all = (part: ReadonlySet<number>, count: number) => part.size === count;
  const weekdays = all(cron.weekdays, 7)
    ? ''
    : `${[...cron.weekdays]
        .sort((a, b) => a - b)
        .map((day) => dayNames[day])
        .join(',')} `;
  const months = all(cron.months, 12) ? '*' : list([...cron.months]);
  const days = all(cron.monthDays, 31) ? '*' : list([...cron.monthDays]);
  const tail = `${timesOf(cron)} ${timeZone}`;
  if (!cron.eitherDay) return [`${weekdays}*-${months}-${days} ${tail}`];
  return [`${weekdays}*-${months}-* ${tail}`, `*-${months}-${days} ${tail}`];
}

function timesOf({ hours, minutes, seconds: secs }: Cron): string {
  const part = (values: readonly number[], count: number) => (values.length === count ? '*' : list(values));
  return [part(hours, 24), part(minutes, 60), part(secs, 60)].join(':');
}

function list(values: readonly number[]): string {
  return values
    .toSorted((a, b) => a - b)
    .map((value) => String(value).padStart(2, '0'))
    .join(',');
}

function quoteArgument(text: string): string {
  const escaped = escapeSpecifiers(text).replaceAll('$', '$$$$');
  return /^[\w@%+=:,./-]+$/.test(text) ? escaped : `"${escaped.replace(/["\\]/g, '\\$&')}"`;
}

function quotePath(text: string): string {
  return /\s/.test(text) ? `"${escapeSpecifiers(text)}"` : escapeSpecifiers(text);
}

function escapeSpecifiers(text: string): string {
  return text.replaceAll('%', '%%');
}
