import type { Kpi } from './kpi.ts';
import type { ConnectionSettings } from './settings.ts';

/**
 * What a CRM counts differently once its filter against software that opens mails and follows links is switched. No
 * interface tells the switch; mails that were sent before keep their figures.
 * https://knowledge.hubspot.com/marketing-email/understand-bot-filtering-in-marketing-email-analytics
 */
const filteredColumns = /\b(opens_unique|opens_unreliable|clickers_unique)\b/;

export function readsFilteredMail({ sql }: Pick<Kpi, 'sql'>): boolean {
  return filteredColumns.test(sql);
}

/** Local days on which the filter of a connection was switched, in order. */
export function filterTurns(
  connections: readonly Pick<ConnectionSettings, 'emailBotFilter'>[],
): readonly string[] {
  const turns = connections.flatMap(({ emailBotFilter = [] }) =>
    emailBotFilter.flatMap(({ since }) => since ?? []),
  );
  return [...new Set(turns)].sort();
}
