import type { Check, Stream } from '../../model/connector.ts';
import { RunError } from '../../model/errors.ts';
import type { Settings } from '../../model/settings.ts';
import type { CommandContext, ExitCode } from '../context.ts';
import { chooseConnections, openWorkspace, type WorkspaceConnection } from '../wire.ts';

type Finding = Check & { readonly connection: string };

export async function run(context: CommandContext, names: readonly string[]): Promise<ExitCode> {
  await using workspace = await openWorkspace(context, { provisional: true });
  const findings: Finding[] = [];
  const streams = new Map<string, readonly Stream[]>();
  const tell = (finding: Finding) => {
    findings.push(finding);
    if (!context.flags.json) context.out(formatFinding(finding));
  };
  for (const connection of chooseConnections(workspace, names)) {
    for await (const check of checkConnection(connection, streams))
      tell({ connection: connection.settings.name, ...check });
  }
  for (const told of toldSettings(workspace.settings)) tell(told);
  for (const shared of sharedTables(streams)) tell(shared);
  if (context.flags.json) context.out(JSON.stringify(findings));
  const failed = findings.filter(({ ok, severity }) => !ok && severity === 'error').length;
  const warned = findings.filter(({ ok, severity }) => !ok && severity === 'warning').length;
  if (!context.flags.json) context.note(`${findings.length} checks: ${failed} failed, ${warned} to look at.`);
  return failed > 0 ? 2 : 0;
}

/** Where nothing is to be written back, a place for it is not missed. */
async function* checkConnection(
  connection: WorkspaceConnection,
  streams: Map<string, readonly Stream[]>,
): AsyncGenerator<Check> {
  try {
    await using open = await connection.open();
    for await (const check of open.check())
      if (connection.settings.publish || check.ok || check.check !== 'target') yield check;
    streams.set(connection.settings.name, await open.streams());
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    yield { check: 'sign-in', ok: false, severity: 'error', message: error.message, fix: error.fix };
  }
}

/** What is taken from a CRM because the settings do not say. */
function toldSettings({ told = [], provisional = [] }: Settings): readonly Finding[] {
  return [
    ...told.map(
      ({ key, value, connection }): Finding => ({
        connection,
        check: `setting ${key}`,
        ok: true,
        severity: 'info',
        message: `${value}, as this CRM says: the settings leave it out`,
        fix: null,
      }),
    ),
    ...provisional.map(
      (key): Finding => ({
        connection: '-',
        check: `setting ${key}`,
        ok: false,
        severity: 'error',
        message: `${key} is not set, and no connection tells it`,
        fix: `Write ${key} into crm-kpi.yaml, such as ${key === 'currency' ? 'currency: EUR' : 'timeZone: Europe/Madrid'}.`,
      }),
    ),
  ];
}

/** Tables whose rows are counted: fed from two CRMs that are synchronised with each other, they count twice. */
const counted = new Set(['deal', 'ticket', 'activity', 'lead', 'campaign', 'email_stat', 'survey_answer']);

function sharedTables(streams: ReadonlyMap<string, readonly Stream[]>): readonly Finding[] {
  const feeding = new Map<string, Set<string>>();
  for (const [connection, list] of streams) {
    for (const { table, unavailable } of list) {
      if (!unavailable && counted.has(table))
        feeding.set(table, (feeding.get(table) ?? new Set()).add(connection));
    }
  }
  return [...feeding]
    .filter(([, names]) => names.size > 1)
    .map(([table, names]) => ({
      connection: [...names].join(', '),
      check: `table ${table}`,
      ok: false,
      severity: 'warning',
      message: `${[...names].join(' and ')} both deliver ${table} records. If these CRMs are synchronised with each other, each record counts twice.`,
      fix: 'If they are, list under `objects` of one connection only what the other does not deliver.',
    }));
}

const marks = { ok: 'ok     ', error: 'FAILED ', warning: 'warning', info: 'note   ' } as const;

function formatFinding({ connection, check, ok, severity, message, fix }: Finding): string {
  const head = `${ok ? marks.ok : marks[severity]}  ${connection}  ${check}: ${message}`;
  return fix && !ok ? `${head}\n         Fix: ${fix}` : head;
}
