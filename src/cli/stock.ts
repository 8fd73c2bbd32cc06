import { findUnserved } from '../evaluate/silence.ts';
import { type KpiStock, type SegmentStanding, type Standing, takeStock } from '../evaluate/stock.ts';
import { RunError } from '../model/errors.ts';
import { formatValue, plainNumber } from '../model/format.ts';
import type { Kpi, Language } from '../model/kpi.ts';
import { addDays } from '../model/zone.ts';
import { textOf, words } from '../report/words.ts';
import type { Workspace } from './wire.ts';

export interface StockRequest {
  readonly kpi: string | null;
  readonly years: number;
  readonly kind: string | null;
}

/** KPIs that have no data, each with the reason in the settings' language. */
export async function leftOut(
  workspace: Workspace,
  skipped: readonly { readonly kpi: string; readonly reason: string }[],
): Promise<readonly { readonly kpi: string; readonly reason: string }[]> {
  const unserved = await findUnserved(workspace, { kpis: null, goals: [] });
  const { language } = workspace.settings;
  return skipped.map(({ kpi, reason }) => ({
    kpi,
    reason: unserved.find((silence) => silence.kpi === kpi)?.reason[language] ?? reason,
  }));
}

/** Looks at the store as it is: no evaluation is needed, and nothing is written. */
export function takeWorkspaceStock(workspace: Workspace, { kpi, years, kind }: StockRequest) {
  const { store, settings, catalog, asOf, log } = workspace;
  if (kpi !== null && !catalog.some(({ id }) => id === kpi)) {
    throw new RunError('usage', {
      where: kpi,
      message: 'There is no KPI of that id.',
      fix: `Use one of: ${catalog.map(({ id }) => id).join(', ')}.`,
    });
  }
  if (years < 1 || years > 10) {
    const fix = 'Give a number of years from 1 to 10.';
    throw new RunError('usage', { where: '--years', message: `${years} is out of range.`, fix });
  }
  const kinds = kind === null ? null : [kind];
  return takeStock({ store, settings, catalog, asOf, log, years, kpi, kinds });
}

/** Standings as scripts read them: money in major units. */
export function standingJson(
  { settings }: Workspace,
  kpi: Kpi,
  { from, to, num, den, value, n, flags }: Standing,
) {
  const measure = (name: 'num' | 'den', figure: number | null) =>
    kpi.money.includes(name) ? plainNumber(figure, 'money', settings.currency) : figure;
  return {
    from,
    to,
    num: measure('num', num),
    den: measure('den', den),
    value: plainNumber(value, kpi.unit, settings.currency),
    n,
    flags,
  };
}

export function segmentJson(workspace: Workspace, kpi: Kpi, standing: SegmentStanding) {
  const { segment, weight } = standing;
  return { segment, weight, ...standingJson(workspace, kpi, standing) };
}

export function formatFigure({ settings }: Workspace, kpi: Kpi, value: number | null): string {
  const { currency, language } = settings;
  return formatValue(value, { unit: kpi.unit, currency, language });
}

const texts = {
  en: {
    to: 'to',
    weighs: (segment: string, percent: number, of: string) => `${segment} weighs most: ${percent} % of ${of}`,
    missing: 'what is missing',
    whole: 'the whole',
  },
  es: {
    to: 'a',
    weighs: (segment: string, percent: number, of: string) =>
      `${segment} es lo que más pesa: ${percent} % ${of}`,
    missing: 'de lo que falta',
    whole: 'del total',
  },
} as const;

/** `2025-11 to 2026-10` */
export function spanText({ from, to }: Pick<Standing, 'from' | 'to'>, language: Language): string {
  return `${from.slice(0, 7)} ${texts[language].to} ${addDays(to, -1).slice(0, 7)}`;
}

/** A mapped dimension is called as the settings call it. */
export const kindLabel = (kind: string, language: Language): string => textOf(words[language].kind, kind);

/** `Customer category Enterprise weighs most: 42 % of what is missing` */
export function weightText({ kpi, form, weighsMost }: KpiStock, language: Language): string | null {
  if (!weighsMost || weighsMost.weight === null) return null;
  const say = texts[language];
  const of = form === 'ratio' && kpi.better === 'higher' ? say.missing : say.whole;
  const { kind, name, id } = weighsMost.segment;
  return say.weighs(`${kindLabel(kind, language)} ${name ?? id}`, Math.round(weighsMost.weight * 100), of);
}
