import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import type { ScheduledJob } from '../../src/model/operations.ts';
import { printCrontab } from '../../src/schedule/print-crontab.ts';
import { printDocker } from '../../src/schedule/print-docker.ts';
import type { PrintFacts } from '../../src/schedule/print-facts.ts';
import { printKubernetes } from '../../src/schedule/print-kubernetes.ts';
import { calendarOf, printSystemd } from '../../src/schedule/print-systemd.ts';

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

function makeFacts(other: Partial<PrintFacts> = {}, job: Partial<ScheduledJob> = {}): PrintFacts {
  const nightly: ScheduledJob = {
    ...{ id: 'n', run: 'all', connections: [], cron: '30 2 * * *', timeZone: 'Europe/Madrid' },
    ...{ jitterMs: 300_000, catchUpMs: null, overlap: 'skip', deadlineMs: 7_200_000, ...job },
  };
  return {
    jobs: [{ job: nightly, command: ['run', '--deadline', '7200s'] }],
    node: process.execPath,
    program: join(import.meta.dirname, '../../src/cli/crm-kpi.cjs'),
    folder: '/srv/my kpis 100%',
    settingsFile: '/srv/my kpis 100%/crm-kpi.yaml',
    writes: ['/srv/my kpis 100%/data'],
    version: '0.1.0',
    user: 'daemon',
    secrets: ['SF_CLIENT_ID', 'SF_CLIENT_SECRET'],
    allSecrets: ['SF_CLIENT_ID', 'SF_CLIENT_SECRET'],
    reads: [],
    network: [],
    hasKpis: true,
    ...other,
  };
}

