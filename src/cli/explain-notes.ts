import { filterTurns, readsFilteredMail } from '../model/filtered-mail.ts';
import { plainNumber } from '../model/format.ts';
import type { Kpi } from '../model/kpi.ts';
import type { StoredResult } from '../model/result-store.ts';
import { createFormat } from '../report/format.ts';
import { limitsText } from '../report/legend.ts';
import { type Limits, limitsOf } from '../report/limits.ts';
import { comparisonText, trendText } from '../report/needed-data.ts';
import { restatementText } from '../report/restatement.ts';
import { judgeNewest } from '../report/routine.ts';
import { openReader, type Reader } from '../store/reader.ts';
import type { Workspace } from './wire.ts';

const longestHistory = '0000-01-01';

/** What the history says of a figure, what it cannot say yet, and what moved the figure since it was official. */
export async function noteHistory(
  { settings, asOf }: Pick<Workspace, 'settings' | 'asOf'>,
  { kpi, result }: { readonly kpi: Kpi; readonly result: StoredResult },
) {
  await using reader = openReader(settings.store);
  const past = readPast(reader, result, asOf);
  const { segment } = result;
  const changedOn = reader.changedOn({ kpi: kpi.id, segment, asOf });
  const redefinedOn = readsFilteredMail(kpi) ? filterTurns(settings.connections) : [];
  const limits = limitsOf(past, kpi, [...changedOn, ...redefinedOn]);
  const goal = settings.goals.find(({ id }) => id === result.goal) ?? null;
  const format = createFormat(settings.language, settings.calendar.timeZone);
  const figure = { kpi, goal, result, past, changedOn };
  const notes = [
    limitsText(limits, figure, format),
    trendText(figure, format),
    comparisonText(figure, format),
  ].filter((note) => note !== '');
  return {
    routine: routineOf(limits, result),
    notes,
    restated: restatedText(result, kpi, format),
  };
}

function readPast(
  reader: Pick<Reader, 'series'>,
  { kpi, grain, goal, segment, periodStart }: StoredResult,
  asOf: number,
): readonly StoredResult[] {
  const { kind, id, source } = segment;
  const query = { asOf, kpis: [kpi], grain, kind, from: longestHistory, to: periodStart };
  const rows = reader.series({ ...query, ...(id !== null && { id }) });
  return rows.filter((row) => row.goal === goal && row.segment.source === source);
}

/** As scripts read it: figures in major units. */
function routineOf(limits: Limits, { unit, currency }: StoredResult) {
  const judged = judgeNewest(limits);
  if (judged === null || limits.kind === 'few') return null;
  const plain = (value: number) => plainNumber(value, unit, currency);
  if (limits.kind === 'uneven') {
    const { d = 0, low = 0, high = 0 } = limits.against ?? {};
    return { method: 'newcombe', ...judged, difference: d, low, high };
  }
  const { n, mean, low, high, provisional } = limits.chart;
  const method = limits.kind === 'steps' ? 'xmr of changes' : 'xmr';
  return { method, ...judged, n, mean: plain(mean), low: plain(low), high: plain(high), provisional };
}

function restatedText(
  result: StoredResult,
  kpi: Kpi,
  format: ReturnType<typeof createFormat>,
): string | null {
  if (!result.restatement) return null;
  const { official } = result.restatement;
  const then = { unit: result.unit, currency: official.currency ?? result.currency };
  const was = format.say.kpi.restatedFrom(format.value(official.value, then));
  const causes = restatementText(result, kpi, format);
  return causes === '' ? was : `${was}. ${causes}`;
}
