import { html } from 'hono/html';
import type { EffectSide, ToldEffect, Verdict } from '../model/action.ts';
import { addDays } from '../model/zone.ts';
import type { Html } from './chart-frame.ts';
import { effectChart } from './effect-chart.ts';
import { type DrawnEffect, type DrawnSide, drawnEffect } from './effect-sides.ts';
import type { Format } from './format.ts';
import { statusIcon } from './marks.ts';
import { type Column, showValue, table } from './page-parts.ts';

/** What came of each finished action: its KPI before and after, drawn and as figures. */
export function effectsBlock(effects: readonly ToldEffect[], format: Format): Html {
  return html`<div class="cards">${effects.map((told) => html`<article class="panel">${effectCard(told, format)}</article>`)}</div>`;
}

function effectCard(told: ToldEffect, format: Format): Html {
  const { language, say } = format;
  const drawn = drawnEffect(told.report, told.unit);
  const { verdict, recheck } = told.report;
  const place = told.segment.kind === 'company' ? '' : `, ${format.segment(told.segment)}`;
  return html`<h3>${told.title[language]}</h3><p class="meta quiet">${told.label[language]}${place}</p><p>${verdictBadge(verdict, format)}${recheck === null ? '' : html` <span class="quiet">${say.effect.recheck[recheck]}</span>`}</p>${verdict === 'no_evidence' ? html`<p>${say.effect.why}</p>` : ''}${drawn ? html`${effectChart(told, drawn, format)}${figures(told, drawn, format)}` : ''}${told.change ? html`<p>${say.effect.change}: ${told.change[language]}.</p>` : ''}${remarksList(told, drawn, format)}`;
}

const signs = {
  improved: 'exceeded',
  worsened: 'off_target',
  no_evidence: 'insufficient',
  insufficient: 'no_data',
} as const satisfies Record<Verdict, string>;

export function verdictBadge(verdict: Verdict, { say }: Format): Html {
  const sign = signs[verdict];
  return html`<span class="status ${sign}">${statusIcon(sign)}${say.effect.verdict[verdict]}</span>`;
}

interface FigureRow {
  readonly name: string;
  readonly side: EffectSide;
  readonly drawn: DrawnSide | null;
}

function figures(told: ToldEffect, { before, after }: DrawnEffect, format: Format): Html {
  const { say, language } = format;
  const { control } = told.report;
  const rows: FigureRow[] = [
    { name: say.findings.before, side: before.side, drawn: before },
    { name: say.findings.after, side: after.side, drawn: after },
  ];
  if (control) {
    const name = say.effect.control(format.segment(control.segment));
    rows.push({ name: `${name}, ${say.findings.before.toLowerCase()}`, side: control.before, drawn: null });
    rows.push({ name: `${name}, ${say.findings.after.toLowerCase()}`, side: control.after, drawn: null });
  }
  return table({
    caption: `${told.title[language]}: ${say.chart.table}`,
    rows,
    columns: columnsOf(told, format),
  });
}

function columnsOf(told: ToldEffect, format: Format): readonly Column<FigureRow>[] {
  const { say } = format;
  return [
    {
      head: say.column.period,
      isHead: true,
      cell: ({ name, side }) => html`${name}<small class="quiet id">${daysText(side, format)}</small>`,
    },
    {
      head: say.column.value,
      isNumber: true,
      cell: ({ side, drawn }) =>
        html`<strong>${showValue(drawn?.value ?? side.value, told, format)}</strong>`,
    },
    { head: say.column.interval, isNumber: true, cell: (row) => intervalText(row, told, format) },
    { head: say.column.records, isNumber: true, cell: ({ side }) => format.number(side.n) },
  ];
}

function daysText({ from, to }: EffectSide, { date }: Format): string {
  return `${date(from)} – ${date(addDays(to, -1))}`;
}

function intervalText({ side, drawn }: FigureRow, told: ToldEffect, format: Format): string {
  const { low, high } = drawn ?? side.interval ?? { low: null, high: null };
  if (low === null && high === null) return '–';
  const end = (value: number | null) => (value === null ? '…' : format.value(value, told));
  return `${end(low)} – ${end(high)}`;
}

function remarksList(told: ToldEffect, drawn: DrawnEffect | null, { say, language }: Format): Html | string {
  const basis = drawn && drawn.basis !== 'same' ? [say.effect.basis[drawn.basis]] : [];
  const lines = [...basis, ...told.remarks[language]];
  return lines.length === 0
    ? ''
    : html`<ul class="list quiet">${lines.map((line) => html`<li>${line}</li>`)}</ul>`;
}
