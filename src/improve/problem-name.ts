import type { Finding } from '../model/finding.ts';
import type { Kpi, Labels } from '../model/kpi.ts';
import { fillFields } from './fill-fields.ts';
import { dayIds, dayNames } from './weekdays.ts';

/** Subjects that are no words of the CRM. */
const subjects: Readonly<Record<string, Labels>> = {
  deal: { en: 'open deals', es: 'oportunidades abiertas' },
  ticket: { en: 'open cases', es: 'casos abiertos' },
  reopened: { en: 'cases', es: 'casos' },
  backward_moves: { en: 'deals', es: 'oportunidades' },
};

const process: Labels = { en: 'the process', es: 'el proceso' };

/** What a finding speaks of, as it stands within a sentence: the hours, the stage, the category, the field, the KPI. */
export function nameProblem(finding: Finding, kpis: readonly Kpi[]): Labels {
  const { subject, segment, kpi, goal, evidence } = finding;
  const hours = namedHours(finding);
  if (hours) return hours;
  // A stage's key may be a CRM's own code.
  if (finding.detector === 'stage_bottleneck' && typeof evidence.stage === 'string')
    return same(evidence.stage);
  const field = fillFields.find(({ table, column }) => `${table}.${column}` === subject);
  if (field) return field.label;
  const known = subject === null ? undefined : subjects[subject];
  const place = segment.name ?? segment.id;
  if (place && (known || subject === null)) return same(place);
  if (known) return known;
  const ofKpi = kpis.find(({ id }) => id === kpi);
  if (subject === null || subject === goal || subject === kpi) return ofKpi?.label ?? process;
  return same(fieldName(subject));
}

function same(text: string): Labels {
  return { en: text, es: text };
}

/** `deal.amount_minor` is the field amount of deals. */
function fieldName(subject: string): string {
  const [, table, column] = /^([a-z_]+)\.([a-z_0-9]+)$/.exec(subject) ?? [];
  return table && column ? `${column.replace(/_minor$/, '').replaceAll('_', ' ')} (${table})` : subject;
}

/** Weekdays and hours in the words of either language; null where a finding names none. */
export function namedHours({ evidence }: Finding): Labels | null {
  const { late_when: when } = evidence;
  if (typeof when !== 'string' || when === '') return null;
  const say = (language: 'en' | 'es') => {
    let text = when;
    for (const [place, id] of dayIds.entries()) text = text.replaceAll(id, dayNames[language][place] ?? id);
    return text;
  };
  return { en: say('en'), es: say('es') };
}
