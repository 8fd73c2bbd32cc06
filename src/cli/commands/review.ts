import { readFile, writeFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { headline } from '../../improve/effect-words.ts';
import { assembleReview, type ReviewInput, type ReviewPage } from '../../improve/review.ts';
import { readNotes, reviewMarkdown } from '../../improve/review-format.ts';
import { layOutReview } from '../../improve/review-page.ts';
import type { Action, ToldEffect } from '../../model/action.ts';
import { RunError } from '../../model/errors.ts';
import type { Labels, Language } from '../../model/kpi.ts';
import type { StoredResult } from '../../model/result-store.ts';
import type { Review } from '../../model/review.ts';
import { toPdf } from '../../report/pdf-file.ts';
import { type ReviewDocument, reviewDocument } from '../../report/review-page.ts';
import { openReader } from '../../store/reader.ts';
import { effectOf } from '../action-text.ts';
import { authorOf } from '../author.ts';
import type { CommandContext, ExitCode } from '../context.ts';
import { browserOf } from '../desk.ts';
import { requireDate } from '../improve-parts.ts';
import { formatTable } from '../table.ts';
import { tellEffect } from '../told-effect.ts';
import { openWorkspace, type Workspace } from '../wire.ts';
import { requireEvaluation } from './results.ts';

type Options = Readonly<Record<string, unknown>>;
type PagedReview = Review<ReviewPage>;

interface Round {
  readonly context: CommandContext;
  readonly workspace: Workspace;
  readonly options: Options;
}

export async function run(
  context: CommandContext,
  [step = 'show', id]: readonly string[],
  options: Options,
): Promise<ExitCode> {
  await using workspace = await openWorkspace(context);
  const round = { context, workspace, options };
  if (step === 'open') await open(round);
  else if (step === 'show') await show(round, await requireReview(workspace, id));
  else if (step === 'close') await close(round, await requireReview(workspace, id));
  else if (step === 'list') await list(round);
  else throw usage(`review ${step}`, 'There is no such step.', 'Use open, show, close or list.');
  return 0;
}

function usage(where: string, message: string, fix: string): RunError {
  return new RunError('usage', { where, message, fix });
}

async function readReviews({ store }: Workspace): Promise<readonly PagedReview[]> {
  return (await store.reviews()) as readonly PagedReview[];
}

async function requireReview(workspace: Workspace, id: string | undefined): Promise<PagedReview> {
  const reviews = await readReviews(workspace);
  const found = id === undefined ? reviews.at(-1) : reviews.find((review) => String(review.id) === id);
  if (found) return found;
  throw usage(
    `review ${id ?? ''}`.trim(),
    'There is no such review.',
    reviews.length > 0
      ? `Use one of: ${reviews.map((review) => review.id).join(', ')}.`
      : 'Open one: crm-kpi review open.',
  );
}

/** Everything is looked up once and kept: the meeting speaks of what it saw. */
async function open(round: Round): Promise<void> {
  const { context, workspace, options } = round;
  const { store, zone, catalog } = workspace;
  const reviews = await readReviews(workspace);
  const still = reviews.find(({ closedAt }) => closedAt === null);
  if (still)
    throw usage(
      'review open',
      `Review ${still.id} is still open.`,
      `Close it first: crm-kpi review close --notes FILE.`,
    );
  const asOf = await requireEvaluation(workspace);
  const results: StoredResult[] = [];
  for await (const chunk of store.latestResults(asOf, { segmentKind: 'company' }))
    results.push(...chunk.filter(({ goal }) => goal !== null));
  const actions = await store.actions();
  const previous = reviews.at(-1) ?? null;
  const page = assembleReview({
    on: zone.dateOf(asOf - 1),
    results,
    labels: (id) => catalog.find((kpi) => kpi.id === id)?.label ?? { en: id, es: id },
    findings: (await store.findings(asOf)).filter(({ closedAt }) => closedAt === null),
    actions,
    ...(await readEffects(workspace, actions)),
    previous,
    previousOn: previous ? previous.page.on : '',
  });
  const id = await store.openReview({
    openedAt: context.clock.now(),
    openedBy: authorOf(context, options.author),
    asOf,
    nextOn: typeof options.next === 'string' ? requireDate(options.next, '--next') : null,
    attendees: typeof options.attendees === 'string' ? options.attendees : null,
    page,
  });
  await show(round, await requireReview(workspace, String(id)));
}

/** Measured afresh where that is possible by now. */
async function readEffects(
  workspace: Workspace,
  actions: readonly Action[],
): Promise<Pick<ReviewInput, 'effects' | 'told'>> {
  const effects = new Map<number, Labels>();
  const told = new Map<number, ToldEffect>();
  const { currency, store } = workspace.settings;
  await using reader = openReader(store);
  for (const action of actions) {
    if (action.state !== 'done' || action.plan === null) continue;
    const kpi = workspace.catalog.find(({ id }) => id === action.plan?.kpi);
    const report = await effectOf(workspace, action);
    if (!kpi) continue;
    const text = (language: 'en' | 'es') => headline(report, { kpi, currency, language });
    effects.set(action.id, { en: text('en'), es: text('es') });
    const shown = report.after && tellEffect({ workspace, reader, asOf: workspace.asOf }, action, report);
    if (shown) told.set(action.id, shown);
  }
  return { effects, told };
}

async function show(round: Round, review: PagedReview): Promise<void> {
  const { context, options } = round;
  const language = languageOf(round);
  const blocks = layOutReview(review, language);
  if (typeof options.out === 'string') {
    const path = resolve(context.cwd, options.out);
    await write(path, await render(round, path, { blocks, language }));
    context.note(`${language === 'es' ? 'Revisión' : 'Review'} ${review.id}: ${path}`);
  }
  if (context.flags.json) context.out(JSON.stringify(reviewJson(review)));
  else if (typeof options.out !== 'string') context.out(reviewMarkdown(blocks, language));
}

/** --language, else that of the settings: the frozen page holds both. */
function languageOf({ workspace, options: { language } }: Round): Language {
  return language === 'en' || language === 'es' ? language : workspace.settings.language;
}

async function render(
  { context, workspace }: Round,
  path: string,
  page: Pick<ReviewDocument, 'blocks' | 'language'>,
): Promise<string | Buffer> {
  const end = extname(path).toLowerCase();
  if (end === '.md' || end === '.markdown') return reviewMarkdown(page.blocks, page.language);
  const html = () => reviewDocument({ ...page, timeZone: workspace.settings.calendar.timeZone });
  if (end === '.html' || end === '.htm') return html();
  if (end === '.pdf') return toPdf(await html(), browserOf(context));
  throw usage('--out', `${path} is no page of a review.`, 'End the name with .html, .pdf or .md.');
}

async function write(path: string, text: string | Buffer): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw usage(
      '--out',
      `${path} cannot be written (${error.code}).`,
      'Name a file in a folder that exists and can be written.',
    );
  }
}

