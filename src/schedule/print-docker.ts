import { posix, relative } from 'node:path';
import type { PrintedFile, PrintFacts } from './print-facts.ts';

/** Where the workspace stands in a container. */
export const containerFolder = '/workspace';
const monitorPort = 9464;

/** A folder of the workspace as a container sees it; one outside keeps its place. */
export function inContainer(folder: string, path: string): string {
  const inside = relative(folder, path);
  return inside.startsWith('..') ? path : posix.join(containerFolder, ...inside.split(/[\\/]/));
}

/** Not root, nothing secret inside: settings and secrets come when it runs. */
export function printDocker(facts: PrintFacts): readonly PrintedFile[] {
  return [{ path: 'Dockerfile', text: printDockerfile(facts) }];
}

/** The container gets what the shell has; a file comes along. */
function passOn(name: string): readonly string[] {
  return name === 'NODE_EXTRA_CA_CERTS' ? [`-e ${name} -v "$${name}:$${name}:ro"`] : [`-e ${name}`];
}

function printDockerfile({
  version,
  folder,
  writes,
  allSecrets,
  reads,
  network,
  hasKpis,
}: PrintFacts): string {
  const data = inContainer(folder, writes[0] ?? folder);
  const archive = `crm-kpi-${version}.tgz`;
  const mounts = [
    ...network.flatMap(passOn),
    ...allSecrets.map((name) => `-v "$PWD/secrets/${name}:/run/secrets/${name}:ro"`),
    ...[...(hasKpis ? ['kpis'] : []), ...reads].map(
      (path) => `-v "$PWD/${path}:${posix.join(containerFolder, path)}:ro"`,
    ),
  ];
  const start = ['docker run -d --name crm-kpi --restart unless-stopped --read-only --tmpfs /tmp', ...mounts];
  return [
    `# ${archive} comes from \`npm pack\`, in a checkout of crm-kpi. Then, in the workspace:`,
    '#   docker build -t crm-kpi .',
    `#   ${start.join(' \\\n#     ')} \\`,
    `#     -v "$PWD/crm-kpi.yaml:${containerFolder}/crm-kpi.yaml:ro" -v crm-kpi-data:${data} crm-kpi`,
    '# A secret is a file of its own under /run/secrets, named as in crm-kpi.yaml and readable by user 1000; none is',
    '# in the image, its layers or its environment.',
    'FROM node:24-slim',
    `COPY ${archive} /tmp/`,
    `RUN npm install --global /tmp/${archive} && rm /tmp/${archive} && npm cache clean --force`,
    `RUN install -d -o node -g node -m 0700 ${containerFolder} ${data}`,
    'ENV NODE_ENV=production CREDENTIALS_DIRECTORY=/run/secrets',
    `WORKDIR ${containerFolder}`,
    `VOLUME ${data}`,
    'USER node',
    'STOPSIGNAL SIGTERM',
    `HEALTHCHECK --interval=60s --timeout=5s CMD ["node", "-e", "fetch('http://127.0.0.1:${monitorPort}/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]`,
    `CMD ["crm-kpi", "schedule", "--config", "${containerFolder}", "--port", "${monitorPort}"]`,
    '',
  ].join('\n');
}
