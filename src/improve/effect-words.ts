import type { EffectMethod, EffectNote, EffectReport, Recheck, Verdict } from '../model/action.ts';
import { formatValue } from '../model/format.ts';
import type { Kpi, Labels, Language } from '../model/kpi.ts';
import { addDays } from '../model/zone.ts';

export interface EffectScale {
  readonly kpi: Pick<Kpi, 'unit'>;
  readonly currency: string;
  readonly language: Language;
}

export const verdictLabels: Readonly<Record<Verdict, Labels>> = {
  improved: { en: 'improved', es: 'mejora' },
  worsened: { en: 'worsened', es: 'empeora' },
  no_evidence: { en: 'no evidence', es: 'sin evidencia' },
  insufficient: { en: 'not to be judged yet', es: 'aún no se puede juzgar' },
};

export const recheckLabels: Readonly<Record<Recheck, Labels>> = {
  held: { en: 'held at the re-check', es: 'se mantiene en la segunda comprobación' },
  faded: { en: 'faded at the re-check', es: 'desaparece en la segunda comprobación' },
};

const methods: Readonly<Record<EffectMethod, Labels>> = {
  newcombe: { en: 'difference of shares (Newcombe)', es: 'diferencia de proporciones (Newcombe)' },
  hodges_lehmann: {
    en: 'shift of durations (Hodges-Lehmann)',
    es: 'desplazamiento de duraciones (Hodges-Lehmann)',
  },
  kaplan_meier: {
    en: 'difference of medians, open records included (Kaplan-Meier)',
    es: 'diferencia de medianas con los registros abiertos (Kaplan-Meier)',
  },
  welch: { en: 'difference of means (Welch)', es: 'diferencia de medias (Welch)' },
  binomial: { en: 'exact counts (binomial)', es: 'recuentos exactos (binomial)' },
  behaviour_chart: { en: 'process behaviour chart (XmR)', es: 'gráfico de comportamiento (XmR)' },
};

const notes: Readonly<Record<EffectNote, Labels>> = {
  waiting: { en: 'The window after it is not over.', es: 'La ventana posterior no ha terminado.' },
  not_started: {
    en: 'It has not been started, or has no KPI: nothing was fixed to be measured.',
    es: 'No se ha iniciado o no tiene KPI: no se fijó nada que medir.',
  },
  immature: {
    en: 'The newest records have not been observed long enough.',
    es: 'Los registros más recientes aún no se han observado lo suficiente.',
  },
  too_few: { en: 'Too few records to compare.', es: 'Demasiado pocos registros para comparar.' },
  not_comparable: {
    en: 'Not even half of the records of one side have ended: there is no median to compare.',
    es: 'En uno de los lados no ha terminado ni la mitad de los registros: no hay mediana que comparar.',
  },
  definition_changed: {
    en: "The KPI's definition has changed since it was started.",
    es: 'La definición del KPI ha cambiado desde el inicio.',
  },
  no_data: { en: 'There are no figures for these days.', es: 'No hay cifras de esos días.' },
  not_synced: {
    en: 'The CRM has not been read through the end of the window.',
    es: 'El CRM no se ha leído hasta el final de la ventana.',
  },
  below_min_effect: {
    en: 'There is a difference, but it is smaller than what matters.',
    es: 'Hay una diferencia, pero menor que la que importa.',
  },
  control_touched: {
    en: 'The control was worked on, too: it was left out.',
    es: 'También se actuó sobre el control: se ha descartado.',
  },
  control_too_small: {
    en: 'The control has too few records: it was left out.',
    es: 'El control tiene demasiado pocos registros: se ha descartado.',
  },
  mix_moved: {
    en: 'The mix of the records has moved: the change is weighted by the mix before.',
    es: 'La composición de los registros ha cambiado: se pondera con la composición anterior.',
  },
  trend_before: {
    en: 'There was a trend before: the change is told beyond it.',
    es: 'Ya había una tendencia: se cuenta el cambio más allá de ella.',
  },
  long_baseline: {
    en: 'It was picked because it stood out: it is compared with its long baseline, not with its last window.',
    es: 'Se eligió porque destacaba: se compara con su línea base larga, no con su última ventana.',
  },
  joint: {
    en: 'Actions on this KPI overlap: one verdict for all of them.',
    es: 'Hay acciones solapadas sobre este KPI: un solo veredicto para todas.',
  },
  exploratory: {
    en: 'Exploratory: what it looks at could already be seen when it was fixed.',
    es: 'Exploratorio: al fijarlo ya podía verse parte de lo que mide.',
  },
  recheck_too_few: {
    en: 'Too few records for the re-check.',
    es: 'Demasiado pocos registros para la segunda comprobación.',
  },
};

interface Phrases {
  readonly before: string;
  readonly after: string;
  readonly interval: string;
  readonly to: string;
  readonly detectable: (size: string) => string;
  readonly needed: (n: string) => string;
  readonly control: (name: string, change: string) => string;
  readonly standardised: (value: string) => string;
  readonly plain: (change: string) => string;
  readonly expected: (value: string) => string;
  readonly ready: (day: string) => string;
  readonly joint: (ids: string) => string;
  readonly points: string;
  readonly openEnd: string;
}

