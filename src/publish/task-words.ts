import type { Language } from '../model/kpi.ts';

interface TaskWords {
  readonly offTarget: (label: string, segment: string, period: string) => string;
  readonly recovered: (label: string, segment: string, period: string) => string;
  readonly why: (goal: string) => string;
  readonly keptUp: string;
  readonly mayClose: string;
}

/** Texts of tasks, for the people who find them in their CRM. */
export const taskWords: Readonly<Record<Language, TaskWords>> = {
  en: {
    offTarget: (label, segment, period) => `${label} is off target: ${segment}, ${period}`,
    recovered: (label, segment, period) => `${label} is no longer off target: ${segment}, ${period}`,
    why: (reason) => `Why this goal: ${reason}`,
    keptUp:
      'Look for the cause, note what you decide, and complete the task. Until then its figures are kept up to date.',
    mayClose: 'The task may be completed.',
  },
  es: {
    offTarget: (label, segment, period) => `${label}, fuera de objetivo: ${segment}, ${period}`,
    recovered: (label, segment, period) => `${label} ya no está fuera de objetivo: ${segment}, ${period}`,
    why: (reason) => `Por qué este objetivo: ${reason}`,
    keptUp:
      'Busque la causa, anote lo que decida y complete la tarea. Hasta entonces, sus cifras se mantienen al día.',
    mayClose: 'La tarea puede completarse.',
  },
};
