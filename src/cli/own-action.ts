import type { ActionOwner, NewAction } from '../model/action.ts';
import { RunError } from '../model/errors.ts';
import type { ActionType } from '../model/finding.ts';
import type { Segment } from '../model/result.ts';
import type { Settings } from '../model/settings.ts';
import { addDays } from '../model/zone.ts';
import { requireDate } from './improve-parts.ts';

const types = [
  'training',
  'configuration',
  'automation',
  'content',
  'staffing',
] as const satisfies ActionType[];
const usualDays = 60;

interface OwnAction {
  readonly title: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly owner: ActionOwner | null;
  readonly segment: Segment;
  readonly today: string;
  readonly settings: Pick<Settings, 'goals'>;
}

/** As a person words it, in the one language that they use. */
export function ownAction({ title, options, owner, segment, today, settings }: OwnAction): NewAction {
  const text = (name: string) => (typeof options[name] === 'string' ? String(options[name]) : null);
  const kpi = text('kpi');
  const type = types.find((known) => known === (text('type') ?? 'configuration'));
  if (title.trim() === '')
    throw usage(
      'actions add',
      'What is to be done?',
      'Say it: crm-kpi actions add "Workshop on first replies".',
    );
  if (!type) throw usage('--type', `There is no type ${text('type')}.`, `Use one of: ${types.join(', ')}.`);
  const due = text('due');
  const hypothesis = text('hypothesis') ?? '';
  return {
    finding: null,
    detector: null,
    type,
    effort: 'M',
    title: { en: title, es: title },
    reason: { en: 'Entered by hand.', es: 'Introducida a mano.' },
    hypothesis: { en: hypothesis, es: hypothesis },
    kpi,
    goal: settings.goals.find((goal) => goal.kpi === kpi)?.id ?? null,
    segment,
    subject: null,
    owner,
    dueOn: due === null ? addDays(today, usualDays) : requireDate(due, '--due'),
  };
}

function usage(where: string, message: string, fix: string): RunError {
  return new RunError('usage', { where, message, fix });
}
