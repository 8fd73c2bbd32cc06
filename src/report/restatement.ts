import type { Kpi } from '../model/kpi.ts';
import type { Figures, RestatementCause } from '../model/result.ts';
import type { StoredResult } from '../model/result-store.ts';
import type { Format } from './format.ts';

/** What moved a figure since it was official: each cause with what it added to the sums or took off. */
export function restatementText({ restatement, unit, currency }: StoredResult, kpi: Kpi, format: Format) {
  const causes = restatement?.causes ?? [];
  if (causes.length === 0) return '';
  const { by, cause: names } = format.say.restatement;
  const change = (value: number, name: keyof Figures) =>
    signed(
      value,
      kpi.money.includes(name) ? format.value(Math.abs(value), { unit: 'money', currency }) : null,
    );
  const plain = (value: number) => format.number(Math.abs(value), Number.isInteger(value) ? 0 : 2);
  const signed = (value: number, money: string | null) => `${signOf(value)}${money ?? plain(value)}`;
  const told = causes.map(({ cause, num, den }) => {
    const hours = unit === 'hours' ? ' h' : '';
    const parts =
      den === 0 ? change(num, 'num') + hours : `${change(num, 'num')}${hours} / ${change(den, 'den')}`;
    return `${nameOf(cause, names)} ${parts}`;
  });
  return `${by}: ${told.join('; ')}`;
}

function nameOf(cause: RestatementCause, names: Readonly<Record<RestatementCause, string>>): string {
  return names[cause];
}

/** A true minus, which does not break from its number. */
function signOf(value: number): string {
  if (value === 0) return '';
  return value > 0 ? '+' : '−';
}
