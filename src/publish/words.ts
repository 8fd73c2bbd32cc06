import type { Language } from '../model/kpi.ts';

/** Key of the record that tells freshness. */
export const statusKey = '_status';

interface Words {
  /** Labels of picklist values. */
  readonly values: Readonly<Record<string, string>>;
  readonly company: string;
  readonly none: string;
  readonly of: string;
  readonly atLeast: string;
  readonly atMost: string;
  readonly between: string;
  readonly and: string;
  readonly target: string;
  readonly noGoal: string;
  readonly noValue: string;
  readonly records: (n: number, missing: number) => string;
  readonly evidence: Readonly<Record<string, string>>;
  readonly restated: (value: string) => string;
  readonly statusLabel: string;
  readonly statusText: (asOf: string) => string;
}

export const words: Readonly<Record<Language, Words>> = {
  en: {
    values: {
      day: 'Day',
      week: 'Week',
      month: 'Month',
      quarter: 'Quarter',
      year: 'Year',
      not_started: 'Not started',
      no_data: 'No data',
      insufficient: 'Too few records',
      exceeded: 'Exceeded',
      on_target: 'On target',
      at_risk: 'At risk',
      off_target: 'Off target',
      clear: 'Clear',
      within_noise: 'Within noise',
      unknown: 'Unknown',
      rising: 'Rising',
      falling: 'Falling',
      none: 'None',
      preliminary: 'Preliminary',
      official: 'Official',
      restated: 'Restated',
    },
    company: 'Company',
    none: '(none)',
    of: 'of',
    atLeast: 'at least',
    atMost: 'at most',
    between: 'between',
    and: 'and',
    target: 'target',
    noGoal: 'no goal',
    noValue: 'no value',
    records: (n, missing) =>
      `Counted from ${n} ${n === 1 ? 'record' : 'records'} in the CRM${missing > 0 ? `; ${missing} left out because a figure is missing` : ''}.`,
    evidence: {
      clear: 'The difference from the target is clear.',
      within_noise: 'The difference from the target may be chance.',
    },
    restated: (value) => `Recomputed later from changed records: ${value}.`,
    statusLabel: 'crm-kpi status',
    statusText: (asOf) => `Figures computed as of ${asOf}.`,
  },
  es: {
    values: {
      day: 'Día',
      week: 'Semana',
      month: 'Mes',
      quarter: 'Trimestre',
      year: 'Año',
      not_started: 'No iniciado',
      no_data: 'Sin datos',
      insufficient: 'Registros insuficientes',
      exceeded: 'Superado',
      on_target: 'En objetivo',
      at_risk: 'En riesgo',
      off_target: 'Fuera de objetivo',
      clear: 'Clara',
      within_noise: 'Dentro del ruido',
      unknown: 'Desconocida',
      rising: 'Al alza',
      falling: 'A la baja',
      none: 'Ninguna',
      preliminary: 'Provisional',
      official: 'Oficial',
      restated: 'Revisado',
    },
    company: 'Empresa',
    none: '(ninguno)',
    of: 'de',
    atLeast: 'al menos',
    atMost: 'como máximo',
    between: 'entre',
    and: 'y',
    target: 'objetivo',
    noGoal: 'sin objetivo',
    noValue: 'sin valor',
    records: (n, missing) =>
      `Contado a partir de ${n} ${n === 1 ? 'registro' : 'registros'} del CRM${missing > 0 ? `; ${missing} ${missing === 1 ? 'excluido' : 'excluidos'} por faltar un dato` : ''}.`,
    evidence: {
      clear: 'La diferencia con el objetivo es clara.',
      within_noise: 'La diferencia con el objetivo puede deberse al azar.',
    },
    restated: (value) => `Recalculado después con registros modificados: ${value}.`,
    statusLabel: 'Estado de crm-kpi',
    statusText: (asOf) => `Cifras calculadas a fecha de ${asOf}.`,
  },
};