const phrases: Readonly<Record<Language, Phrases>> = {
  en: {
    before: 'Before',
    after: 'After',
    interval: '95 % interval',
    to: 'to',
    detectable: (size) => `Windows of this size show a change of ${size} or more.`,
    needed: (n) => `A change of this size would take about ${n} records in each window.`,
    control: (name, change) => `Control ${name}: ${change}; the change is told beyond it.`,
    standardised: (value) => `With the mix before: ${value}.`,
    plain: (change) => `Taken alone: ${change}.`,
    expected: (value) => `Expected by the trend before: ${value}.`,
    ready: (day) => `It can be measured from ${day} on.`,
    joint: (ids) => `Judged together: actions ${ids}.`,
    points: 'points',
    openEnd: '…',
  },
  es: {
    before: 'Antes',
    after: 'Después',
    interval: 'intervalo del 95 %',
    to: 'a',
    detectable: (size) => `Ventanas de este tamaño muestran un cambio de ${size} o más.`,
    needed: (n) => `Un cambio de este tamaño necesitaría unos ${n} registros en cada ventana.`,
    control: (name, change) => `Control ${name}: ${change}; el cambio se cuenta más allá de él.`,
    standardised: (value) => `Con la composición anterior: ${value}.`,
    plain: (change) => `Por sí solo: ${change}.`,
    expected: (value) => `Esperado por la tendencia anterior: ${value}.`,
    ready: (day) => `Se podrá medir a partir del ${day}.`,
    joint: (ids) => `Juzgadas juntas: acciones ${ids}.`,
    points: 'puntos',
    openEnd: '…',
  },
};

/** What came of an action, a sentence each: verdict, figures, interval, what it would take, remarks. */
export function describeEffect(report: EffectReport, scale: EffectScale): readonly string[] {
  const { language } = scale;
  const words = phrases[language];
  const lines = [headline(report, scale)];
  const { before, after } = report;
  const show = (value: number | null) => valueText(value, scale);
  if (before && after) {
    lines.push(
      `${words.before} ${before.from}..${addDays(before.to, -1)}: ${show(before.value)} (n ${before.n}). ${words.after} ${after.from}..${addDays(after.to, -1)}: ${show(after.value)} (n ${after.n}).`,
    );
  }
  return [...lines, ...effectRemarks(report, scale)];
}

/** What it would take, what was taken into account, remarks: what a chart of both sides does not show. */
export function effectRemarks(report: EffectReport, scale: EffectScale): readonly string[] {
  const { language } = scale;
  const words = phrases[language];
  const lines: string[] = [];
  const { size, detectable, recordsNeeded } = report;
  const show = (value: number | null) => valueText(value, scale);
  if (report.verdict === 'no_evidence' && size) {
    if (detectable !== null) lines.push(words.detectable(changeText(detectable, scale).replace(/^\+/, '')));
    if (recordsNeeded !== null)
      lines.push(words.needed(new Intl.NumberFormat(language).format(recordsNeeded)));
  }
  if (report.plain) lines.push(words.plain(sizeText(report.plain, scale)));
  if (report.control) {
    const { segment, size: change } = report.control;
    lines.push(words.control(segment.name ?? segment.id ?? segment.kind, sizeText(change, scale)));
  }
  const standardised = report.notes.includes('mix_moved') ? report.mix?.standardised : null;
  if (standardised !== null && standardised !== undefined) lines.push(words.standardised(show(standardised)));
  if (report.expected !== null) lines.push(words.expected(show(report.expected)));
  if (report.readyOn) lines.push(words.ready(report.readyOn));
  if (report.joint.length > 1) lines.push(words.joint(report.joint.join(', ')));
  return [...lines, ...report.notes.map((note) => notes[note][language])];
}

/** `improved: +10.0 points, 95 % interval 2.2 to 17.7 points` */
export function headline(report: EffectReport, scale: EffectScale): string {
  const { language } = scale;
  const verdict = verdictLabels[report.verdict][language];
  const recheck = report.recheck ? `, ${recheckLabels[report.recheck][language]}` : '';
  const change = changeSentence(report, scale);
  return change === null ? `${verdict}${recheck}` : `${verdict}${recheck}: ${change}`;
}

/** `+10.0 points, 95 % interval 2.2 to 17.7 points; difference of shares (Newcombe)`; null: none was measured. */
export function changeSentence({ size, method }: EffectReport, scale: EffectScale): string | null {
  return size && method ? `${sizeText(size, scale)}; ${methods[method][scale.language]}` : null;
}

function sizeText(size: NonNullable<EffectReport['size']>, scale: EffectScale): string {
  const words = phrases[scale.language];
  const end = (value: number | null) => (value === null ? words.openEnd : changeText(value, scale));
  return `${changeText(size.effect, scale)}, ${words.interval} ${end(size.low)} ${words.to} ${end(size.high)}`;
}

function valueText(value: number | null, { kpi, currency, language }: EffectScale): string {
  return formatValue(value, { unit: kpi.unit, currency, language });
}

/** With its sign; of shares in percentage points. */
function changeText(change: number, scale: EffectScale): string {
  const text = valueText(change, scale);
  const named = scale.kpi.unit === 'ratio' ? text.replace('%', phrases[scale.language].points) : text;
  return change > 0 ? `+${named}` : named;
}
