import { type AudienceFeedback, type Feedback, readFeedback } from '../../improve/feedback.ts';
import { RunError } from '../../model/errors.ts';
import { formatValue } from '../../model/format.ts';
import type { Labels } from '../../model/kpi.ts';
import type { Segment } from '../../model/result.ts';
import { addDays } from '../../model/zone.ts';
import type { CommandContext, ExitCode } from '../context.ts';
import { findSegment, requireDate, todayOf } from '../improve-parts.ts';
import { formatTable } from '../table.ts';
import { openWorkspace, type Workspace } from '../wire.ts';
import { chooseFinding } from './findings.ts';

type Options = Readonly<Record<string, unknown>>;

const defaultDays = 180;

/** Comments stand on this page alone: they are in no log, no alert and no record that is written back. */
export async function run(
  context: CommandContext,
  _: readonly string[],
  options: Options,
): Promise<ExitCode> {
  await using workspace = await openWorkspace(context);
  const { store, zone, asOf } = workspace;
  const segment = await chooseSegment(workspace, options);
  const since =
    typeof options.since === 'string'
      ? requireDate(options.since, '--since')
      : addDays(todayOf(workspace), -defaultDays);
  const feedback = await readFeedback({
    store,
    segment,
    from: zone.startOf(since),
    until: asOf,
    limit: Number(options.limit),
  });
  if (feedback === null) {
    throw new RunError('usage', {
      where: `--segment ${segment.kind}`,
      message: `Answers cannot be told by ${segment.kind}.`,
      fix: 'Use company, team:ID, owner:ID, case_category:NAME, category:NAME, channel:NAME, priority:NAME or pipeline:NAME.',
    });
  }
  if (context.flags.json) {
    const comments = feedback.comments.map((comment) => ({
      ...comment,
      at: new Date(comment.at).toISOString(),
    }));
    context.out(JSON.stringify({ segment, since, ...feedback, comments }));
  } else print(context, workspace, feedback);
  return 0;
}

async function chooseSegment(workspace: Workspace, options: Options): Promise<Segment> {
  if (typeof options.finding !== 'string')
    return findSegment(workspace, typeof options.segment === 'string' ? options.segment : 'company');
  const findings = await workspace.store.findings(workspace.asOf, { all: true });
  return chooseFinding(findings, options.finding).segment;
}

const audiences: Readonly<Record<AudienceFeedback['audience'], Labels>> = {
  customer: { en: 'customers', es: 'clientes' },
  user: { en: 'CRM users', es: 'usuarios del CRM' },
};

const headings = {
  en: ['Who', '>Sent', '>Answers', '>Response', '>Satisfied', 'Score'],
  es: ['Quién', '>Enviadas', '>Respuestas', '>Respuesta', '>Satisfechos', 'Nota'],
} as const;

function print({ out, note }: CommandContext, { settings, zone }: Workspace, feedback: Feedback): void {
  const { language, currency } = settings;
  const share = (part: number, whole: number) =>
    formatValue(whole > 0 ? part / whole : null, { unit: 'ratio', currency, language });
  const none = language === 'es' ? 'No hay respuestas.' : 'There are no answers.';
  const rows = feedback.audiences.map((one) => [
    audiences[one.audience][language],
    one.sent > 0 ? String(one.sent) : '–',
    String(one.answers),
    share(one.answeredOfSent, one.sent),
    share(one.satisfied, one.scored),
    one.meanScore === null ? '–' : share(one.meanScore, 1),
  ]);
  out(rows.length > 0 ? formatTable(headings[language], rows) : none);
  for (const { audience, at, score, scaleMax, comment } of feedback.comments) {
    const figure = score === null ? '' : ` ${score}${scaleMax === null ? '' : `/${scaleMax}`}`;
    out(`\n${zone.dateOf(at)} ${audiences[audience][language]}${figure}: ${comment.replace(/\s+/g, ' ')}`);
  }
  if (feedback.commentsTotal > feedback.comments.length)
    note(
      language === 'es'
        ? `${feedback.comments.length} de ${feedback.commentsTotal} comentarios; --limit muestra más.`
        : `${feedback.comments.length} of ${feedback.commentsTotal} comments shown; --limit shows more.`,
    );
}
