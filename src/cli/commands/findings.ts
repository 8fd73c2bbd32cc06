import { RunError } from '../../model/errors.ts';
import type { DetectorSilence, StoredFinding } from '../../model/finding.ts';
import type { CommandContext, ExitCode } from '../context.ts';
import { textBeside } from '../finding-beside.ts';
import { findingJson } from '../finding-json.ts';
import { formatFinding, formatFindings, formatSilences } from '../finding-text.ts';
import { createLinker } from '../record-links.ts';
import { parseSegment } from '../segment-flag.ts';
import { openWorkspace, type Workspace } from '../wire.ts';

type Options = Readonly<Record<string, unknown>>;

export async function run(
  context: CommandContext,
  [step = 'list', id]: readonly string[],
  options: Options,
): Promise<ExitCode> {
  await using workspace = await openWorkspace(context);
  const asOf = await requireDetection(workspace);
  if (step === 'show') await show(context, workspace, { id, asOf });
  else if (step === 'list') await list(context, workspace, { options, asOf });
  else throw unknownStep(step);
  return 0;
}

/** Readers use the latest detection that is not after --as-of. */
async function requireDetection({ store, asOf, settings }: Workspace): Promise<number> {
  const detectedAt = await store.latestDetection(asOf);
  if (detectedAt !== null) return detectedAt;
  throw new RunError('usage', {
    where: settings.store,
    message: `Nothing was evaluated as of ${new Date(asOf).toISOString()} or before.`,
    fix: 'Run `crm-kpi run` first, or give a later --as-of.',
  });
}

function unknownStep(step: string): RunError {
  return new RunError('usage', {
    where: step,
    message: 'findings knows the steps list and show.',
    fix: 'Use `crm-kpi findings`, or `crm-kpi findings show ID` for one of them.',
  });
}

interface Listing {
  readonly options: Options;
  readonly asOf: number;
}

async function list(
  context: CommandContext,
  workspace: Workspace,
  { options, asOf }: Listing,
): Promise<void> {
  const found = await workspace.store.findings(asOf, { all: options.all === true });
  const findings = found.filter((finding) => isWanted(finding, options));
  const silences = (await workspace.store.silences(asOf)).filter((silence) =>
    isWantedSilence(silence, options),
  );
  const { language } = workspace.settings;
  if (context.flags.json) {
    const link = await createLinker(workspace.store);
    const linked = await Promise.all(findings.map((finding) => findingJson(finding, { language, link })));
    context.out(
      JSON.stringify({
        asOf: new Date(asOf).toISOString(),
        findings: linked,
        silences: silences.map(({ detector, reason }) => ({ detector, reason: reason[language] })),
      }),
    );
    return;
  }
  context.out(findings.length > 0 ? formatFindings(findings, workspace) : noneText(language));
  if (silences.length > 0) context.out(`\n${formatSilences(silences, language)}`);
  const at = new Date(asOf).toISOString();
  context.note(
    language === 'es'
      ? `A ${at}. Uno de ellos completo: crm-kpi findings show NÚMERO.`
      : `As of ${at}. One of them in full: crm-kpi findings show NUMBER.`,
  );
}

function noneText(language: 'en' | 'es'): string {
  return language === 'es' ? 'No se ha encontrado nada que mejorar.' : 'Nothing to improve was found.';
}

function isWanted({ detector, segment }: StoredFinding, options: Options): boolean {
  const { segmentKind, segmentId } = parseSegment(options.segment);
  if (typeof options.detector === 'string' && options.detector !== detector) return false;
  if (segmentKind !== undefined && segmentKind !== segment.kind) return false;
  return segmentId === undefined || segmentId === segment.id;
}

function isWantedSilence({ detector }: DetectorSilence, options: Options): boolean {
  return typeof options.detector !== 'string' || options.detector === detector;
}

interface Shown {
  readonly id: string | undefined;
  readonly asOf: number;
}

async function show(context: CommandContext, workspace: Workspace, { id, asOf }: Shown): Promise<void> {
  const finding = chooseFinding(await workspace.store.findings(asOf, { all: true }), id);
  const link = await createLinker(workspace.store);
  const json = await findingJson(finding, { language: workspace.settings.language, link });
  if (context.flags.json) context.out(JSON.stringify(json));
  else {
    context.out(formatFinding(finding, json, workspace));
    context.out(await textBeside(workspace, finding));
  }
}

/** By id, by the beginning of one, or by its number in the list. */
export function chooseFinding(findings: readonly StoredFinding[], id: string | undefined): StoredFinding {
  const exact = findings.find((finding) => finding.id === id);
  const byNumber = id !== undefined && /^\d+$/.test(id) ? findings[Number(id) - 1] : undefined;
  const beginning = id === undefined ? [] : findings.filter((finding) => finding.id.startsWith(id));
  const found = exact ?? byNumber ?? (beginning.length === 1 ? beginning[0] : undefined);
  if (found) return found;
  throw new RunError('usage', {
    where: id ?? 'findings show',
    message:
      beginning.length > 1
        ? 'Several findings begin like that.'
        : 'There is no finding of that id or number.',
    fix: 'List them with `crm-kpi findings --all`, then give the number in front, or the id in quotes.',
  });
}
