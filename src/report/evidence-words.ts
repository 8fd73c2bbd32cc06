import type { Labels } from '../model/kpi.ts';

/** How a figure behind a finding is written; `kpi`: in the unit of the finding's KPI; `hidden`: only for programs. */
export type EvidenceForm =
  | 'number'
  | 'share'
  | 'hours'
  | 'days'
  | 'money'
  | 'kpi'
  | 'period'
  | 'instant'
  | 'text'
  | 'status'
  | 'movement'
  | 'p'
  | 'hidden';

type Entry = readonly [form: EvidenceForm, en: string, es: string];

const entries: Readonly<Record<string, Entry>> = {
  activities: ['number', 'activities', 'actividades'],
  all_cases: ['number', 'all cases', 'todos los casos'],
  articles: ['number', 'articles', 'artículos'],
  baseline: ['share', 'share before', 'proporción anterior'],
  baseline_den: ['number', 'records before', 'registros anteriores'],
  baseline_num: ['number', 'of them affected', 'de ellos afectados'],
  campaigns: ['number', 'campaigns', 'campañas'],
  cases: ['number', 'cases', 'casos'],
  certainty: ['hidden', '', ''],
  change: ['kpi', 'change over the periods', 'cambio en los periodos'],
  closed: ['number', 'closed', 'cerrados'],
  count: ['number', 'times', 'veces'],
  den: ['number', 'records', 'registros'],
  direction: ['hidden', '', ''],
  effect: ['share', 'relative change', 'cambio relativo'],
  empty: ['number', 'empty', 'vacíos'],
  fill_rate: ['share', 'filled', 'rellenos'],
  high: ['share', 'interval to', 'intervalo hasta'],
  idle: ['number', 'without activity', 'sin actividad'],
  lacking: ['number', 'lacking', 'sin el dato'],
  late: ['number', 'late', 'tardíos'],
  late_when: ['text', 'late at', 'tardíos en'],
  licensed: ['number', 'with a licence', 'con licencia'],
  limit_by: ['hidden', '', ''],
  limit_days: ['days', 'old from', 'antiguo a partir de'],
  linked: ['number', 'with an article', 'con un artículo'],
  low: ['share', 'interval from', 'intervalo desde'],
  measure: ['hidden', '', ''],
  median_hours: ['hours', 'median', 'mediana'],
  median_hours_before: ['hours', 'median before', 'mediana anterior'],
  method: ['text', 'method', 'método'],
  movement: ['movement', 'movement', 'movimiento'],
  n: ['number', 'records', 'registros'],
  newest_at: ['instant', 'newest record', 'registro más reciente'],
  newest_days: ['days', 'age of the newest', 'edad del más reciente'],
  not_signed_in_30_days: ['number', 'not signed in for 30 days', 'sin iniciar sesión en 30 días'],
  num: ['number', 'affected', 'afectados'],
  object: ['text', 'object', 'objeto'],
  old: ['number', 'old', 'antiguos'],
  open: ['number', 'open', 'abiertos'],
  open_deals: ['number', 'open deals', 'oportunidades abiertas'],
  open_minor: ['money', 'open value', 'valor abierto'],
  open_tasks: ['number', 'open tasks', 'tareas abiertas'],
  others_median_hours: ['hours', 'median of the others', 'mediana de los demás'],
  overdue: ['number', 'overdue', 'vencidas'],
  p: ['p', 'p', 'p'],
  p50_hours: ['hours', 'median', 'mediana'],
  p90_hours: ['hours', '90 % within', 'el 90 % en'],
  passed_on: ['number', 'passed on', 'reasignados'],
  per_month: ['number', 'per month', 'al mes'],
  period: ['period', 'period', 'periodo'],
  periods: ['number', 'periods', 'periodos'],
  pushed: ['number', 'pushed', 'aplazadas'],
  records: ['number', 'records', 'registros'],
  reports: ['number', 'reports', 'informes'],
  share: ['share', 'share', 'proporción'],
  shift_high: ['hours', 'longer by, to', 'más largo, hasta'],
  shift_hours: ['hours', 'longer by', 'más largo en'],
  shift_low: ['hours', 'longer by, from', 'más largo, desde'],
  slope: ['kpi', 'change per period', 'cambio por periodo'],
  stage: ['text', 'stage', 'etapa'],
  stale: ['number', 'out of date', 'desactualizados'],
  stalled_deals: ['number', 'standing still', 'paradas'],
  stalled_minor: ['money', 'their value', 'su valor'],
  status: ['status', 'status', 'estado'],
  surveyed: ['number', 'asked', 'encuestados'],
  target: ['kpi', 'target', 'objetivo'],
  target_from: ['hidden', '', ''],
  target_high: ['kpi', 'target to', 'objetivo hasta'],
  target_hours: ['hours', 'target', 'objetivo'],
  target_low: ['kpi', 'target from', 'objetivo desde'],
  tasks: ['number', 'tasks', 'tareas'],
  tests: ['number', 'series tested', 'series examinadas'],
  unread: ['number', 'unread', 'sin abrir'],
  value: ['kpi', 'value', 'valor'],
  value_share: ['share', 'share of the value', 'proporción del valor'],
  viewed: ['number', 'viewed', 'consultados'],
  visits: ['number', 'visits', 'pasos'],
  visits_before: ['number', 'visits before', 'pasos anteriores'],
  weekday: ['hidden', '', ''],
  without_category: ['number', 'without category', 'sin categoría'],
  without_history: ['number', 'without history', 'sin historial'],
  without_minor: ['money', 'their value', 'su valor'],
  without_step: ['number', 'without a next step', 'sin próximo paso'],
  won_time_share: ['share', 'share of the time of won deals', 'proporción del tiempo de las ganadas'],
  won_visits: ['number', 'visits of won deals', 'pasos de las ganadas'],
  worst_category: ['text', 'category that lacks most', 'categoría a la que más falta'],
  worst_den: ['hidden', '', ''],
  worst_id: ['hidden', '', ''],
  worst_kind: ['hidden', '', ''],
  worst_missing: ['hidden', '', ''],
  worst_name: ['hidden', '', ''],
  worst_num: ['hidden', '', ''],
  worst_owner: ['text', 'person who lacks most', 'persona a la que más falta'],
  worst_share: ['share', 'its share of what is missing', 'su parte de lo que falta'],
  worst_team: ['text', 'team that lacks most', 'equipo al que más falta'],
  worst_value: ['kpi', 'its value', 'su valor'],
};

export interface EvidenceTerm {
  readonly form: EvidenceForm;
  readonly label: Labels;
}

/** A name that nobody has explained is told as it is, as a number or a text. */
export function evidenceTerm(name: string): EvidenceTerm {
  const known = Object.hasOwn(entries, name) ? entries[name] : undefined;
  if (known) return { form: known[0], label: { en: known[1], es: known[2] } };
  const plain = name.replaceAll('_', ' ');
  return { form: name.endsWith('_at') ? 'instant' : 'number', label: { en: plain, es: plain } };
}
