import type { ResultFilter } from '../model/result-store.ts';

/** `--segment KIND[:ID]`; the id may itself hold colons. */
export function parseSegment(flag: unknown): Pick<ResultFilter, 'segmentKind' | 'segmentId'> {
  if (typeof flag !== 'string') return {};
  const colon = flag.indexOf(':');
  if (colon === -1) return { segmentKind: flag };
  return { segmentKind: flag.slice(0, colon), segmentId: flag.slice(colon + 1) };
}