function reviewJson(review: PagedReview) {
  const instant = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  return {
    ...review,
    openedAt: instant(review.openedAt),
    asOf: instant(review.asOf),
    closedAt: instant(review.closedAt),
  };
}

async function close(round: Round, review: PagedReview): Promise<void> {
  const { context, workspace, options } = round;
  if (review.closedAt !== null)
    throw usage(
      `review close ${review.id}`,
      'It is closed already.',
      'Open the next one: crm-kpi review open.',
    );
  const read =
    typeof options.notes === 'string' ? readNotes(await readText(resolve(context.cwd, options.notes))) : null;
  const next = typeof options.next === 'string' ? requireDate(options.next, '--next') : null;
  const attendees = typeof options.attendees === 'string' ? options.attendees : null;
  await workspace.store.closeReview(review.id, {
    closedAt: context.clock.now(),
    closedBy: authorOf(context, options.author),
    nextOn: next ?? read?.nextOn ?? null,
    attendees: attendees ?? read?.attendees ?? null,
    notes: read?.notes ?? null,
  });
  await show(round, await requireReview(workspace, String(review.id)));
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw usage(
      '--notes',
      `${path} cannot be read (${error.code}).`,
      'Name the Markdown file with the notes.',
    );
  }
}

const listHeads: Readonly<Record<Language, readonly string[]>> = {
  en: ['>No.', 'Figures to', 'Opened by', 'Closed', 'Next', 'Attendees'],
  es: ['>N.º', 'Cifras hasta', 'Abierta por', 'Cerrada', 'Próxima', 'Asistentes'],
};
const noReviews: Labels = {
  en: 'There are no reviews yet. crm-kpi review open makes one.',
  es: 'Aún no hay revisiones. crm-kpi review open crea una.',
};

async function list(round: Round): Promise<void> {
  const { context, workspace } = round;
  const language = languageOf(round);
  const reviews = await readReviews(workspace);
  if (context.flags.json) {
    context.out(JSON.stringify(reviews.map((review) => ({ ...reviewJson(review), page: undefined }))));
    return;
  }
  const rows = reviews.map(({ id, page, openedBy, closedAt, nextOn, attendees }) => [
    String(id),
    page.on,
    openedBy,
    closedAt === null ? '' : workspace.zone.dateOf(closedAt),
    nextOn ?? '',
    attendees ?? '',
  ]);
  context.out(rows.length > 0 ? formatTable(listHeads[language], rows) : noReviews[language]);
}
