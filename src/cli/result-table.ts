import { formatResult, formatValue } from '../model/format.ts';
import type { DurationClock, Goal } from '../model/goal.ts';
import type { Language } from '../model/kpi.ts';
import type { Result } from '../model/result.ts';
import { words } from '../publish/words.ts';
import { formatTable } from './table.ts';
import type { Workspace } from './wire.ts';

const headings: Readonly<Record<Language, readonly string[]>> = {
  en: [
    'KPI',
    'Period',
    'Segment',
    '>Value',
    '>Target',
    'Status',
    'Evidence',
    'Movement',
    '>Baseline',
    '>Records',
  ],
  es: [
    'KPI',
    'Periodo',
    'Segmento',
    '>Valor',
    '>Objetivo',
    'Estado',
    'Evidencia',
    'Movimiento',
    '>Base',
    '>Registros',
  ],
};
const movements: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  en: { improved: 'improved', worsened: 'worsened', no_evidence: 'no evidence' },
  es: { improved: 'mejora', worsened: 'empeora', no_evidence: 'sin evidencia' },
};
const marks: Readonly<Record<string, string>> = {
  exceeded: '▲',
  on_target: '●',
  at_risk: '◐',
  off_target: '○',
};

/** Results for people: one line each, KPIs in the order of their domain, a partial period marked with `…`. */
export function formatResults(
  results: readonly Result[],
  { catalog, settings }: Pick<Workspace, 'catalog' | 'settings'>,
): string {
  const { language, goals } = settings;
  const kpis = new Map(catalog.map((kpi) => [kpi.id, kpi]));
  const domains = [...new Set(catalog.map(({ domain }) => domain))];
  const rank = ({ kpi }: Result) => domains.indexOf(kpis.get(kpi)?.domain ?? '');
  const sorted = [...results].sort(
    (a, b) => Number(b.goal !== null) - Number(a.goal !== null) || rank(a) - rank(b) || compareSeries(a, b),
  );
  const rows = sorted.map((result) => {
    const format = (value: number | null) =>
      formatValue(value, { unit: result.unit, currency: result.currency, language });
    const shape = goals.find(({ id }) => id === result.goal)?.shape;
    const { kind, id, name } = result.segment;
    return [
      `${kpis.get(result.kpi)?.label[language] ?? result.kpi}${measureOf(result, goals, language)}`,
      result.complete ? result.periodLabel : `${result.periodLabel}…`,
      kind === 'company' ? words[language].company : `${kind} ${name ?? id ?? ''}`,
      `${formatResult(result, language)}${officialBeside(result, language)}`,
      formatTarget(result, format, shape),
      result.status
        ? `${marks[result.status] ?? '·'} ${words[language].values[result.status] ?? result.status}`
        : '',
      result.evidence && result.evidence !== 'unknown' ? (words[language].values[result.evidence] ?? '') : '',
      result.movement ? (movements[language][result.movement] ?? '') : '',
      result.baseline === null ? '' : format(result.baseline),
      String(result.n),
    ];
  });
  return formatTable(headings[language], rows);
}

const clockWords: Readonly<Record<Language, Readonly<Partial<Record<DurationClock, string>>>>> = {
  en: { business: 'working hours', agent: "agent's hours" },
  es: { business: 'horas laborables', agent: 'horas del agente' },
};

/** What tells goals of one duration apart: another statistic than the median, another clock than the calendar. */
function measureOf({ goal: id }: Result, goals: readonly Goal[], language: Language): string {
  const goal = goals.find((each) => each.id === id);
  const means = language === 'es' ? 'media' : 'mean';
  const statistic = goal?.statistic === 'p50' ? null : goal?.statistic === 'mean' ? means : goal?.statistic;
  const parts = [statistic, goal && clockWords[language][goal.clock]].filter((part) => part);
  return parts.length > 0 ? `, ${parts.join(', ')}` : '';
}

const was: Readonly<Record<Language, string>> = { en: 'was', es: 'era' };

/** Of a restated figure what it was when it became official: the status speaks of that. */
function officialBeside({ restatement, value, unit, currency }: Result, language: Language): string {
  if (!restatement || restatement.official.value === value) return '';
  const { official } = restatement;
  const then = { unit, currency: official.currency ?? currency, language };
  return ` (${was[language]} ${formatValue(official.value, then)})`;
}

function compareSeries(a: Result, b: Result): number {
  const key = (result: Result) =>
    [
      result.kpi,
      result.grain,
      result.segment.kind,
      result.segment.name ?? '',
      result.segment.id ?? '',
      result.periodStart,
    ].join('\n');
  return key(a) < key(b) ? -1 : 1;
}

function formatTarget(
  { target }: Result,
  format: (value: number) => string,
  shape: string | undefined,
): string {
  if (target === null) return '';
  if (typeof target === 'object') return `${format(target.lo)} – ${format(target.hi)}`;
  return `${shape === 'at_most' ? '≤' : '≥'} ${format(target)}`;
}
