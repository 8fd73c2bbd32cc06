import { type Explanation, explainResult } from '../../evaluate/explain.ts';
import { parsePeriodLabel } from '../../evaluate/periods.ts';
import { entityTables, type TableName } from '../../model/entities.ts';
import { RunError } from '../../model/errors.ts';
import { formatResult, plainNumber } from '../../model/format.ts';
import type { Kpi, Language } from '../../model/kpi.ts';
import type { Period } from '../../model/period.ts';
import { resultKey } from '../../model/result.ts';
import type { Settings } from '../../model/settings.ts';
import type { FactStore, StoredResult } from '../../model/store.ts';
import type { CommandContext, ExitCode } from '../context.ts';
import { formulaOf } from '../own-kpis/formula.ts';
import { toResultJson } from '../result-json.ts';
import { parseSegment } from '../segment-flag.ts';
import { findSilences } from '../silences.ts';
import { statusRule } from '../status-rule.ts';
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
    inFull: true,
  });
  const facts = await addLinks(workspace, kpi, explanation.facts);
  const { language } = workspace.settings;
  const goal = workspace.settings.goals.find(({ id }) => id === result.goal);
  const reason = (await findSilences(workspace, [result])).reasonFor(result)?.[language] ?? null;
  const json = {
    kpi: kpi.id,
    definition: kpi.description[language],
    formula: formulaOf(kpi)[language],
    result: toResultJson(result, kpi, { language, asOf, reason }),
    rule: statusRule(result, goal, language),
    facts,
    factsTotal: explanation.factsTotal,
    exclusions: (explanation.exclusions ?? []).map(({ reason: why, n }) => ({ reason: why[language], n })),
    changes: await tellChanges(workspace, explanation.changes),
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

function byGoalAndTime(a: StoredResult, b: StoredResult): number {
  if (a.periodStart !== b.periodStart) return a.periodStart < b.periodStart ? -1 : 1;
  return Number(a.goal !== null) - Number(b.goal !== null);
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
      url: links.get(`${source}\n${stream}`)?.replace('{id}', encodeURIComponent(id)) ?? null,
      at: typeof at === 'number' ? new Date(at).toISOString() : at,
      num: plain(num, 'num'),
      den: plain(den, 'den'),
      value: plainNumber(value, kpi.unit, settings.currency),
    });
  }
  return linked;
}

/** What is new since the evaluation before: records, each with its page. */
async function tellChanges(workspace: Workspace, changes: Explanation['changes']) {
  if (!changes || changes.since === null) return null;
  const { since, records, recordsTotal } = changes;
  const linked = [];
  for (const record of records)
    linked.push({ ...record, url: await urlOf(workspace, record.source, record.object, record.id) });
  return { since: new Date(since).toISOString(), records: linked, recordsTotal };
}

async function urlOf(
  { store }: Workspace,
  source: string,
  object: string,
  id: string,
): Promise<string | null> {
  const stream = isTable(object) ? await store.streamOf(source, object, id) : null;
  const link = (await store.links()).find((one) => one.source === source && one.stream === stream)?.link;
  return link?.replace('{id}', encodeURIComponent(id)) ?? null;
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
    readonly formula: string;
    readonly rule: string | null;
    readonly result: { readonly reason: string | null };
    readonly facts: Awaited<ReturnType<typeof addLinks>>;
    readonly factsTotal: number;
    readonly exclusions: readonly { readonly reason: string; readonly n: number }[];
    readonly changes: Awaited<ReturnType<typeof tellChanges>>;
  };
}

const texts = {
  en: {
    sum: 'sum',
    counted: (n: number, missing: number) =>
      `${n} records count, ${missing} left out because a figure is missing.`,
    goal: 'Goal',
    evidence: 'evidence',
    flags: 'Flags',
    excluded: 'Does not count',
    changed: (n: number, since: string) => `${n} of the records came or changed since ${since}`,
    headings: ['When', '>Num', '>Den', 'Record'],
    shown: (some: number, all: number) => `${some} of ${all} records shown; --limit shows more.`,
    key: 'Key in the CRM',
  },
  es: {
    sum: 'suma',
    counted: (n: number, missing: number) =>
      `Cuentan ${n} registros; ${missing} quedan fuera porque falta un dato.`,
    goal: 'Objetivo',
    evidence: 'evidencia',
    flags: 'Avisos',
    excluded: 'No cuentan',
    changed: (n: number, since: string) => `${n} de los registros son nuevos o han cambiado desde ${since}`,
    headings: ['Cuándo', '>Num', '>Den', 'Registro'],
    shown: (some: number, all: number) => `Se muestran ${some} de ${all} registros; --limit muestra más.`,
    key: 'Clave en el CRM',
  },
} as const;

function print({ out, note }: CommandContext, { kpi, result, json, language }: Printable): void {
  const say = texts[language];
  out(`${kpi.label[language]} (${kpi.id}), ${result.periodLabel}: ${formatResult(result, language)}`);
  out(json.definition);
  out(json.formula);
  const parts = result.den === null ? `${say.sum} ${result.num}` : `${result.num} / ${result.den}`;
  out(`${parts}; ${say.counted(result.n, result.nMissing)}`);
  if (json.result.reason !== null) out(`${json.result.reason}.`);
  if (result.status) {
    const evidence = result.evidence ? `, ${say.evidence} ${result.evidence}` : '';
    out(`${say.goal} ${result.goal}: ${result.status}${json.rule ? ` (${json.rule})` : ''}${evidence}.`);
  }
  if (result.flags.length > 0) out(`${say.flags}: ${result.flags.join(', ')}.`);
  if (json.exclusions.length > 0)
    out(`${say.excluded}: ${json.exclusions.map(({ reason, n }) => `${n} ${reason}`).join('; ')}.`);
  if (json.changes) out(`${say.changed(json.changes.recordsTotal, json.changes.since)}.`);
  const rows = json.facts.map(({ at, num, den, object, id, url }) => [
    at,
    String(num),
    den === null ? '' : String(den),
    url ?? `${object} ${id}`,
  ]);
  out('');
  out(formatTable(say.headings, rows));
  if (json.factsTotal > json.facts.length) note(say.shown(json.facts.length, json.factsTotal));
  note(`${say.key}: ${resultKey(result)}`);
}
