import { scaleLog } from 'd3-scale';
import { line } from 'd3-shape';
import type { ScalePoint } from './bench.ts';

const size = { width: 720, height: 360, left: 60, right: 60, top: 24, bottom: 44 };

interface Series {
  readonly label: string;
  readonly color: string;
  readonly valueOf: (point: ScalePoint) => number;
}

const seconds: readonly Series[] = [
  { label: 'seconds', color: '#1f6feb', valueOf: (point) => point.seconds },
  { label: 'seconds, sqlite3 .import', color: '#8b949e', valueOf: (point) => point.limitSeconds },
];
const memory: Series = { label: 'peak memory, MB', color: '#bf3989', valueOf: (point) => point.memoryMb };

/** Rows against time and memory of a first load, both axes by powers of ten. */
export function drawScaling(points: readonly ScalePoint[]): string {
  const sorted = [...points].sort((a, b) => a.rows - b.rows);
  const most = sorted.at(-1)?.rows ?? 1;
  const x = scaleLog([(sorted[0]?.rows ?? 1) * 0.8, most * 1.2], [size.left, size.width - size.right]);
  const y = scaleLog([0.1, 1000], [size.height - size.bottom, size.top]);
  const curves = [...seconds, memory].map((series, place) => {
    const path = line<ScalePoint>(
      (point) => x(point.rows),
      (point) => y(series.valueOf(point)),
    )(sorted);
    const marks = sorted.map(
      (point) =>
        `<circle cx="${x(point.rows).toFixed(1)}" cy="${y(series.valueOf(point)).toFixed(1)}" r="3" fill="${series.color}"/>`,
    );
    const label = `<text x="${size.left + 8}" y="${size.top + 14 + place * 16}" fill="${series.color}">${series.label}</text>`;
    return `<path d="${path}" fill="none" stroke="${series.color}" stroke-width="2"/>${marks.join('')}${label}`;
  });
  const bottoms = sorted.map(
    ({ rows }) =>
      `<text x="${x(rows).toFixed(1)}" y="${size.height - size.bottom + 18}" text-anchor="middle">${rows.toLocaleString('en-US')}</text>`,
  );
  const sides = [0.1, 1, 10, 100, 1000].map((value) => {
    const at = y(value).toFixed(1);
    return `<line x1="${size.left}" x2="${size.width - size.right}" y1="${at}" y2="${at}" stroke="#d0d7de"/><text x="${size.left - 6}" y="${at}" text-anchor="end">${value}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" role="img" font-family="sans-serif" font-size="12" fill="#57606a"><title>A first load by the Bulk API: rows against seconds and peak memory</title><rect width="100%" height="100%" fill="white"/>${[...sides, ...bottoms, ...curves].join('')}<text x="${size.width / 2}" y="${size.height - 6}" text-anchor="middle">rows</text></svg>\n`;
}
