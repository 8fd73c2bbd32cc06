import { filterTurns, readsFilteredMail } from '../model/filtered-mail.ts';
import type { Kpi } from '../model/kpi.ts';
import type { Period } from '../model/period.ts';
import type { ConnectionSettings } from '../model/settings.ts';
import { versionOf } from './describe-kpi.ts';

/** What a KPI means from a local day on; null: since ever. */
export interface Definition {
  readonly from: string | null;
  readonly version: string;
}

/** The definitions that a KPI has had, the oldest first: with each switch of the filter a new one begins. */
export function definitionsOf(
  kpi: Kpi,
  connections: readonly Pick<ConnectionSettings, 'name' | 'emailBotFilter'>[],
  catalog: ReadonlyMap<string, Kpi>,
): readonly Definition[] {
  const queries = [kpi, ...(kpi.derive?.inputs ?? []).flatMap((id) => catalog.get(id) ?? [])];
  if (!queries.some(readsFilteredMail)) return [{ from: null, version: kpi.version }];
  const definitions: Definition[] = [];
  for (const from of [null, ...filterTurns(connections)]) {
    const version = versionWith(kpi, unfilteredOn(connections, from));
    if (definitions.at(-1)?.version !== version) definitions.push({ from, version });
  }
  return definitions;
}

/** The connections whose filter was off on a day. */
function unfilteredOn(
  connections: readonly Pick<ConnectionSettings, 'name' | 'emailBotFilter'>[],
  day: string | null,
): readonly string[] {
  return connections.flatMap(({ name, emailBotFilter = [] }) => {
    const last = emailBotFilter.findLast(({ since }) => since === null || (day !== null && since <= day));
    return last?.on === false ? name : [];
  });
}

function versionWith({ version }: Kpi, unfiltered: readonly string[]): string {
  return unfiltered.length === 0 ? version : versionOf(`${version} unfiltered ${unfiltered.join(' ')}`);
}

type Days = Pick<Period, 'startOn' | 'endOn'>;

/** The definition at a period's end. */
export function definitionIn(definitions: readonly Definition[], { endOn }: Days): string {
  return definitions.findLast(({ from }) => from === null || from < endOn)?.version ?? '';
}

/** Whether a definition begins in a period. */
export function beginsIn(definitions: readonly Definition[], { startOn, endOn }: Days): boolean {
  return definitions.some(({ from }) => from !== null && from >= startOn && from < endOn);
}

/** Whether a period's figure is of one definition, and of that of another period. */
export function isAlike(definitions: readonly Definition[], period: Days, other: Days): boolean {
  const isMixed = definitions.some(
    ({ from }) => from !== null && from > period.startOn && from < period.endOn,
  );
  return !isMixed && definitionIn(definitions, period) === definitionIn(definitions, other);
}
