import { stringify } from 'yaml';
import { fiveFields } from './print-crontab.ts';
import { containerFolder, inContainer } from './print-docker.ts';
import { nameOf, type PrintedFile, type PrintedJob, type PrintFacts, seconds } from './print-facts.ts';

/** The user `node` of the image. */
const userId = 1000;

/** A CronJob for each job, and the volume that keeps the store (kubernetes.io, CronJob v1 batch). */
export function printKubernetes(facts: PrintFacts): readonly PrintedFile[] {
  const documents = [
    claim,
    ...facts.jobs.map((printed, index) => cronJob(printed, { name: nameOf(facts, index), facts })),
  ];
  const text = [...remarks(facts), ...documents.map((document) => `---\n${stringify(document)}`)].join('\n');
  return [{ path: 'crm-kpi.k8s.yaml', text }];
}

function remarks({ allSecrets, reads, network, hasKpis }: PrintFacts): readonly string[] {
  const kpis = hasKpis ? ['#   kubectl create configmap crm-kpi-kpis --from-file=kpis'] : [];
  const literals = allSecrets.map((name) => `--from-file=${name}=secrets/${name}`).join(' ');
  return [
    '# The image is that of `crm-kpi schedule print docker`. Once, in the workspace:',
    '#   kubectl create configmap crm-kpi --from-file=crm-kpi.yaml',
    ...kpis,
    ...(literals === ''
      ? []
      : [
          `#   kubectl create secret generic crm-kpi ${literals}`,
          '# Each of these files holds one value, without a line end: .env does not reach the container.',
        ]),
    ...(network.length === 0
      ? []
      : [`# This machine has ${network.join(', ')} set; where the pod needs them, add them to env.`]),
    ...(reads.length === 0
      ? []
      : [
          `# crm-kpi.yaml also reads ${reads.join(', ')}: mount each under ${containerFolder}, a key from a secret.`,
        ]),
  ];
}

const claim = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'crm-kpi-data' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '5Gi' } } },
};

interface Place {
  readonly name: string;
  readonly facts: PrintFacts;
}

function cronJob({ job, command }: PrintedJob, { name, facts }: Place): object {
  const deadline = job.deadlineMs === null ? {} : { activeDeadlineSeconds: seconds(job.deadlineMs) + 60 };
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name, labels: { app: 'crm-kpi' } },
    spec: {
      schedule: fiveFields(job.cron),
      timeZone: job.timeZone,
      concurrencyPolicy: 'Forbid',
      startingDeadlineSeconds: catchUpSeconds(job.catchUpMs),
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
      jobTemplate: {
        spec: {
          backoffLimit: 0,
          ...deadline,
          template: { metadata: { labels: { app: 'crm-kpi' } }, spec: pod(command, facts) },
        },
      },
    },
  };
}

/** Under a few seconds nothing would ever start; a day is all that a missed night can be late. */
function catchUpSeconds(catchUpMs: number | null): number {
  return catchUpMs === null ? 86_400 : Math.max(120, seconds(catchUpMs));
}

function pod(command: readonly string[], facts: PrintFacts): object {
  const { allSecrets, folder, writes, hasKpis } = facts;
  const kpis = hasKpis ? [{ name: 'kpis', mountPath: `${containerFolder}/kpis`, readOnly: true }] : [];
  return {
    restartPolicy: 'Never',
    terminationGracePeriodSeconds: 10,
    automountServiceAccountToken: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: userId,
      runAsGroup: userId,
      fsGroup: userId,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [
      {
        name: 'crm-kpi',
        image: `crm-kpi:${facts.version}`,
        command: ['crm-kpi', ...command, '--config', containerFolder],
        env: allSecrets.map((name) => ({
          name,
          valueFrom: { secretKeyRef: { name: 'crm-kpi', key: name } },
        })),
        resources: { requests: { cpu: '250m', memory: '256Mi' }, limits: { memory: '1Gi' } },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        volumeMounts: [
          { name: 'data', mountPath: inContainer(folder, writes[0] ?? folder) },
          {
            name: 'settings',
            mountPath: `${containerFolder}/crm-kpi.yaml`,
            subPath: 'crm-kpi.yaml',
            readOnly: true,
          },
          ...kpis,
          { name: 'tmp', mountPath: '/tmp' },
        ],
      },
    ],
    volumes: [
      { name: 'data', persistentVolumeClaim: { claimName: 'crm-kpi-data' } },
      { name: 'settings', configMap: { name: 'crm-kpi' } },
      ...(hasKpis ? [{ name: 'kpis', configMap: { name: 'crm-kpi-kpis' } }] : []),
      { name: 'tmp', emptyDir: {} },
    ],
  };
}
