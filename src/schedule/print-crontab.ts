import { parseCron } from '../model/cron.ts';
import { RunError } from '../model/errors.ts';
import type { PrintedFile, PrintFacts } from './print-facts.ts';

/** One line for each job (crontab(5)); it has no seconds. */
export function printCrontab(facts: PrintFacts): readonly PrintedFile[] {
  const { folder, writes, secrets, network } = facts;
  const log = `${writes[0] ?? folder}/crm-kpi.log`;
  const lines = facts.jobs.flatMap(({ job, command }) => {
    const start = [facts.node, facts.program, ...command, '--config', facts.settingsFile].map(quoteForShell);
    const line = `${fiveFields(job.cron)} umask 077; ${start.join(' ')} >>${quoteForShell(log)} 2>&1`;
    // In crontab an unescaped % ends the command.
    return [`CRON_TZ=${job.timeZone}`, line.replaceAll('%', '\\%')];
  });
  const text = [
    '# CRON_TZ is known to cronie (Fedora, RHEL, Arch); where cron does not know it, the times are those of the machine.',
    '# A start that was missed is not made up for: anacron or a systemd timer does that.',
    secrets.length > 0
      ? `# Secrets belong into ${folder}/.env (mode 0600), not into this file: ${secrets.join(', ')}`
      : `# Secrets are read from ${folder}/.env (mode 0600).`,
    ...(network.length === 0
      ? []
      : [`# Set ${network.join(', ')} here as NAME=value: cron does not see the shell's.`]),
    ...lines,
    '',
  ].join('\n');
  return [{ path: 'crontab', text }];
}

/** The expression without seconds; crontab and Kubernetes know none. */
export function fiveFields(expression: string): string {
  const parts = expression.trim().split(/\s+/);
  const cron = parseCron(expression);
  if (parts.length < 6) return expression.trim();
  if (!('problem' in cron) && cron.seconds.length === 1 && cron.seconds[0] === 0)
    return parts.slice(1).join(' ');
  throw new RunError('config', {
    where: 'schedule',
    message: `"${expression}" has seconds, which this scheduler does not know.`,
    fix: 'Write the expression with five fields, or run `crm-kpi schedule`, which knows seconds.',
  });
}

function quoteForShell(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
