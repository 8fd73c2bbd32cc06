import { html, raw } from 'hono/html';
import type { Html } from './chart-frame.ts';
import type { Figure } from './figures.ts';
import type { Format } from './format.ts';
import { isProportion, type Limits, smallestDen } from './limits.ts';
import { routineText } from './routine.ts';
import { routineWords } from './routine-words.ts';

const sample = (inner: string) => raw(`<svg viewBox="0 0 28 14" aria-hidden="true">${inner}</svg>`);
const samples = {
  value: sample('<path class="line" d="M1 7H27" fill="none" stroke="var(--accent)" stroke-width="2"/>'),
  partial: sample(
    '<path class="line partial" d="M1 7H27" fill="none" stroke="var(--accent)" stroke-width="2"/>',
  ),
  target: sample('<path class="target" d="M0 7H28"/>'),
  baseline: sample('<path class="baseline" d="M0 7H28"/>'),
  limits: sample('<rect class="limits" width="28" height="14"/><path class="limit" d="M0 1H28M0 13H28"/>'),
  restated: sample('<circle class="restated" cx="14" cy="7" r="4.5"/>'),
  interval: sample('<path class="interval" d="M14 0V14"/>'),
};

/** Only what the chart has. */
export function legend({ history }: Figure, limits: Limits, { say }: Format): Html {
  const { chart } = say;
  const entries = [
    { shown: true, sample: samples.value, text: chart.legendValue },
    { shown: history.at(-1)?.complete === false, sample: samples.partial, text: chart.legendPartial },
    {
      shown: history.some(({ target }) => target !== null),
      sample: samples.target,
      text: chart.legendTarget,
    },
    {
      shown: history.some(({ baseline }) => baseline !== null),
      sample: samples.baseline,
      text: chart.legendBaseline,
    },
    { shown: limits.kind === 'common', sample: samples.limits, text: chart.legendLimits },
    { shown: limits.kind === 'uneven', sample: samples.interval, text: chart.legendInterval },
    {
      shown: history.some(({ stage }) => stage === 'restated'),
      sample: samples.restated,
      text: chart.legendRestated,
    },
  ];
  return html`<ul class="legend">${entries.filter(({ shown }) => shown).map((entry) => html`<li>${entry.sample}${entry.text}</li>`)}</ul>`;
}

export function limitsText(
  limits: Limits,
  figure: Pick<Figure, 'kpi' | 'changedOn' | 'result'>,
  format: Format,
): string {
  const { say, date, number } = format;
  const started = figure.changedOn.at(-1);
  if (limits.kind === 'few' && started !== undefined) return say.kpi.limitsAnew(date(started));
  if (limits.kind === 'few') {
    const few = say.kpi.limitsFew(number(limits.needed), number(limits.have));
    const left = routineWords[format.language].leftOut(number(smallestDen));
    return isProportion(figure.kpi) ? `${few} ${left}` : few;
  }
  const newest = routineText(limits, figure, format);
  if (limits.kind === 'uneven') return `${say.kpi.limitsUneven} ${newest}`.trim();
  if (limits.kind === 'steps') return newest;
  const { n, provisional } = limits.chart;
  const why = say.kpi.limitsWhy(n);
  return [why, ...(provisional ? [say.kpi.limitsProvisional] : []), newest].join(' ');
}
