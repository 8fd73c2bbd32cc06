import { type KpiStock, type SegmentStanding, type Standing, takeStock } from '../evaluate/stock.ts';
import { RunError } from '../model/errors.ts';
import { formatValue, plainNumber } from '../model/format.ts';
import type { Kpi } from '../model/kpi.ts';
import { addDays } from '../model/zone.ts';
import type { Workspace } from './wire.ts';

export interface StockRequest {
  readonly kpi: string | null;
  readonly years: number;
  readonly kind: string | null;
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

/** `2025-11 to 2026-10` */
export function spanText({ from, to }: Pick<Standing, 'from' | 'to'>): string {
  return `${from.slice(0, 7)} to ${addDays(to, -1).slice(0, 7)}`;
}

/** `Enterprise weighs most: 42 % of what is missing` */
export function weightText({ kpi, form, weighsMost }: KpiStock): string | null {
  if (!weighsMost || weighsMost.weight === null) return null;
  const of = form === 'ratio' && kpi.better === 'higher' ? 'what is missing' : 'the whole';
  const { kind, name, id } = weighsMost.segment;
  return `${kind} ${name ?? id} weighs most: ${Math.round(weighsMost.weight * 100)} % of ${of}`;
}
