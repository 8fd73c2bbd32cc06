import { scaleLinear } from 'd3-scale';
import { html } from 'hono/html';
import type { StoredFinding } from '../model/finding.ts';
import type { Html } from './chart-frame.ts';
import { round } from './chart-frame.ts';
import type { Format } from './format.ts';

const width = 560;
const height = 420;
const radius = 11;
/** Distance of two findings that do not cover each other. */
const apart = 2 * radius + 1;
const inset = { left: 44, right: 16, top: 16, bottom: 44 };

interface Scales {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

interface Spot {
  readonly finding: StoredFinding;
  readonly place: number;
  readonly x: number;
  readonly y: number;
}

/** Findings by impact and urgency, numbered as in the list beside it. */
export function impactMap(findings: readonly StoredFinding[], { say, number, language }: Format): Html {
  const x = scaleLinear()
    .domain([0, 100])
    .range([inset.left, width - inset.right]);
  const y = scaleLinear()
    .domain([0, 100])
    .range([height - inset.bottom, inset.top]);
  const corner = (name: string, at: { x: number; y: number; anchor: string }) =>
    html`<text class="corner" x="${at.x}" y="${at.y}" text-anchor="${at.anchor}">${name}</text>`;
  const { quadrant } = say.findings;
  const right = width - inset.right - 8;
  const left = inset.left + 8;
  return html`<svg class="chart map" role="img" viewBox="0 0 ${width} ${height}" aria-label="${say.chart.mapTitle}. ${say.chart.mapDesc}"><title>${say.chart.mapTitle}</title><desc>${say.chart.mapDesc}</desc>
<rect class="now" x="${x(50)}" y="${y(100)}" width="${round(x(100) - x(50))}" height="${round(y(50) - y(100))}"/>
<path class="cross" d="M${inset.left} ${y(100)}V${y(0)}H${x(100)}M${x(50)} ${y(100)}V${y(0)}M${inset.left} ${y(50)}H${x(100)}"/>
${corner(quadrant.quick_fix, { x: left, y: y(100) + 18, anchor: 'start' })}${corner(quadrant.do_now, { x: right, y: y(100) + 18, anchor: 'end' })}${corner(quadrant.watch, { x: left, y: y(0) - 10, anchor: 'start' })}${corner(quadrant.plan, { x: right, y: y(0) - 10, anchor: 'end' })}
<g class="axis"><text x="${x(100)}" y="${height - 12}" text-anchor="end">${say.chart.impact} →</text><text x="${inset.left}" y="${height - 12}">0</text><text transform="translate(16 ${y(100)}) rotate(-90)" text-anchor="end">${say.chart.urgency} →</text></g>
${spread(findings, { x, y }).map(
  ({ finding, place, ...spot }) =>
    html`<g class="finding"><title>${place}. ${finding.title[language]} (${say.findings.priority} ${number(finding.priority)})</title><circle cx="${spot.x}" cy="${spot.y}" r="${radius}"/><text x="${spot.x}" y="${spot.y + 4}" text-anchor="middle">${place}</text></g>`,
)}</svg>`;
}

/** Where each finding is drawn: those that would lie on one another stand side by side. */
function spread(findings: readonly StoredFinding[], { x, y }: Scales): readonly Spot[] {
  const spots: Spot[] = [];
  for (const [index, finding] of findings.entries()) {
    const direction = finding.impact > 70 ? -1 : 1;
    const spot = { finding, place: index + 1, x: round(x(finding.impact)), y: round(y(finding.urgency)) };
    const isTaken = () =>
      spots.some((other) => Math.abs(other.y - spot.y) < apart && Math.abs(other.x - spot.x) < apart);
    while (isTaken()) spot.x = round(spot.x + (direction * apart) / 4);
    spots.push(spot);
  }
  return spots;
}
