import type { Action } from '../../model/action.ts';
import type { Language } from '../../model/kpi.ts';
import { addDays, createZone } from '../../model/zone.ts';
import type { CommandContext } from '../context.ts';
import { openWorkspace } from '../wire.ts';
import type { ExerciseCommand } from './run-command.ts';
import type { ExerciseStep } from './words.ts';

export interface ExercisePlace {
  readonly folder: string;
  readonly language: Language;
  readonly salesforceUrl: string;
  readonly hubspotUrl: string;
}

/** A command to be run, or text to be shown. */
export interface ExerciseMove {
  readonly step: ExerciseStep;
  readonly command?: ExerciseCommand;
  readonly settings?: string;
}

const timeZone = 'Europe/Madrid';
const goals = `goals:
  - { kpi: win_rate, every: month, atLeast: 0.20 }
  - { kpi: email_open_rate, every: month, atLeast: 0.25 }
  - { kpi: case_resolution_hours, every: month, atMost: 24 }
`;

export function exerciseSettings({ language, salesforceUrl, hubspotUrl }: ExercisePlace): string {
  return `timeZone: ${timeZone}
language: ${language}
currency: EUR
connections:
  sales:
    connector: salesforce
    loginUrl: ${salesforceUrl}
    auth: { flow: client_credentials, clientId: "\${EXERCISE_CLIENT_ID}", clientSecret: "\${EXERCISE_CLIENT_SECRET}" }
    objects: [deals, activities, tickets]
  marketing:
    connector: hubspot
    baseUrl: ${hubspotUrl}
    auth: { flow: private_app, accessToken: "\${EXERCISE_TOKEN}" }
    objects: [campaigns]
kpis: [win_rate, email_open_rate, case_resolution_hours]
${goals}`;
}

/** The two months that the made-up company's story compares: its last two complete ones. */
function storyMonths(now: number) {
  const thisMonth = `${createZone(timeZone).dateOf(now).slice(0, 7)}-01`;
  const secondEnd = addDays(thisMonth, -1);
  const second = secondEnd.slice(0, 7);
  const firstEnd = addDays(`${second}-01`, -1);
  return { first: firstEnd.slice(0, 7), firstEnd, second, secondStart: `${second}-01`, secondEnd };
}

/** The steps one by one: what comes later depends on what was found. */
export async function* planExercise(
  context: CommandContext,
  place: ExercisePlace,
): AsyncGenerator<ExerciseMove> {
  const months = storyMonths(context.clock.now());
  yield { step: 'choose', settings: goals };
  yield { step: 'collect', command: { name: 'sync' } };
  yield { step: 'collect', command: { name: 'evaluate', asOf: months.firstEnd } };
  yield {
    step: 'compare',
    command: { name: 'results', flags: { period: months.first }, asOf: months.firstEnd },
  };
  yield { step: 'areas', command: { name: 'findings', asOf: months.firstEnd } };
  yield {
    step: 'areas',
    command: {
      name: 'explain',
      args: ['case_resolution_hours'],
      flags: { period: months.first, limit: '5' },
      asOf: months.firstEnd,
    },
  };
  yield { step: 'plan', command: { name: 'actions', args: ['propose'], asOf: months.firstEnd } };
  yield* addMissing(context, months.firstEnd, place.language);
  const chosen = await chosenActions(context);
  for (const { id, kpi } of chosen) {
    const owner = people[kpi === 'win_rate' ? 'sales' : 'service'][place.language];
    yield {
      step: 'plan',
      command: { name: 'actions', args: ['accept', String(id)], flags: { owner, due: months.secondEnd } },
    };
  }
  for (const { id } of chosen) {
    const flags = { on: months.secondStart, window: '28', 'wash-out': '0' };
    yield { step: 'act', command: { name: 'actions', args: ['start', String(id)], flags } };
    yield {
      step: 'act',
      command: { name: 'actions', args: ['finish', String(id)], flags: { on: months.secondStart } },
    };
  }
  yield { step: 'monitor', command: { name: 'evaluate', asOf: months.secondEnd } };
  yield {
    step: 'monitor',
    command: { name: 'results', flags: { period: months.second }, asOf: months.secondEnd },
  };
  for (const { id } of chosen)
    yield { step: 'effect', command: { name: 'actions', args: ['effect', String(id)] } };
  yield {
    step: 'adjust',
    command: {
      name: 'review',
      args: ['open'],
      flags: { attendees: `${people.sales[place.language]}, ${people.service[place.language]}` },
      asOf: months.secondEnd,
    },
  };
}

const people = {
  sales: { en: 'Head of sales', es: 'Dirección de ventas' },
  service: { en: 'Head of service', es: 'Dirección de servicio' },
} as const;

const missed = ['win_rate', 'case_resolution_hours'] as const;
const ownPlans = {
  win_rate: { en: 'Workshop on qualifying deals', es: 'Taller sobre cualificación de oportunidades' },
  case_resolution_hours: {
    en: 'An article for the most frequent category',
    es: 'Un artículo para la categoría más frecuente',
  },
} as const;

/** Where no finding speaks of a missed goal, the plan is one's own. */
async function* addMissing(
  context: CommandContext,
  day: string,
  language: Language,
): AsyncGenerator<ExerciseMove> {
  const chosen = await chosenActions(context);
  for (const kpi of missed) {
    if (chosen.some((action) => action.kpi === kpi)) continue;
    yield {
      step: 'plan',
      command: {
        name: 'actions',
        args: ['add', ownPlans[kpi][language]],
        flags: { kpi, type: kpi === 'win_rate' ? 'training' : 'content' },
        asOf: day,
      },
    };
  }
}

/** The first action for each goal that was missed. */
async function chosenActions(context: CommandContext): Promise<readonly Action[]> {
  await using workspace = await openWorkspace(context);
  const actions = await workspace.store.actions();
  return missed.flatMap(
    (kpi) => actions.find((action) => action.kpi === kpi && action.segment.kind === 'company') ?? [],
  );
}
