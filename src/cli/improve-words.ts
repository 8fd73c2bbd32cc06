import type { Language } from '../model/kpi.ts';

interface ActionWords {
  readonly noActions: string;
  readonly nothingNew: string;
  readonly taskLater: string;
  readonly noKpi: (action: number) => string;
  readonly inRange: (kpi: string) => string;
  readonly fixed: (plan: {
    readonly kpi: string;
    readonly windowDays: number;
    readonly from: string;
    readonly washOutDays: number;
    readonly notBefore: string;
  }) => string;
}

export const actionWords: Readonly<Record<Language, ActionWords>> = {
  en: {
    noActions: 'There are no actions yet. crm-kpi actions propose makes some of the findings.',
    nothingNew: 'Nothing new to propose: every open finding has its action.',
    taskLater: 'The task is written with the next crm-kpi publish or crm-kpi run.',
    noKpi: (action) =>
      `Action ${action} has no KPI: its effect cannot be measured. Name one with --kpi to have it measured.`,
    inRange: (kpi) =>
      `${kpi} is best within a range: a change of it is neither better nor worse. Name another KPI with --kpi to have the effect measured.`,
    fixed: ({ kpi, windowDays, from, washOutDays, notBefore }) =>
      `Fixed: ${kpi}, ${windowDays} days from ${from} on before, as many after it is finished and ${washOutDays} days have passed (not before ${notBefore}).`,
  },
  es: {
    noActions: 'Aún no hay acciones. crm-kpi actions propose las propone a partir de los hallazgos.',
    nothingNew: 'Nada nuevo que proponer: cada hallazgo abierto tiene su acción.',
    taskLater: 'La tarea se escribe con el próximo crm-kpi publish o crm-kpi run.',
    noKpi: (action) =>
      `La acción ${action} no tiene KPI: su efecto no se puede medir. Indique uno con --kpi para medirlo.`,
    inRange: (kpi) =>
      `${kpi} es mejor dentro de un rango: un cambio no es ni mejora ni empeoramiento. Indique otro KPI con --kpi para medir el efecto.`,
    fixed: ({ kpi, windowDays, from, washOutDays, notBefore }) =>
      `Fijado: ${kpi}, ${windowDays} días desde el ${from} antes, y otros tantos cuando haya terminado y hayan pasado ${washOutDays} días (no antes del ${notBefore}).`,
  },
};

interface EntryWords {
  readonly head: readonly string[];
  readonly none: string;
  readonly removed: string;
  readonly to: string;
  readonly counts: string;
  readonly unchanged: string;
  readonly kept: string;
  readonly takenBack: string;
  readonly imported: (written: number, all: number) => string;
}

export const entryWords: Readonly<Record<Language, EntryWords>> = {
  en: {
    head: ['Id', 'Version', 'Kind', 'Day', '>Figure', 'About', 'Source', 'Author', 'Entered'],
    none: 'There are no entries. crm-kpi entry add makes one.',
    removed: 'removed',
    to: 'to',
    counts: 'It counts with the next crm-kpi evaluate or crm-kpi run.',
    unchanged: 'Nothing was changed.',
    kept: 'The old version is kept.',
    takenBack: 'It is taken back; its versions are kept.',
    imported: (written, all) => `${written} of ${all} rows are new or changed.`,
  },
  es: {
    head: ['Id', 'Versión', 'Clase', 'Día', '>Cifra', 'Sobre', 'Fuente', 'Autor', 'Anotado'],
    none: 'No hay anotaciones. crm-kpi entry add crea una.',
    removed: 'retirada',
    to: 'a',
    counts: 'Cuenta con el próximo crm-kpi evaluate o crm-kpi run.',
    unchanged: 'No ha cambiado nada.',
    kept: 'Se conserva la versión anterior.',
    takenBack: 'Queda retirada; se conservan sus versiones.',
    imported: (written, all) => `${written} de ${all} filas son nuevas o han cambiado.`,
  },
};
