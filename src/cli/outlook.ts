import { loadOutlooks, type Outlook } from '../evaluate/outlook.ts';
import { formatValue, plainNumber } from '../model/format.ts';
import type { Language } from '../model/kpi.ts';
import type { Result } from '../model/result.ts';
import type { Workspace } from './wire.ts';

/** KPIs that add up won amounts. */
const ofRevenue = ['revenue_won'];

const hasOutlook = ({ kpi, complete, status }: Result) =>
  ofRevenue.includes(kpi) && !complete && status !== 'not_started';

/** Of revenue in a period that still runs: what open deals due in it promise beside what is won. Null for all others. */
export async function findOutlooks(
  { store, settings }: Pick<Workspace, 'store' | 'settings'>,
  results: readonly Result[],
  asOf: number,
): Promise<(result: Result) => Outlook | null> {
  const open = results.filter(hasOutlook);
  if (open.length === 0) return () => null;
  const endsOn = open.map(({ periodEnd }) => periodEnd);
  const outlooks = await loadOutlooks({ store, settings, endsOn, asOf });
  return (result) => (hasOutlook(result) ? outlooks(result.segment, result.periodEnd) : null);
}

/** Separately and together, in major units. */
export function outlookJson({ value, currency }: Result, { weightedOpenMinor, deals, missing }: Outlook) {
  const plain = (minor: number) => plainNumber(minor, 'money', currency);
  const won = value ?? 0;
  return {
    won: plain(won),
    weightedOpen: plain(weightedOpenMinor),
    sum: plain(won + weightedOpenMinor),
    deals,
    missing,
  };
}

const texts = {
  en: (won: string, open: string, deals: number) =>
    `${won} won, and ${open} in ${deals} open deals due by its end, each by its probability.`,
  es: (won: string, open: string, deals: number) =>
    `${won} ganados, y ${open} en ${deals} oportunidades abiertas que vencen antes de su fin, cada una según su probabilidad.`,
} as const;

export function outlookLine(
  { periodLabel, currency, value }: Result,
  { weightedOpenMinor, deals }: Outlook,
  { label, language }: { readonly label: string; readonly language: Language },
): string {
  const format = (minor: number) => formatValue(minor, { unit: 'money', currency, language });
  return `${label} ${periodLabel}: ${texts[language](format(value ?? 0), format(weightedOpenMinor), deals)}`;
}
