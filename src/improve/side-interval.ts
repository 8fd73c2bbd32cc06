import type { EffectSide } from '../model/action.ts';
import type { FigureKind, Measured } from '../model/measure.ts';
import { z95 } from '../statistics/distributions.ts';
import { meanInterval, medianInterval, type Range, wilson } from '../statistics/intervals.ts';
import { survivalMedian } from '../statistics/survival.ts';
import { momentsOf } from './compare.ts';

/** 95 % interval of one side of a comparison; null where its records do not tell one. */
export function sideInterval(kind: FigureKind, figure: Measured): NonNullable<EffectSide['interval']> | null {
  switch (kind) {
    case 'proportion':
      return ofShare(figure);
    case 'duration':
      return ofMedian(figure);
    case 'points':
      return meanInterval(momentsOf(figure));
    case 'count':
      return figure.num === null ? null : ofCount(figure.num);
    case 'series':
      return null;
  }
}

function ofShare({ num, den }: Measured): Range | null {
  return num === null || den === null || den <= 0 || num < 0 || num > den ? null : wilson(num, den);
}

function ofMedian({ values, open }: Measured) {
  if (open.length === 0) return medianInterval(values);
  const median = survivalMedian(values, open);
  return median && { low: median.low, high: median.high };
}

/** Of events that come independently of each other: the score interval of their number. */
function ofCount(events: number): Range {
  const half = z95 * Math.sqrt(events + (z95 * z95) / 4);
  const centre = events + (z95 * z95) / 2;
  return { low: Math.max(0, centre - half), high: centre + half };
}
