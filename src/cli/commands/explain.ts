import { type Explanation, explainResult } from '../../evaluate/explain.ts';
import { entityTables, type TableName } from '../../model/entities.ts';
import { RunError } from '../../model/errors.ts';
import type { FactStore } from '../../model/fact-store.ts';
import { plainNumber } from '../../model/format.ts';
import type { Kpi } from '../../model/kpi.ts';
import { idInCrm } from '../../model/namesake.ts';
import type { StoredResult } from '../../model/result-store.ts';
import type { Settings } from '../../model/settings.ts';
import type { CommandContext, ExitCode } from '../context.ts';
import { noteHistory } from '../explain-notes.ts';
import { printExplanation } from '../explain-print.ts';
import { findOutlooks, outlookJson } from '../outlook.ts';
import { formulaOf } from '../own-kpis/formula.ts';
import { parsePeriod, periodOf } from '../period-flag.ts';
import { toResultJson } from '../result-json.ts';
import { parseSegment } from '../segment-flag.ts';
import { findSilences } from '../silences.ts';
import { statusRule } from '../status-rule.ts';
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
  const explanation = await explainResult({
    store: workspace.store,
    settings: workspace.settings,
    kpi,
    period: periodOf(result, workspace.zone),
    segment: result.segment,
    catalog: workspace.catalog,
    clock: workspace.settings.goals.find(({ id }) => id === result.goal)?.clock ?? 'calendar',
    asOf,
    limit: Number(options.limit),
    inFull: true,
  });
  const facts = await addLinks(workspace, kpi, explanation.facts);
  const { language } = workspace.settings;
  const goal = workspace.settings.goals.find(({ id }) => id === result.goal);
  const reason = (await findSilences(workspace, [result])).reasonFor(result)?.[language] ?? null;
  const outlook = (await findOutlooks(workspace, [result], asOf))(result);
  const { routine, notes, restated } = await noteHistory(workspace, { kpi, result });
  const json = {
    kpi: kpi.id,
    definition: kpi.description[language],
    formula: formulaOf(kpi)[language],
    result: toResultJson(result, kpi, { language, asOf, reason }),
    rule: statusRule(result, goal, language),
    routine,
    notes,
    facts,
    factsTotal: explanation.factsTotal,
    exclusions: (explanation.exclusions ?? []).map(({ reason: why, n }) => ({ reason: why[language], n })),
    changes: await tellChanges(workspace, explanation),
    keptFrom: explanation.keptFrom ?? null,
    ...(outlook && { outlook: outlookJson(result, outlook) }),
    ...(explanation.inputs.length > 0 && { inputs: plainInputs(workspace, explanation.inputs) }),
  };
  if (context.flags.json) context.out(JSON.stringify(json));
  else printExplanation(context, { kpi, result, json, language, restated });
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
  const goals = workspace.settings.goals.map(({ id }) => id);
  const newest = (months.length > 0 ? months : found).sort(byTimeAndGoal(goals)).at(-1);
  if (newest) return newest;
  const unserved = (await findSilences(workspace, [])).unserved.find((silence) => silence.kpi === kpi.id);
  if (unserved) {
    throw new RunError('usage', {
      where: kpi.id,
      message: `It has no value: ${unserved.reason[workspace.settings.language]}.`,
      fix: 'Connect a system that has it, or map it under `entities`; `crm-kpi check` tells what is missing.',
    });
  }
  throw new RunError('usage', {
    where: `${kpi.id} ${label ?? ''} ${String(options.segment ?? 'company')}`,
    message: 'There is no such result.',
    fix: `List what there is: crm-kpi results --kpi ${kpi.id} --segment ${segment.segmentKind ?? 'company'}.`,
  });
}

/** Of one period the goal that stands first in the settings comes last, before it what has no goal. */
function byTimeAndGoal(goals: readonly string[]) {
  const place = ({ goal }: StoredResult) =>
    goals.includes(goal ?? '') ? goals.indexOf(goal ?? '') : goals.length;
  return (a: StoredResult, b: StoredResult): number => {
    if (a.periodStart !== b.periodStart) return a.periodStart < b.periodStart ? -1 : 1;
    return place(b) - place(a);
  };
}

/** What each KPI that it is computed from came to, money in major units. */
function plainInputs({ catalog, settings }: Workspace, inputs: Explanation['inputs']) {
  return inputs.map(({ kpi: id, num, den, value, n }) => {
    const kpi = catalog.find((known) => known.id === id);
    const plain = (figure: number | null, measure: 'num' | 'den') =>
      kpi?.money.includes(measure) ? plainNumber(figure, 'money', settings.currency) : figure;
    const told = kpi ? plainNumber(value, kpi.unit, settings.currency) : value;
    return { kpi: id, num: plain(num, 'num'), den: plain(den, 'den'), value: told, n };
  });
}

type Explained = Awaited<ReturnType<typeof explainResult>>['facts'];

/** The facts as scripts read them: money in major units, instants ISO, each with its page in the CRM. */
export async function addLinks(
  { store, settings }: { store: Pick<FactStore, 'links' | 'streamOf'>; settings: Pick<Settings, 'currency'> },
  kpi: Kpi,
  facts: Explained,
) {
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
      url:
        links.get(`${source}\n${stream}`)?.replace('{id}', encodeURIComponent(idInCrm(stream, id))) ?? null,
      at: typeof at === 'number' ? new Date(at).toISOString() : at,
      num: plain(num, 'num'),
      den: plain(den, 'den'),
      value: plainNumber(value, kpi.unit, settings.currency),
    });
  }
  return linked;
}

/** What is new since the evaluation before: records, each with its page. */
async function tellChanges(workspace: Workspace, { changes, left }: Explanation) {
  if (!changes || changes.since === null) return null;
  const { since, records, recordsTotal } = changes;
  const linked = [];
  for (const record of records)
    linked.push({ ...record, url: await urlOf(workspace, record.source, record.object, record.id) });
  return {
    since: new Date(since).toISOString(),
    records: linked,
    recordsTotal,
    left: { n: left?.n ?? 0, records: left?.gone ?? [] },
  };
}

async function urlOf(
  { store }: Workspace,
  source: string,
  object: string,
  id: string,
): Promise<string | null> {
  const stream = isTable(object) ? await store.streamOf(source, object, id) : null;
  const link = (await store.links()).find((one) => one.source === source && one.stream === stream)?.link;
  return link?.replace('{id}', encodeURIComponent(idInCrm(stream, id))) ?? null;
}

function isTable(object: string): object is TableName {
  return object in entityTables;
}
