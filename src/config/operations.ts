import { resolve } from 'node:path';
import type {
  AlertChannel,
  AlertTarget,
  FreshnessLimits,
  MetricsSettings,
  ScheduledJob,
} from '../model/operations.ts';
import { suggest } from './did-you-mean.ts';
import type { Finding } from './issues.ts';
import { type AlertInput, parseDuration, type ScheduledJobInput } from './operations-schema.ts';

const jobs = ['all', 'sync', 'evaluate', 'publish'] as const;
type JobName = (typeof jobs)[number];

/** The schedule's jobs as understood; `run: NAME` of a connection syncs that one. */
export function buildSchedule(
  inputs: readonly ScheduledJobInput[],
  { timeZone, connections }: { readonly timeZone: string; readonly connections: readonly string[] },
): readonly ScheduledJob[] {
  return inputs.map((input) => {
    const known = jobs.find((job) => job === input.run);
    const run: JobName = known ?? 'sync';
    const only = known || !connections.includes(input.run) ? (input.connections ?? []) : [input.run];
    const zone = input.timeZone ?? timeZone;
    return {
      id: [run, ...only, input.cron.trim().replace(/\s+/g, ' '), zone].join(' '),
      run,
      connections: only,
      cron: input.cron,
      timeZone: zone,
      jitterMs: toMs(input.jitter) ?? 0,
      catchUpMs: catchUp(input.missed),
      overlap: input.overlap,
      deadlineMs: toMs(input.deadline),
    };
  });
}

function catchUp(missed: string): number | null {
  if (missed === 'once') return null;
  return missed === 'skip' ? 0 : toMs(missed);
}

function toMs(text: string | undefined): number | null {
  return text === undefined ? null : parseDuration(text);
}

/** What zod cannot know: names of connections. */
export function checkSchedule(
  inputs: readonly ScheduledJobInput[],
  connections: readonly string[],
): readonly Finding[] {
  return inputs.flatMap((input, index) => {
    const path = ['schedule', index];
    const known = [...jobs, ...connections];
    const run = known.includes(input.run)
      ? []
      : [
          {
            path: [...path, 'run'],
            rule: 'is no job and no connection',
            fix: suggest(input.run, known),
            showsValue: true,
          },
        ];
    const unknown = (input.connections ?? []).flatMap((name, at) =>
      connections.includes(name)
        ? []
        : [
            {
              path: [...path, 'connections', at],
              rule: 'is no connection',
              fix: suggest(name, connections),
              showsValue: true,
            },
          ],
    );
    return [...run, ...unknown];
  });
}

/** One target for each place that an entry names. */
export function buildAlerts(inputs: readonly AlertInput[], timeZone: string): readonly AlertTarget[] {
  const taken = new Set<string>();
  return inputs.flatMap((input, index) =>
    channelsOf(input).map((channel) => ({
      name: freeName(input.name ?? `${channel.kind}-${index + 1}`, channel.kind, taken),
      on: input.on,
      channel,
      timeZone: input.timeZone ?? timeZone,
      quietHours: input.quietHours
        ? { fromMinute: toMinute(input.quietHours.from), toMinute: toMinute(input.quietHours.to) }
        : null,
      digestMinute: input.digest === undefined ? null : toMinute(input.digest),
    })),
  );
}

function freeName(name: string, kind: string, taken: Set<string>): string {
  let free = taken.has(name) ? `${name}-${kind}` : name;
  for (let number = 2; taken.has(free); number += 1) free = `${name}-${number}`;
  taken.add(free);
  return free;
}

/** The places that an entry names: any of Slack, a webhook, a mail server. */
export function channelsOf({
  slack,
  webhook,
  email,
}: Pick<AlertInput, 'slack' | 'webhook' | 'email'>): readonly AlertChannel[] {
  const channels: AlertChannel[] = [];
  if (slack !== undefined) channels.push({ kind: 'slack', url: slack });
  if (webhook !== undefined) {
    const { url, headers = {} } = typeof webhook === 'string' ? { url: webhook } : webhook;
    channels.push({ kind: 'webhook', url, headers });
  }
  if (email !== undefined) {
    const { secure = email.port === 465, user = null, password = null, to } = email;
    channels.push({
      ...email,
      kind: 'email',
      secure,
      user,
      password,
      to: typeof to === 'string' ? [to] : to,
    });
  }
  return channels;
}

function toMinute(text: string): number {
  const [hour = '0', minute = '0'] = text.split(':');
  return Number(hour) * 60 + Number(minute);
}

export function buildFreshness(input: { readonly store: string; readonly crm: string }): FreshnessLimits {
  return { storeMs: toMs(input.store) ?? 0, crmMs: toMs(input.crm) ?? 0 };
}

export function buildMetrics(
  input: { readonly textfile?: string | undefined; readonly port?: number | undefined },
  folder: string,
): MetricsSettings {
  return {
    textfile: input.textfile === undefined ? null : resolve(folder, input.textfile),
    port: input.port ?? null,
  };
}