describe('systemd', () => {
  it.runIf(hasSystemd)('finds nothing wrong with the units', () => {
    const folder = mkdtempSync(join(tmpdir(), 'crm-kpi-units-'));
    try {
      const files = printSystemd(makeFacts()).map(({ path, text }) => {
        const file = join(folder, basename(path));
        writeFileSync(file, text);
        return file;
      });
      const checked = spawnSync('systemd-analyze', ['verify', '--man=no', ...files], { encoding: 'utf8' });
      const ours = checked.stderr.split('\n').filter((line) => line.includes('crm-kpi'));
      expect(ours).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('secrets are credentials, not environment; paths with spaces and percent signs survive', () => {
    const [service] = printSystemd(makeFacts());
    expect(service?.text).toContain('LoadCredential=SF_CLIENT_SECRET:/etc/crm-kpi/SF_CLIENT_SECRET');
    expect(service?.text).not.toMatch(/^Environment=/m);
    expect(service?.text).toContain('--config "/srv/my kpis 100%%/crm-kpi.yaml"');
    expect(service?.text).toContain('TimeoutStartSec=7260');
  });

  it('timers make up for a missed start, with jitter, unless told otherwise', () => {
    expect(printSystemd(makeFacts())[1]?.text).toMatch(/RandomizedDelaySec=300[\s\S]*Persistent=true/);
    expect(printSystemd(makeFacts({}, { catchUpMs: 0 }))[1]?.text).toContain('Persistent=false');
  });

  const calendars = [
    ['30 2 * * *', ['*-*-* 02:30:00 Europe/Madrid']],
    ['*/30 8-9 * * mon-fri', ['Mon,Tue,Wed,Thu,Fri *-*-* 08,09:00,30:00 Europe/Madrid']],
    ['0 6 1,15 1-3 *', ['*-01,02,03-01,15 06:00:00 Europe/Madrid']],
    ['0 6 13 * fri', ['Fri *-*-* 06:00:00 Europe/Madrid', '*-*-13 06:00:00 Europe/Madrid']],
    ['15 * * * *', ['*-*-* *:15:00 Europe/Madrid']],
    ['@weekly', ['Sun *-*-* 00:00:00 Europe/Madrid']],
  ] as const;

  it.each(calendars)('reads %s as we do', (cron, expected) => {
    const calendar = calendarOf(cron, 'Europe/Madrid');
    expect(calendar).toEqual(expected);
    if (hasSystemd) for (const text of calendar) execFileSync('systemd-analyze', ['calendar', text]);
  });
});

describe('crontab', () => {
  it('has a zone, five fields and a command that the shell splits as meant', () => {
    const text = printCrontab(makeFacts())[0]?.text ?? '';
    const [zone, line = ''] = text.split('\n').filter((row) => row !== '' && !row.startsWith('#'));
    expect(zone).toBe('CRON_TZ=Europe/Madrid');
    const [, when, command = ''] = /^((?:\S+ ){4}\S+) (.*)$/.exec(line) ?? [];
    expect(when).toBe('30 2 * * *');
    const plain = command.replaceAll('\\%', '%');
    const words = execFileSync('sh', [
      '-c',
      plain.replace(/^.*?crm-kpi\.cjs /, 'printf "%s\\n" ').replace(/>>.*/, ''),
    ]);
    expect(words.toString().trim().split('\n')).toEqual([
      'run',
      '--deadline',
      '7200s',
      '--config',
      '/srv/my kpis 100%/crm-kpi.yaml',
    ]);
    expect(command).not.toMatch(/(?<!\\)%/);
    expect(text).toContain('SF_CLIENT_ID, SF_CLIENT_SECRET');
  });

  it('has no seconds: zero is left out, others are refused with a fix', () => {
    expect(printCrontab(makeFacts({}, { cron: '0 15 4 * * *' }))[0]?.text).toContain('\n15 4 * * * umask');
    expect(() => printCrontab(makeFacts({}, { cron: '*/5 * * * * *' }))).toThrow(
      expect.objectContaining({ kind: 'config', fix: expect.stringContaining('five fields') }),
    );
  });
});

it('the image is not root and holds no secret', () => {
  const text = printDocker(makeFacts())[0]?.text ?? '';
  const steps = text.split('\n').filter((line) => !line.startsWith('#'));
  const last = (name: string) => steps.findLastIndex((line) => line.startsWith(`${name} `));
  expect(steps[0]).toMatch(/^FROM node:24/);
  expect(steps[last('USER')]).toBe('USER node');
  expect(last('USER')).toBeGreaterThan(last('RUN'));
  expect(steps.join('\n')).not.toContain('SF_CLIENT');
  expect(JSON.parse(steps[last('CMD')]?.slice(4) ?? '')).toEqual([
    ...['crm-kpi', 'schedule', '--config', '/workspace', '--port', '9464'],
  ]);
});

describe('kubernetes', () => {
  const name = z.string().regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);
  const volume = z.union([
    z.strictObject({ name, persistentVolumeClaim: z.strictObject({ claimName: name }) }),
    z.strictObject({ name, configMap: z.strictObject({ name }) }),
    z.strictObject({ name, emptyDir: z.strictObject({}) }),
  ]);
  const secret = z.strictObject({
    name: z.string(),
    valueFrom: z.strictObject({ secretKeyRef: z.strictObject({ name, key: z.string() }) }),
  });
  const container = z.strictObject({
    name,
    image: z.string(),
    command: z.array(z.string()),
    env: z.array(secret),
    resources: z.strictObject({
      requests: z.record(z.enum(['cpu', 'memory']), z.string().regex(/^\d+(m|Mi|Gi)$/)),
      limits: z.strictObject({ memory: z.string().regex(/^\d+(Mi|Gi)$/) }),
    }),
    securityContext: z.strictObject({
      allowPrivilegeEscalation: z.literal(false),
      readOnlyRootFilesystem: z.literal(true),
      capabilities: z.strictObject({ drop: z.tuple([z.literal('ALL')]) }),
    }),
    volumeMounts: z.array(
      z.strictObject({
        name,
        mountPath: z.string().startsWith('/'),
        subPath: z.string().optional(),
        readOnly: z.boolean().optional(),
      }),
    ),
  });
  const podSpec = z.strictObject({
    restartPolicy: z.enum(['Never', 'OnFailure']),
    terminationGracePeriodSeconds: z.int(),
    automountServiceAccountToken: z.boolean(),
    securityContext: z.strictObject({
      runAsNonRoot: z.literal(true),
      runAsUser: z.int().min(1),
      runAsGroup: z.int(),
      fsGroup: z.int(),
      seccompProfile: z.strictObject({ type: z.literal('RuntimeDefault') }),
    }),
    containers: z.array(container).length(1),
    volumes: z.array(volume),
  });
  const labels = z.strictObject({ app: z.string() });
  /** The fields of batch/v1 CronJob that are used, as its API reference has them. */
  const cronJob = z.strictObject({
    apiVersion: z.literal('batch/v1'),
    kind: z.literal('CronJob'),
    metadata: z.strictObject({ name: name.max(52), labels }),
    spec: z.strictObject({
      schedule: z.string().regex(/^(\S+ ){4}\S+$/),
      timeZone: z.string(),
      concurrencyPolicy: z.literal('Forbid'),
      startingDeadlineSeconds: z.int().min(10),
      successfulJobsHistoryLimit: z.int(),
      failedJobsHistoryLimit: z.int(),
      jobTemplate: z.strictObject({
        spec: z.strictObject({
          backoffLimit: z.int(),
          activeDeadlineSeconds: z.int().optional(),
          template: z.strictObject({ metadata: z.strictObject({ labels }), spec: podSpec }),
        }),
      }),
    }),
  });

  it('each form tells how the job comes by the proxy and the certificates of this machine', () => {
    const facts = makeFacts({ network: ['HTTPS_PROXY', 'NODE_EXTRA_CA_CERTS'] });
    const unit = printSystemd(facts)[0]?.text ?? '';
    expect(unit).toContain('# HTTPS_PROXY, NODE_EXTRA_CA_CERTS: put each into that file');
    expect(unit).toContain('EnvironmentFile=-/etc/crm-kpi/environment');
    const docker = printDocker(facts)[0]?.text ?? '';
    expect(docker).toContain('-e HTTPS_PROXY ');
    expect(docker).toContain('-v "$NODE_EXTRA_CA_CERTS:$NODE_EXTRA_CA_CERTS:ro"');
    expect(printCrontab(facts)[0]?.text).toContain('# Set HTTPS_PROXY, NODE_EXTRA_CA_CERTS');
    expect(printKubernetes(facts)[0]?.text).toContain('HTTPS_PROXY, NODE_EXTRA_CA_CERTS set');
  });

  it('gets every secret, also those that .env gives on this machine, and is told which files to mount', () => {
    const facts = makeFacts({ secrets: [], allSecrets: ['TOKEN'], reads: ['keys/crm.pem', 'surveys'] });
    const text = printKubernetes(facts)[0]?.text ?? '';
    expect(text).toContain('--from-file=TOKEN=secrets/TOKEN');
    expect(text).toMatch(/- name: TOKEN\n\s+valueFrom:/);
    expect(text).toContain('# crm-kpi.yaml also reads keys/crm.pem, surveys: mount each under /workspace');
    const docker = printDocker(facts)[0]?.text ?? '';
    expect(docker).toContain('-v "$PWD/secrets/TOKEN:/run/secrets/TOKEN:ro"');
    expect(docker).toContain('-v "$PWD/keys/crm.pem:/workspace/keys/crm.pem:ro"');
  });

  it('takes the CronJob: every field known, every mount has its volume, secrets by reference', () => {
    const documents = parseAllDocuments(printKubernetes(makeFacts())[0]?.text ?? '').map((one) => one.toJS());
    expect(documents[0]).toMatchObject({ kind: 'PersistentVolumeClaim', metadata: { name: 'crm-kpi-data' } });
    const { spec } = cronJob.parse(documents[1]);
    const pod = spec.jobTemplate.spec.template.spec;
    const [first] = pod.containers;
    expect(first?.env.map(({ name }) => name)).toEqual(['SF_CLIENT_ID', 'SF_CLIENT_SECRET']);
    const volumes = pod.volumes.map((one) => one.name);
    for (const mount of first?.volumeMounts ?? []) expect(volumes).toContain(mount.name);
    expect(spec).toMatchObject({ schedule: '30 2 * * *', timeZone: 'Europe/Madrid' });
    expect(spec.jobTemplate.spec.activeDeadlineSeconds).toBe(7260);
  });
});
