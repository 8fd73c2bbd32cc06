import { writeFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { parsePeriodLabel } from '../../evaluate/periods.ts';
import { RunError } from '../../model/errors.ts';
import { type Grain, grains } from '../../model/period.ts';
import { type ReportFormat, type ReportRequest, reportFormats } from '../../model/report.ts';
import type { CommandContext, ExitCode } from '../context.ts';
import { makeWorkspaceReport } from '../desk.ts';
import { openWorkspace, type Workspace } from '../wire.ts';
import { requireEvaluation } from './results.ts';

type Options = Readonly<Record<string, unknown>>;

export async function run(
  context: CommandContext,
  _: readonly string[],
  options: Options,
): Promise<ExitCode> {
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
  const period = typeof options.period === 'string' ? checkPeriod(workspace, options.period) : base.period;
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

function findSaved({ settings }: Workspace, name: string): ReportRequest {
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

function checkPeriod({ settings, zone }: Workspace, label: string): string {
  const period = parsePeriodLabel(settings.calendar, zone, label);
  if (period) return period.label;
  throw new RunError('usage', {
    where: '--period',
    message: `${label} is no period.`,
    fix: 'Give it as 2026-01, 2026-Q1, 2026, 2026-W05 or 2026-01-31.',
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
