import { quadrantLabels } from '../improve/review-words.ts';
import type { DetectorSilence, FindingTeam, StoredFinding } from '../model/finding.ts';
import type { Language } from '../model/kpi.ts';
import type { FindingJson } from './finding-json.ts';
import { formatTable } from './table.ts';
import type { Workspace } from './wire.ts';

const words = {
  en: {
    priority: 'Priority',
    what: 'What to do',
    finding: 'Finding',
    since: 'Since',
    closed: 'closed',
    rule: 'Rule',
    evidence: 'Evidence',
    worst: 'Worst records',
    team: 'Team',
    rate: 'Rate',
    interval: '95 % interval',
    named: 'stands out',
    measure: 'Measure',
    record: 'Record',
    silences: 'Not looked at:',
    linked: 'Linked to',
    impact: 'impact',
    urgency: 'urgency',
  },
  es: {
    priority: 'Prioridad',
    what: 'Qué hacer',
    finding: 'Hallazgo',
    since: 'Desde',
    closed: 'cerrado',
    rule: 'Regla',
    evidence: 'Evidencia',
    worst: 'Peores registros',
    team: 'Equipo',
    rate: 'Tasa',
    interval: 'Intervalo del 95 %',
    named: 'destaca',
    measure: 'Medida',
    record: 'Registro',
    silences: 'Sin examinar:',
    linked: 'Vinculado a',
    impact: 'impacto',
    urgency: 'urgencia',
  },
} as const satisfies Readonly<Record<Language, Readonly<Record<string, string>>>>;

type Place = Pick<Workspace, 'settings' | 'zone'>;

export function formatFindings(findings: readonly StoredFinding[], { settings, zone }: Place): string {
  const { language } = settings;
  const say = words[language];
  const rows = findings.map((finding, place) => [
    String(place + 1),
    finding.priority.toFixed(1),
    finding.closedAt === null ? quadrantLabels[finding.quadrant][language] : say.closed,
    finding.title[language],
    finding.detector,
    zone.dateOf(finding.firstSeenAt),
  ]);
  return formatTable(['>', `>${say.priority}`, say.what, say.finding, 'detector', say.since], rows);
}

export function formatSilences(silences: readonly DetectorSilence[], language: Language): string {
  const lines = silences.map(({ detector, reason }) => `  ${detector}: ${reason[language]}`);
  return [words[language].silences, ...lines].join('\n');
}

export function formatFinding(finding: StoredFinding, json: FindingJson, { settings, zone }: Place): string {
  const { language } = settings;
  const say = words[language];
  const goal = finding.goal ?? finding.kpi;
  const figures = Object.entries(finding.evidence)
    .filter(([name]) => name !== 'measure')
    .map(([name, value]) => `  ${name}: ${figureText(value)}`);
  return [
    finding.title[language],
    `${finding.id}`,
    `${say.priority} ${finding.priority.toFixed(1)} (${say.impact} ${finding.impact.toFixed(1)}, ${say.urgency} ${finding.urgency.toFixed(1)}): ${quadrantLabels[finding.quadrant][language]}. ${say.since} ${zone.dateOf(finding.firstSeenAt)}.`,
    ...(goal === null ? [] : [`${say.linked} ${goal}.`]),
    `\n${say.rule}: ${finding.rule[language]}`,
    `\n${say.evidence}:`,
    ...figures,
    ...(finding.teams.length > 0 ? ['', formatTeams(finding.teams, language)] : []),
    ...(json.records.length > 0 ? ['', `${say.worst}:`, formatRecords(finding, json, language)] : []),
  ].join('\n');
}

function figureText(value: number | string | null): string {
  if (value === null) return '–';
  return typeof value === 'number' && !Number.isInteger(value)
    ? String(Number(value.toPrecision(4)))
    : String(value);
}

function formatTeams(teams: readonly FindingTeam[], language: Language): string {
  const say = words[language];
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const rows = teams.map(({ id, name, num, den, low, high, named }) => [
    name ?? id,
    `${num} / ${den}`,
    percent(den > 0 ? num / den : 0),
    `${percent(low)} – ${percent(high)}`,
    named ? say.named : '',
  ]);
  return formatTable([say.team, '>n', `>${say.rate}`, `>${say.interval}`, ''], rows);
}

function formatRecords({ evidence }: StoredFinding, { records }: FindingJson, language: Language): string {
  const say = words[language];
  const unit = typeof evidence.measure === 'string' ? evidence.measure : '';
  const rows = records.map(({ measure, url, object, id }) => [
    measureText(measure, unit),
    url ?? `${object} ${id}`,
  ]);
  return formatTable([`>${say.measure}${unit === '' ? '' : ` (${unit})`}`, say.record], rows);
}

function measureText(measure: number | null, unit: string): string {
  if (measure === null) return '–';
  if (unit.endsWith('_at')) return new Date(measure).toISOString().slice(0, 10);
  return figureText(Math.round(measure * 10) / 10);
}
