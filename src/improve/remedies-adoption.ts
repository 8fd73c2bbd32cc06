import type { Remedy } from './remedies.ts';

/** Underused functionality. */
export const adoptionRemedies: Readonly<Record<string, readonly Remedy[]>> = {
  low_fill: [
    {
      type: 'training',
      when: 'people_differ',
      effort: 'S',
      title: {
        en: 'Show what {what} is used for, with the team that fills it in',
        es: 'Mostrar para qué sirve {what}, con el equipo que lo rellena',
      },
    },
    {
      type: 'configuration',
      when: 'shared',
      effort: 'S',
      title: {
        en: 'Require {what} at the stage where it is known, or drop the field',
        es: 'Exigir {what} en la etapa en que se conoce, o eliminar el campo',
      },
    },
  ],
  idle_users: [
    {
      type: 'training',
      when: 'some_people',
      effort: 'S',
      title: {
        en: 'Onboarding for those who do not work in the CRM; withdraw licences that nobody needs',
        es: 'Formación inicial para quienes no trabajan en el CRM; retirar licencias que nadie necesita',
      },
    },
  ],
  no_next_step: [
    {
      type: 'training',
      when: 'people_differ',
      effort: 'S',
      title: {
        en: 'Coaching pair on agreeing the next step with the customer',
        es: 'Pareja de coaching para acordar el siguiente paso con el cliente',
      },
    },
    {
      type: 'automation',
      when: 'counted',
      effort: 'S',
      title: {
        en: 'A task for the next step on every stage entry',
        es: 'Una tarea con el siguiente paso al entrar en cada etapa',
      },
    },
    {
      type: 'configuration',
      when: 'shared',
      effort: 'S',
      title: {
        en: 'The next step is a required field of open deals',
        es: 'El siguiente paso es obligatorio en las oportunidades abiertas',
      },
    },
  ],
  no_category: [
    {
      type: 'training',
      when: 'people_differ',
      effort: 'S',
      title: {
        en: 'Show how categories are chosen, with the team that does it',
        es: 'Mostrar cómo se elige la categoría, con el equipo que lo hace',
      },
    },
    {
      type: 'configuration',
      when: 'shared',
      effort: 'S',
      title: {
        en: 'The category is required to close a case: a short picklist instead of text',
        es: 'Categoría obligatoria para cerrar un caso: una lista corta en vez de texto',
      },
    },
  ],
  campaign_no_members: [
    {
      type: 'automation',
      when: 'counted',
      effort: 'M',
      title: {
        en: 'Recipients become campaign members by themselves',
        es: 'Los destinatarios pasan a ser miembros de la campaña automáticamente',
      },
    },
    {
      type: 'training',
      when: 'shared',
      effort: 'S',
      title: {
        en: 'Show how members are added, and what is lost without them',
        es: 'Mostrar cómo se añaden miembros y qué se pierde sin ellos',
      },
    },
  ],
  campaign_no_cost: [
    {
      type: 'configuration',
      when: 'shared',
      effort: 'S',
      title: {
        en: 'Cost is required before a campaign may start',
        es: 'Coste obligatorio antes de iniciar una campaña',
      },
    },
  ],
  kb_unused: [
    {
      type: 'training',
      when: 'people_differ',
      effort: 'S',
      title: {
        en: 'Workshop on solving with articles, led by the team that links them',
        es: 'Taller para resolver con artículos, dirigido por el equipo que los enlaza',
      },
    },
    {
      type: 'configuration',
      when: 'shared',
      effort: 'M',
      title: {
        en: 'Suggested articles beside the case, with one click to link',
        es: 'Artículos sugeridos junto al caso, enlazables con un clic',
      },
    },
  ],
  kb_gap: [
    {
      type: 'content',
      when: 'shared',
      effort: 'M',
      title: { en: 'An article for the category {what}', es: 'Un artículo para la categoría {what}' },
    },
  ],
  kb_stale: [
    {
      type: 'content',
      when: 'shared',
      effort: 'S',
      title: {
        en: 'Review the articles that are read and have not changed for a year',
        es: 'Revisar los artículos que se leen y llevan un año sin cambios',
      },
    },
  ],
  no_surveys: [
    {
      type: 'automation',
      when: 'shared',
      effort: 'S',
      title: {
        en: 'A survey goes out by itself when a case is closed',
        es: 'Una encuesta sale automáticamente al cerrar un caso',
      },
    },
  ],
  dead_object: [
    {
      type: 'configuration',
      when: 'shared',
      effort: 'S',
      title: {
        en: 'Decide about {what}: use it with a purpose, or hide it',
        es: 'Decidir sobre {what}: usarlo con un propósito u ocultarlo',
      },
    },
  ],
  unread_report: [
    {
      type: 'configuration',
      when: 'shared',
      effort: 'S',
      title: {
        en: 'Archive the reports that nobody opens, and subscribe people to the rest',
        es: 'Archivar los informes que nadie abre y suscribir a la gente al resto',
      },
    },
  ],
};
