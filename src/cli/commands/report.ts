import { writeFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { RunError, worstExitCode } from '../../model/errors.ts';
import { type Grain, grains } from '../../model/period.ts';
import {
  type ReportFormat,
  type ReportRequest,
  reportFormats,
  type SavedReport,
} from '../../model/report.ts';
import type { CommandContext, ExitCode } from '../context.ts';
import { makeWorkspaceReport } from '../desk.ts';
import { parsePeriod } from '../period-flag.ts';
import { sendReport } from '../send-report.ts';
import { openWorkspace, type Workspace } from '../wire.ts';
import { requireEvaluation } from './results.ts';

type Options = Readonly<Record<string, unknown>>;

export async function run(
  context: CommandContext,
  _: readonly string[],
  options: Options,
): Promise<ExitCode> {
  if (options.send === true) return sendNow(context, options);
  if (options.out === undefined) throw nowhere();
  const file = resolve(context.cwd, String(options.out));
  const format = formatOf(file);
  await using workspace = await openWorkspace(context);
  await requireEvaluation(workspace);
  const request = readRequest(workspace, options);
  const { body } = await makeWorkspaceReport(context, workspace, request, format);
  await writeReport(file, body);
  if (context.flags.json) context.out(JSON.stringify({ file, format, bytes: body.length }));
  else context.note(`Written: ${file} (${body.length} bytes).`);
  return 0;
}

/** For those with a scheduler of their own; `crm-kpi schedule` runs the same. */
async function sendNow(context: CommandContext, options: Options): Promise<ExitCode> {
  await using workspace = await openWorkspace(context);
  if (typeof options.name !== 'string') throw nowhere();
  const saved = findSaved(workspace, options.name);
  const { name, send } = saved;
  if (send === null) throw sentToNobody(name);
  await requireEvaluation(workspace);
  const undelivered = await sendReport(context, workspace, { ...saved, send });
  const rows = send.targets.map(({ name: target, channel }) => {
    const problem = undelivered.find((one) => one.target === target)?.error ?? null;
    return { target, kind: channel.kind, ok: problem === null, problem: problem?.message ?? null };
  });
  if (context.flags.json) context.out(JSON.stringify({ report: name, sent: rows }));
  else
    for (const { target, problem } of rows)
      context.note(
        problem === null ? `Sent: ${target}.` : `Not sent, it is tried again: ${target}: ${problem}`,
      );
  return worstExitCode(undelivered.map(({ error }) => error));
}

function nowhere(): RunError {
  return new RunError('usage', {
    where: 'report',
    message: 'It is not said what to do with the report.',
    fix: 'Give --out FILE.html (or .pdf, .xlsx, .csv), or --name NAME --send.',
  });
}

function sentToNobody(name: string): RunError {
  return new RunError('config', {
    where: `reports ${name}`,
    message: 'The settings do not say to whom this report is sent.',
    fix: 'Add for example `send: { formats: [html, pdf], email: { host: smtp.example.com, from: kpi@example.com, to: [boss@example.com] } }` to it.',
  });
}

function formatOf(file: string): ReportFormat {
  const ending = extname(file).slice(1).toLowerCase();
  const format = reportFormats.find((known) => known === ending);
  if (format) return format;
  throw new RunError('usage', {
    where: '--out',
    message: `${file} has no ending that tells what to write.`,
    fix: `End it with one of: ${reportFormats.map((known) => `.${known}`).join(', ')}.`,
  });
}

/** The saved report that is named, or the default one; each flag changes a part of it. */
function readRequest(workspace: Workspace, options: Options): ReportRequest {
  const { settings } = workspace;
  const saved = typeof options.name === 'string' ? findSaved(workspace, options.name) : null;
  const base: ReportRequest = saved ?? {
    title: null,
    kpis: [],
    grain: null,
    period: null,
    periods: 12,
    segments: ['company'],
    language: settings.language,
  };
  const period =
    typeof options.period === 'string' ? parsePeriod(workspace, options.period).label : base.period;
  return {
    ...base,
    period,
    kpis: Array.isArray(options.kpi) ? checkKpis(workspace, options.kpi.map(String)) : base.kpis,
    grain: typeof options.grain === 'string' ? checkGrain(options.grain) : base.grain,
    periods: typeof options.periods === 'number' ? Math.max(1, options.periods) : base.periods,
    segments: Array.isArray(options.segment) ? options.segment.map(String) : base.segments,
    language: options.language === 'en' || options.language === 'es' ? options.language : base.language,
    title: typeof options.title === 'string' ? options.title : base.title,
  };
}

function findSaved({ settings }: Workspace, name: string): SavedReport {
  const saved = settings.reports ?? [];
  const found = saved.find((report) => report.name === name);
  if (found) return found;
  throw new RunError('usage', {
    where: `--name ${name}`,
    message: 'No report of that name is saved.',
    fix:
      saved.length > 0
        ? `Use one of: ${saved.map((report) => report.name).join(', ')}.`
        : 'Save one under `reports` in crm-kpi.yaml, or leave --name out.',
  });
}

function checkKpis({ catalog }: Workspace, ids: readonly string[]): readonly string[] {
  const known = new Set(catalog.map(({ id }) => id));
  const unknown = ids.find((id) => !known.has(id));
  if (unknown === undefined) return ids;
  throw new RunError('usage', {
    where: '--kpi',
    message: `${unknown} is none of ours.`,
    fix: `Use some of: ${[...known].join(', ')}.`,
  });
}

function checkGrain(text: string): Grain {
  const grain = grains.find((known) => known === text);
  if (grain) return grain;
  throw new RunError('usage', {
    where: '--grain',
    message: `${text} is no grain.`,
    fix: `Use one of: ${grains.join(', ')}.`,
  });
}

async function writeReport(file: string, body: Buffer): Promise<void> {
  try {
    await writeFile(file, body);
  } catch (cause) {
    throw new RunError(
      'usage',
      {
        where: file,
        message: 'The file cannot be written.',
        fix: 'Name a file in a folder that exists and that this user may write to.',
      },
      { cause },
    );
  }
}
