import type { ActionState } from '../model/action.ts';
import type { Quadrant } from '../model/finding.ts';
import type { Movement, Status } from '../model/goal.ts';
import type { Labels, Language } from '../model/kpi.ts';

interface ReviewWords {
  readonly title: (number: number, day: string) => string;
  readonly asOf: (instant: string) => string;
  readonly attendees: string;
  readonly goals: string;
  readonly goalHead: readonly string[];
  readonly noGoals: string;
  readonly changes: (review: number, since: string) => string;
  readonly noChanges: string;
  readonly restated: string;
  readonly newFinding: string;
  readonly closedFinding: string;
  readonly lastDecisions: string;
  readonly findings: string;
  readonly findingHead: readonly string[];
  readonly noFindings: string;
  readonly moreFindings: (n: number) => string;
  readonly actions: string;
  readonly actionHead: readonly string[];
  readonly noActions: string;
  readonly decisions: string;
  readonly next: string;
  readonly toFill: string;
}

export const reviewWords: Readonly<Record<Language, ReviewWords>> = {
  en: {
    title: (number, day) => `Review ${number}, ${day}`,
    asOf: (instant) => `Figures as of ${instant}; they stay as they were seen here.`,
    attendees: 'Attendees',
    goals: 'Goals',
    goalHead: ['KPI', 'Period', 'Value', 'Target', 'Status', 'Movement', 'Records', 'Result'],
    noGoals: 'No goals are set.',
    changes: (review, since) => `Since review ${review} (${since})`,
    noChanges: 'Nothing has changed.',
    restated: 'Restated',
    newFinding: 'New finding',
    closedFinding: 'Closed finding',
    lastDecisions: 'Decided then',
    findings: 'Open findings',
    findingHead: ['Priority', 'What to do', 'Finding'],
    noFindings: 'There are no open findings.',
    moreFindings: (n) => `And ${n} more of lower priority: crm-kpi findings.`,
    actions: 'Actions and their effect',
    actionHead: ['No.', 'Action', 'Type', 'State', 'Owner', 'Due', 'Effect'],
    noActions: 'There are no actions.',
    decisions: 'Decisions',
    next: 'Next review',
    toFill: '(to be filled in)',
  },
  es: {
    title: (number, day) => `Revisión ${number}, ${day}`,
    asOf: (instant) => `Cifras a ${instant}; quedan como se vieron aquí.`,
    attendees: 'Asistentes',
    goals: 'Objetivos',
    goalHead: ['KPI', 'Periodo', 'Valor', 'Objetivo', 'Estado', 'Movimiento', 'Registros', 'Resultado'],
    noGoals: 'No hay objetivos definidos.',
    changes: (review, since) => `Desde la revisión ${review} (${since})`,
    noChanges: 'No ha cambiado nada.',
    restated: 'Corregido',
    newFinding: 'Hallazgo nuevo',
    closedFinding: 'Hallazgo cerrado',
    lastDecisions: 'Se decidió entonces',
    findings: 'Hallazgos abiertos',
    findingHead: ['Prioridad', 'Qué hacer', 'Hallazgo'],
    noFindings: 'No hay hallazgos abiertos.',
    moreFindings: (n) => `Y ${n} más de menor prioridad: crm-kpi findings.`,
    actions: 'Acciones y su efecto',
    actionHead: ['N.º', 'Acción', 'Tipo', 'Estado', 'Responsable', 'Para', 'Efecto'],
    noActions: 'No hay acciones.',
    decisions: 'Decisiones',
    next: 'Próxima revisión',
    toFill: '(por completar)',
  },
};

export const statusLabels: Readonly<Record<Status, Labels>> = {
  not_started: { en: 'not started', es: 'no iniciado' },
  no_data: { en: 'no data', es: 'sin datos' },
  insufficient: { en: 'too few records', es: 'muy pocos registros' },
  exceeded: { en: 'exceeded', es: 'superado' },
  on_target: { en: 'on target', es: 'en objetivo' },
  at_risk: { en: 'at risk', es: 'en riesgo' },
  off_target: { en: 'off target', es: 'fuera de objetivo' },
};

export const movementLabels: Readonly<Record<Movement, Labels>> = {
  improved: { en: 'improved', es: 'mejora' },
  worsened: { en: 'worsened', es: 'empeora' },
  no_evidence: { en: 'no evidence', es: 'sin evidencia' },
};

export const quadrantLabels: Readonly<Record<Quadrant, Labels>> = {
  do_now: { en: 'do now', es: 'hacer ya' },
  plan: { en: 'plan', es: 'planificar' },
  quick_fix: { en: 'quick fix', es: 'arreglo rápido' },
  watch: { en: 'watch', es: 'vigilar' },
};

export const stateLabels: Readonly<Record<ActionState, Labels>> = {
  proposed: { en: 'proposed', es: 'propuesta' },
  accepted: { en: 'accepted', es: 'aceptada' },
  started: { en: 'started', es: 'iniciada' },
  done: { en: 'done', es: 'hecha' },
  rejected: { en: 'rejected', es: 'rechazada' },
};
