import type { Language } from '../../model/kpi.ts';

export type ExerciseStep =
  | 'choose'
  | 'collect'
  | 'compare'
  | 'areas'
  | 'plan'
  | 'act'
  | 'monitor'
  | 'effect'
  | 'adjust';

interface ExerciseWords {
  readonly opening: string;
  readonly steps: Readonly<Record<ExerciseStep, string>>;
  readonly closing: string;
}

export const exerciseWords: Readonly<Record<Language, ExerciseWords>> = {
  en: {
    opening:
      'A first round with a made-up company: Salesforce for sales and service, HubSpot for marketing, both on this machine. Every command below is one that you can type in a workspace of your own.',
    steps: {
      choose:
        'Choose three KPIs, one each for sales, marketing and service, and promise something: the goals in crm-kpi.yaml.',
      collect: 'Collect a month of data.',
      compare:
        'Compare the month with the goals: sales conversion 15 % of 20 %, open rate 25 % of 25 %, resolution 48 h instead of 24 h.',
      areas: 'Two areas to improve: what stands behind the two goals that were missed?',
      plan: 'Make a plan: an action for each area, with an owner, a day and what is expected of it.',
      act: 'Carry it out. How the effect will be judged is fixed at the start, before it can be seen.',
      monitor:
        'A month later: sales conversion is at 18 %, resolution at 30 h. Better, and both still short of the goal.',
      effect: 'Was it the action? A difference counts only where chance does not explain it.',
      adjust:
        'Adjust: the review meeting sees goals, findings, actions and their effect on one page, and decides what comes next.',
    },
    closing:
      'Both areas stay open: the plan goes on. Conversion needs more months before anything can be said of it; resolution has moved. Your own CRM: crm-kpi init, crm-kpi check, crm-kpi run.',
  },
  es: {
    opening:
      'Una primera vuelta con una empresa inventada: Salesforce para ventas y servicio, HubSpot para marketing, ambos en este equipo. Cada comando es uno que puede escribirse en un espacio de trabajo propio.',
    steps: {
      choose:
        'Elegir tres KPI, uno de ventas, uno de marketing y uno de servicio, y comprometerse: los objetivos en crm-kpi.yaml.',
      collect: 'Reunir los datos de un mes.',
      compare:
        'Comparar el mes con los objetivos: conversión del 15 % frente al 20 %, apertura del 25 % frente al 25 %, resolución de 48 h frente a 24 h.',
      areas: 'Dos áreas de mejora: ¿qué hay detrás de los dos objetivos no alcanzados?',
      plan: 'Hacer un plan: una acción por área, con responsable, fecha y lo que se espera de ella.',
      act: 'Ejecutarlo. Cómo se juzgará el efecto queda fijado al empezar, antes de que pueda verse.',
      monitor:
        'Un mes después: la conversión está en el 18 % y la resolución en 30 h. Mejor, y ambas aún lejos del objetivo.',
      effect: '¿Ha sido la acción? Una diferencia solo cuenta donde el azar no la explica.',
      adjust:
        'Ajustar: la reunión de revisión ve objetivos, hallazgos, acciones y su efecto en una página, y decide qué sigue.',
    },
    closing:
      'Ambas áreas siguen abiertas: el plan continúa. La conversión necesita más meses antes de poder afirmar nada; la resolución ha mejorado. Su propio CRM: crm-kpi init, crm-kpi check, crm-kpi run.',
  },
};
