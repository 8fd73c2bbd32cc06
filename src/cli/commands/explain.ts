import { explainResult } from '../../evaluate/explain.ts';
import { parsePeriodLabel } from '../../evaluate/periods.ts';
import { entityTables, type TableName } from '../../model/entities.ts';
import { RunError } from '../../model/errors.ts';
import { formatValue, plainNumber } from '../../model/format.ts';
import type { Kpi, Language } from '../../model/kpi.ts';
import type { Period } from '../../model/period.ts';
import { resultKey } from '../../model/result.ts';
import type { StoredResult } from '../../model/store.ts';
import type { CommandContext, ExitCode } from '../context.ts';
import { toResultJson } from '../result-json.ts';
import { parseSegment } from '../segment-flag.ts';
import { formatTable } from '../table.ts';
import { openWorkspace, type Workspace } from '../wire.ts';
import { requireEvaluation } from './results.ts';

type Options = Readonly<Record<string, unknown>>;

export async function run(
  context: CommandContext,
  [id = '']: readonly string[],
  options: Options,
): Promise<ExitCode> {
  await using workspace = await openWorkspace(context);
  const asOf = await requireEvaluation(workspace);
  const kpi = findKpi(workspace, id);
  const result = await findResult(workspace, kpi, options);
  const period = parsePeriod(workspace, result.periodLabel);
  const explanation = await explainResult({
    store: workspace.store,
    settings: workspace.settings,
    kpi,
    period,
    segment: result.segment,
    catalog: workspace.catalog,
    clock: workspace.settings.goals.find(({ id }) => id === result.goal)?.clock ?? 'calendar',
    asOf,
    limit: Number(options.limit),
  });
  const facts = await addLinks(workspace, kpi, explanation.facts);
  const { language } = workspace.settings;
  const json = {
    kpi: kpi.id,
    definition: kpi.description[language],
    result: toResultJson(result, kpi, { language, asOf }),
    facts,
    factsTotal: explanation.factsTotal,
    ...(explanation.inputs.length > 0 && { inputs: explanation.inputs }),
  };
  if (context.flags.json) context.out(JSON.stringify(json));
  else print(context, { kpi, result, json, language });
  return 0;
}

function findKpi({ catalog }: Workspace, id: string): Kpi {
  const kpi = catalog.find((known) => known.id === id);
  if (kpi) return kpi;
  throw new RunError('usage', {
    where: id,
    message: 'There is no KPI of that id.',
    fix: `Use one of: ${catalog.map((known) => known.id).join(', ')}.`,
  });
}

function parsePeriod({ settings, zone }: Workspace, label: string): Period {
  const period = parsePeriodLabel(settings.calendar, zone, label);
  if (period) return period;
  throw new RunError('usage', {
    where: '--period',
    message: `${label} is no period.`,
    fix: 'Give it as 2026-01, 2026-Q1, 2026, 2026-W05 or 2026-01-31.',
  });
}

/** The result asked for; no period named: the newest complete one, by month if there is. */
async function findResult(workspace: Workspace, kpi: Kpi, options: Options): Promise<StoredResult> {
  const label = typeof options.period === 'string' ? options.period : null;
  if (label !== null) parsePeriod(workspace, label);
  const segment = parseSegment(options.segment ?? 'company');
  const filter = { kpi: kpi.id, ...segment, ...(label !== null && { period: label }) };
  const found: StoredResult[] = [];
  for await (const chunk of workspace.store.latestResults(workspace.asOf, filter)) {
    found.push(...chunk.filter((result) => label !== null || result.complete));
  }
  const months = found.filter(({ grain }) => grain === 'month');
  const newest = (months.length > 0 ? months : found).sort(byGoalAndTime).at(-1);
  if (newest) return newest;
  throw new RunError('usage', {
    where: `${kpi.id} ${label ?? ''} ${String(options.segment ?? 'company')}`,
    message: 'There is no such result.',
    fix: `List what there is: crm-kpi results --kpi ${kpi.id} --segment ${segment.segmentKind ?? 'company'}.`,
  });
}

function byGoalAndTime(a: StoredResult, b: StoredResult): number {
  if (a.periodStart !== b.periodStart) return a.periodStart < b.periodStart ? -1 : 1;
  return Number(a.goal !== null) - Number(b.goal !== null);
}

type Explained = Awaited<ReturnType<typeof explainResult>>['facts'];

/** The facts as scripts read them: money in major units, instants ISO, each with its page in the CRM. */
async function addLinks({ store, settings }: Workspace, kpi: Kpi, facts: Explained) {
  const links = new Map(
    (await store.links()).map(({ source, stream, link }) => [`${source}\n${stream}`, link]),
  );
  const plain = (value: number | null, measure: 'num' | 'den') =>
    kpi.money.includes(measure) ? plainNumber(value, 'money', settings.currency) : value;
  const linked = [];
  for (const { source, object, id, part, at, num, den, value } of facts) {
    const stream = isTable(object) ? await store.streamOf(source, object, id) : null;
    linked.push({
      source,
      object,
      id,
      ...(part !== undefined && { part }),
      url: links.get(`${source}\n${stream}`)?.replace('{id}', encodeURIComponent(id)) ?? null,
      at: typeof at === 'number' ? new Date(at).toISOString() : at,
      num: plain(num, 'num'),
      den: plain(den, 'den'),
      value: plainNumber(value, kpi.unit, settings.currency),
    });
  }
  return linked;
}

function isTable(object: string): object is TableName {
  return object in entityTables;
}

interface Printable {
  readonly kpi: Kpi;
  readonly result: StoredResult;
  readonly language: Language;
  readonly json: {
    readonly definition: string;
    readonly facts: Awaited<ReturnType<typeof addLinks>>;
    readonly factsTotal: number;
  };
}

function print({ out, note }: CommandContext, { kpi, result, json, language }: Printable): void {
  const format = (value: number | null) =>
    formatValue(value, { unit: result.unit, currency: result.currency, language });
  out(`${kpi.label[language]} (${kpi.id}), ${result.periodLabel}: ${format(result.value)}`);
  out(json.definition);
  const parts = result.den === null ? `sum ${result.num}` : `${result.num} / ${result.den}`;
  out(`${parts}; ${result.n} records count, ${result.nMissing} left out because a figure is missing.`);
  if (result.status)
    out(`Goal ${result.goal}: ${result.status}${result.evidence ? `, evidence ${result.evidence}` : ''}.`);
  if (result.flags.length > 0) out(`Flags: ${result.flags.join(', ')}.`);
  const rows = json.facts.map(({ at, num, den, object, id, url }) => [
    at,
    String(num),
    den === null ? '' : String(den),
    url ?? `${object} ${id}`,
  ]);
  out('');
  out(formatTable(['When', '>Num', '>Den', 'Record'], rows));
  if (json.factsTotal > json.facts.length)
    note(`${json.facts.length} of ${json.factsTotal} records shown; --limit shows more.`);
  note(`Key in the CRM: ${resultKey(result)}`);
}
