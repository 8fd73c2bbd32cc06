import type { Remedy } from './remedies.ts';

/** Inefficient processes. */
export const processRemedies: Readonly<Record<string, readonly Remedy[]>> = {
  stage_bottleneck: [
    {
      type: 'training',
      when: 'people_differ',
      effort: 'M',
      title: {
        en: 'Workshop on the stage {what}, led by the quickest team',
        es: 'Taller sobre la etapa {what}, dirigido por el equipo más rápido',
      },
    },
    {
      type: 'configuration',
      when: 'shared',
      effort: 'M',
      title: {
        en: 'Exit criteria for the stage {what}: what must be known before a deal goes on',
        es: 'Criterios de salida para la etapa {what}: qué debe saberse antes de avanzar',
      },
    },
  ],
  ageing: [
    {
      type: 'training',
      when: 'people_differ',
      effort: 'S',
      title: {
        en: 'Coaching pair on old items of {what}: weekly clean-up with the best team',
        es: 'Pareja de coaching sobre lo antiguo de {what}: limpieza semanal con el mejor equipo',
      },
    },
    {
      type: 'automation',
      when: 'counted',
      effort: 'M',
      title: {
        en: 'Reminder to the owner when an item of {what} grows older than usual',
        es: 'Recordatorio al propietario cuando un elemento de {what} supera la antigüedad habitual',
      },
    },
    {
      type: 'configuration',
      when: 'shared',
      effort: 'S',
      title: {
        en: 'A view of the oldest items of {what}, gone through every week',
        es: 'Una vista de los elementos más antiguos de {what}, revisada cada semana',
      },
    },
  ],
  rework: [
    {
      type: 'training',
      when: 'people_differ',
      effort: 'M',
      title: {
        en: 'Workshop on closing {what} once and for all',
        es: 'Taller para cerrar {what} de una vez por todas',
      },
    },
    {
      type: 'configuration',
      when: 'shared',
      effort: 'M',
      title: {
        en: 'Required fields before {what} may be closed or moved on',
        es: 'Campos obligatorios antes de cerrar o avanzar {what}',
      },
    },
  ],
  handoffs: [
    {
      type: 'configuration',
      when: 'shared',
      effort: 'M',
      title: {
        en: 'Routing rule for {what}: to the right person the first time',
        es: 'Regla de asignación para {what}: a la persona adecuada a la primera',
      },
    },
    {
      type: 'training',
      when: 'people_differ',
      effort: 'M',
      title: {
        en: 'Train the team that passes {what} on most to solve it itself',
        es: 'Formar al equipo que más reasigna {what} para que lo resuelva',
      },
    },
  ],
  stalled_deals: [
    {
      type: 'automation',
      when: 'counted',
      effort: 'S',
      title: {
        en: 'Reminder to the owner when a deal stands still',
        es: 'Recordatorio al propietario cuando una oportunidad se queda parada',
      },
    },
    {
      type: 'training',
      when: 'people_differ',
      effort: 'S',
      title: {
        en: 'Coaching pair on keeping deals moving',
        es: 'Pareja de coaching para mantener en marcha las oportunidades',
      },
    },
    {
      type: 'configuration',
      when: 'shared',
      effort: 'S',
      title: {
        en: 'A next step is required on every open deal',
        es: 'Siguiente paso obligatorio en cada oportunidad abierta',
      },
    },
  ],
  overdue_tasks: [
    {
      type: 'training',
      when: 'people_differ',
      effort: 'S',
      title: {
        en: 'Coaching pair on planning tasks that can be kept',
        es: 'Pareja de coaching para planificar tareas que se puedan cumplir',
      },
    },
    {
      type: 'automation',
      when: 'counted',
      effort: 'S',
      title: {
        en: 'Overdue tasks are escalated to the manager after two days',
        es: 'Las tareas vencidas se escalan al responsable a los dos días',
      },
    },
    {
      type: 'configuration',
      when: 'shared',
      effort: 'S',
      title: {
        en: 'A list of due and overdue tasks on the start page',
        es: 'Una lista de tareas pendientes y vencidas en la página de inicio',
      },
    },
  ],
  response_lag: [
    {
      type: 'staffing',
      when: 'hours',
      effort: 'M',
      title: { en: 'Cover the hours {what}', es: 'Cubrir las horas {what}' },
    },
    {
      type: 'training',
      when: 'people_differ',
      effort: 'S',
      title: {
        en: 'Workshop on first replies, led by the quickest team',
        es: 'Taller sobre primeras respuestas, dirigido por el equipo más rápido',
      },
    },
    {
      type: 'automation',
      when: 'shared',
      effort: 'M',
      title: {
        en: 'New cases are assigned at once, and unanswered ones escalated',
        es: 'Los casos nuevos se asignan al momento, y los no respondidos se escalan',
      },
    },
  ],
  date_pushing: [
    {
      type: 'training',
      when: 'people_differ',
      effort: 'S',
      title: {
        en: 'Coaching pair on close dates that hold',
        es: 'Pareja de coaching sobre fechas de cierre que se cumplen',
      },
    },
    {
      type: 'configuration',
      when: 'shared',
      effort: 'M',
      title: {
        en: 'A reason is required when a close date moves to another month',
        es: 'Motivo obligatorio cuando la fecha de cierre pasa a otro mes',
      },
    },
  ],
  manual_repetition: [
    {
      type: 'automation',
      when: 'counted',
      effort: 'M',
      title: {
        en: 'Create “{what}” by itself on stage entry or case creation',
        es: 'Crear «{what}» automáticamente al entrar en la etapa o crear el caso',
      },
    },
  ],
  late_logging: [
    {
      type: 'training',
      when: 'people_differ',
      effort: 'S',
      title: {
        en: 'Coaching pair on logging on the same day',
        es: 'Pareja de coaching para registrar en el mismo día',
      },
    },
    {
      type: 'configuration',
      when: 'shared',
      effort: 'M',
      title: {
        en: 'Log by phone and mailbox: mobile app and mail integration, fewer fields',
        es: 'Registrar desde el teléfono y el correo: aplicación móvil, integración y menos campos',
      },
    },
  ],
  off_target_kpi: [
    {
      type: 'training',
      when: 'people_differ',
      effort: 'M',
      title: {
        en: '{what}: workshop on its weakest step, with those who reach the target',
        es: '{what}: taller sobre su paso más débil, con quienes alcanzan el objetivo',
      },
    },
    {
      type: 'configuration',
      when: 'shared',
      effort: 'M',
      title: {
        en: '{what}: go through the worst records together and change the first cause in the process',
        es: '{what}: revisar juntos los peores registros y cambiar la primera causa en el proceso',
      },
    },
  ],
};
