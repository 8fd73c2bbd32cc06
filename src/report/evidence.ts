import { html } from 'hono/html';
import type { StoredFinding } from '../model/finding.ts';
import type { Kpi } from '../model/kpi.ts';
import type { Html } from './chart-frame.ts';
import { type EvidenceForm, evidenceTerm } from './evidence-words.ts';
import type { Format } from './format.ts';
import { textOf } from './words.ts';

export interface EvidenceScale {
  readonly kpi: Kpi | null;
  readonly currency: string;
  readonly format: Format;
}

/** The figures behind a finding, as people read them. */
export function evidenceList({ evidence }: StoredFinding, scale: EvidenceScale): Html {
  const { language } = scale.format;
  const told = Object.entries(evidence).flatMap(([name, value]) => {
    const { form, label } = evidenceTerm(name);
    return value === null || form === 'hidden' ? [] : [{ term: label[language], value, form }];
  });
  return html`<dl class="facts">${told.map(
    ({ term, value, form }) =>
      html`<div><dt>${term}</dt><dd>${typeof value === 'number' ? numberText(value, form, scale) : wordText(value, form, scale.format)}</dd></div>`,
  )}</dl>`;
}

/** What makes a record of a finding bad, in the unit that the detector names. */
export function measureText({ evidence }: StoredFinding, measure: number, scale: EvidenceScale): string {
  const unit = String(evidence.measure ?? '');
  if (unit.endsWith('_at')) return numberText(measure, 'instant', scale);
  const forms: Readonly<Record<string, EvidenceForm>> = {
    days: 'days',
    days_before_limit: 'days',
    hours: 'hours',
    minor_units: 'money',
  };
  return numberText(measure, forms[unit] ?? 'number', scale);
}

const smallestP = 0.001;

function numberText(value: number, form: EvidenceForm, { kpi, currency, format }: EvidenceScale): string {
  const plain = () => format.number(value, Number.isInteger(value) ? 0 : 1);
  switch (form) {
    case 'share':
      return format.share(value, 1);
    case 'hours':
      return format.value(value, { unit: 'hours', currency });
    case 'days':
      return format.say.duration.days(plain());
    case 'money':
      return format.value(value, { unit: 'money', currency });
    case 'kpi':
      return kpi ? format.value(value, { unit: kpi.unit, currency }) : plain();
    case 'instant':
      return format.day(value);
    case 'p':
      return value < smallestP ? `< ${format.number(smallestP, 3)}` : format.number(value, 3);
    default:
      return plain();
  }
}

function wordText(value: string, form: EvidenceForm, { say, period }: Format): string {
  if (form === 'period') return period(value);
  if (form === 'status') return textOf(say.status, value);
  if (form === 'movement') return textOf(say.movement, value);
  return value === '(none)' ? say.none : value.replace(weekdays, (day) => weekdayName(day, say.locale));
}

const days = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const weekdays = new RegExp(`\\b(${days.join('|')})\\b`, 'g');

/** Detectors name days in English. 4 January 1970 was a Sunday. */
function weekdayName(day: string, locale: string): string {
  const at = (days.indexOf(day) + 3) * 86_400_000;
  return new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(at);
}
