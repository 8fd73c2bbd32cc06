import type { Desk } from './desk.ts';
import type { Figure } from './figures.ts';
import type { FilterChoices, NamedChoice } from './filters.ts';
import type { Selection } from './selection.ts';
import { segmentText } from './selection.ts';

/** What the filters of a page offer: only what has results. */
export async function readChoices(
  desk: Desk,
  figures: readonly Figure[],
  selection: Selection,
): Promise<Omit<FilterChoices, 'withStatus'>> {
  const longest = figures.toSorted((a, b) => b.history.length - a.history.length)[0];
  const labels = longest?.history.map(({ periodLabel }) => periodLabel).reverse() ?? [];
  const newest = longest?.history.findLast(({ complete }) => complete) ?? longest?.result;
  const kpis = desk.catalog.map(({ id }) => id);
  const names = await readNames(desk);
  const choicesOf = (kind: string): readonly NamedChoice[] =>
    newest
      ? desk.reader
          .segmentsIn({ kpis, grain: newest.grain, kind, periodStart: newest.periodStart })
          .filter(({ id }) => id !== '' && id !== '(none)')
          .map(({ id }) => ({ text: `${kind}:${id}`, name: names.get(`${kind}\n${id}`) ?? id, kind }))
          .sort((a, b) => a.name.localeCompare(b.name, selection.language))
      : [];
  const kinds = ['connection', ...desk.settings.segments].filter(
    (kind) => kind !== 'company' && kind !== 'owner',
  );
  const segments = [...new Set(kinds)].flatMap(choicesOf);
  const { period, segment } = selection;
  const shown = [...segments];
  const text = segmentText(segment);
  if (
    segment.kind !== 'company' &&
    segment.kind !== 'owner' &&
    !segments.some((choice) => choice.text === text)
  )
    shown.push({ text, name: segment.id ?? segment.kind, kind: segment.kind });
  return {
    periods: period !== null && !labels.includes(period) ? [period, ...labels] : labels,
    grains: [...new Set([...desk.settings.grains, ...desk.settings.goals.map(({ every }) => every)])],
    segments: shown,
    owners: desk.settings.segments.includes('owner') ? choicesOf('owner') : [],
  };
}

async function readNames({ reader }: Desk): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (const { id, name } of await reader.actors()) names.set(`owner\n${id}`, name ?? id);
  for (const { id, name } of await reader.teams()) names.set(`team\n${id}`, name ?? id);
  return names;
}
