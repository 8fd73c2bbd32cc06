import type { OrganisationFact, OrganisationFacts } from '../model/organisation.ts';
import type { ListedPeriod } from '../model/period.ts';
import type { ConnectionSettings, Settings, WorkingHours } from '../model/settings.ts';
import type { Finding } from './issues.ts';
import type { LoadOptions } from './load.ts';
import type { Report } from './report.ts';
import type { FileSettings } from './schema.ts';

/** Where the settings are silent: what the connections told instead, and what nobody has told yet. */
export interface Silence {
  readonly settings: FileSettings & { readonly timeZone: string; readonly currency: string };
  readonly told: NonNullable<Settings['told']>;
  /** Neither set nor told: a value that is only good for asking the CRM. */
  readonly provisional: readonly ('timeZone' | 'currency')[];
  readonly table: readonly ListedPeriod[];
  readonly businessHours: readonly WorkingHours[];
}

export interface Voices {
  /** Keys that the file has. */
  readonly spoken: ReadonlySet<string>;
  readonly facts: OrganisationFacts;
  /** Working hours may still come with a sync. */
  readonly mayTellHours: boolean;
  /** Any of them may tell something more. */
  readonly listens: boolean;
}

interface SilentFile {
  /** The file's keys and values. */
  readonly raw: Readonly<Record<string, unknown>>;
  readonly connections: readonly ConnectionSettings[];
  /** Path of the store. */
  readonly store: string;
}

/** Where the file is silent a connection may tell; what none of them can tell is missing. */
export async function hearConnections(
  { raw, connections, store }: SilentFile,
  tools: Pick<LoadOptions, 'organisation' | 'resolveConnector'> & { readonly report: Report },
): Promise<Voices> {
  const spoken = new Set(Object.keys(raw).filter((key) => raw[key] !== null));
  const names = connections.map(({ name }) => name);
  const facts = tools.organisation?.(store, names) ?? {};
  const tellers = await Promise.all(connections.map(({ connector }) => tools.resolveConnector(connector)));
  const mayTell = (fact: OrganisationFact) => tellers.some((teller) => teller?.tells?.includes(fact));
  for (const key of ['timeZone', 'currency'] as const) {
    if (!spoken.has(key) && !facts[key] && !mayTell(key)) tools.report.add(missingSetting(key));
  }
  const silent = (['timeZone', 'currency', 'fiscalYear', 'calendar', 'businessHours'] as const).filter(
    (fact) => !spoken.has(fact === 'fiscalYear' ? 'fiscalYearStart' : fact),
  );
  return {
    spoken,
    facts,
    mayTellHours: !spoken.has('businessHours') && mayTell('businessHours'),
    listens: silent.some(mayTell),
  };
}

/** A calendar is of use only where it holds every period that is computed, and the year before for comparison. */
function reachesBack(listed: readonly ListedPeriod[], seenOn: string | undefined, months: number): boolean {
  if (seenOn === undefined) return false;
  const back = new Date(`${seenOn}T00:00:00Z`);
  back.setUTCMonth(back.getUTCMonth() - months - 13);
  const needed = back.toISOString().slice(0, 10);
  return [...new Set(listed.map(({ grain }) => grain))].every((grain) => {
    const own = listed.filter((period) => period.grain === grain);
    return own.some(({ startOn }) => startOn <= needed) && own.some(({ endOn }) => endOn > seenOn);
  });
}

/** The settings with what is known of the organisation put in. What the file says is never overruled. */
export function fillSilence(
  settings: FileSettings,
  { spoken, facts }: Pick<Voices, 'spoken' | 'facts'>,
): Silence {
  const heard = <F extends OrganisationFact>(fact: F, ...keys: string[]): OrganisationFacts[F] | undefined =>
    keys.some((key) => spoken.has(key)) ? undefined : facts[fact];
  const timeZone = heard('timeZone', 'timeZone');
  const currency = heard('currency', 'currency');
  const fiscalYear = heard('fiscalYear', 'fiscalYearStart', 'fiscalYearName');
  const listed = heard('calendar', 'calendar', 'fiscalYearStart', 'fiscalYearName');
  const calendar = listed && reachesBack(listed.value, facts.seenOn, settings.history) ? listed : undefined;
  const businessHours = heard('businessHours', 'businessHours');
  const told = [
    timeZone && { key: 'timeZone', value: timeZone.value, connection: timeZone.connection },
    currency && { key: 'currency', value: currency.value, connection: currency.connection },
    fiscalYear && {
      key: 'fiscalYearStart',
      value: String(fiscalYear.value.fiscalYearStart),
      connection: fiscalYear.connection,
    },
    calendar && {
      key: 'calendar',
      value: `${calendar.value.length} fiscal periods`,
      connection: calendar.connection,
    },
    businessHours && {
      key: 'businessHours',
      value: 'working hours and holidays',
      connection: businessHours.connection,
    },
  ].filter((entry) => entry !== undefined);
  const provisional = (['timeZone', 'currency'] as const).filter(
    (key) => settings[key] === undefined && facts[key] === undefined,
  );
  return {
    settings: {
      ...settings,
      timeZone: settings.timeZone ?? timeZone?.value ?? 'UTC',
      currency: settings.currency ?? currency?.value ?? 'EUR',
      ...(fiscalYear?.value ?? {}),
    },
    told,
    provisional,
    table: calendar?.value ?? [],
    businessHours: businessHours?.value ?? [],
  };
}

/** A setting that no connection can stand in for. */
function missingSetting(key: 'timeZone' | 'currency'): Finding {
  const fix =
    key === 'timeZone'
      ? 'set the business time zone, such as Europe/Madrid: it decides in which period a fact falls.'
      : 'set the reporting currency, such as EUR, into which all amounts are converted.';
  return { path: [key], rule: 'is missing', fix, showsValue: false };
}
