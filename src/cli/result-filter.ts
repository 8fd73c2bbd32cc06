import { suggest } from '../config/did-you-mean.ts';
import { RunError } from '../model/errors.ts';
import { statuses } from '../model/goal.ts';
import { segmentKinds } from '../model/kpi.ts';
import { grains } from '../model/period.ts';
import type { ResultFilter } from '../model/result-store.ts';
import { parsePeriod } from './period-flag.ts';
import { parseSegment } from './segment-flag.ts';
import type { Workspace } from './wire.ts';

type Options = Readonly<Record<string, unknown>>;

/** The filters of `results`. A word that nothing bears is a slip of the pen, not an empty list. */
export function readFilter(options: Options, workspace: Workspace): ResultFilter {
  const { catalog, settings } = workspace;
  const segment = parseSegment(options.segment);
  const dimensions = [...settings.segments, ...catalog.flatMap((kpi) => kpi.dimensions)];
  requireKnown('--kpi', options.kpi, { known: catalog.map(({ id }) => id) });
  requireKnown('--grain', options.grain, { known: grains });
  requireKnown('--status', options.status, { known: statuses });
  requireKnown('--segment', segment.segmentKind, { known: [...new Set([...segmentKinds, ...dimensions])] });
  const label = typeof options.period === 'string' ? parsePeriod(workspace, options.period).label : null;
  const text = (name: string) => (typeof options[name] === 'string' ? { [name]: options[name] } : {});
  return { ...text('kpi'), ...text('grain'), ...(label !== null && { period: label }), ...segment };
}

function requireKnown(where: string, given: unknown, { known }: { readonly known: readonly string[] }): void {
  if (given === undefined || known.includes(String(given))) return;
  throw new RunError('usage', {
    where,
    message: `${given} is none of ours.`,
    fix: sentence(suggest(String(given), known)),
  });
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
