import type { Labels } from '../model/kpi.ts';

/** A field that a working team fills, and on which records. */
export interface FillField {
  readonly table: 'deal' | 'ticket' | 'account' | 'lead';
  readonly column: string;
  readonly label: Labels;
  /** Only these records; all: no condition. */
  readonly where?: string;
}

/** What has a detector of its own (next step, category of cases) is not here. */
export const fillFields: readonly FillField[] = [
  {
    table: 'deal',
    column: 'amount_minor',
    label: { en: 'amount of deals', es: 'importe de las oportunidades' },
  },
  {
    table: 'deal',
    column: 'account_id',
    label: { en: 'account of deals', es: 'cuenta de las oportunidades' },
  },
  {
    table: 'deal',
    column: 'expected_close_on',
    label: { en: 'expected close of open deals', es: 'cierre previsto de las oportunidades abiertas' },
    where: "outcome = 'open'",
  },
  { table: 'deal', column: 'source', label: { en: 'source of deals', es: 'origen de las oportunidades' } },
  { table: 'deal', column: 'type', label: { en: 'type of deals', es: 'tipo de las oportunidades' } },
  {
    table: 'deal',
    column: 'lost_reason',
    label: { en: 'reason of lost deals', es: 'motivo de las oportunidades perdidas' },
    where: "outcome = 'lost'",
  },
  { table: 'ticket', column: 'account_id', label: { en: 'account of cases', es: 'cuenta de los casos' } },
  { table: 'ticket', column: 'priority', label: { en: 'priority of cases', es: 'prioridad de los casos' } },
  { table: 'ticket', column: 'channel', label: { en: 'channel of cases', es: 'canal de los casos' } },
  {
    table: 'account',
    column: 'category',
    label: { en: 'category of accounts', es: 'categoría de las cuentas' },
  },
  { table: 'account', column: 'country', label: { en: 'country of accounts', es: 'país de las cuentas' } },
  { table: 'lead', column: 'source', label: { en: 'source of leads', es: 'origen de los leads' } },
];

/** Text that fills a field and says nothing. */
export const emptyTexts = [
  '',
  '-',
  '--',
  '.',
  '?',
  'n/a',
  'na',
  'none',
  'unknown',
  'tbd',
  'null',
  'ninguno',
  'desconocido',
];
