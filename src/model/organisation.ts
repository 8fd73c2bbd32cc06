import type { CalendarRules, ListedPeriod } from './period.ts';
import type { WorkingHours } from './settings.ts';

/** What a CRM's own set-up tells where the settings are silent, and which connection told it. */
export interface OrganisationFacts {
  readonly timeZone?: Told<string>;
  /** ISO 4217 */
  readonly currency?: Told<string>;
  readonly fiscalYear?: Told<Pick<CalendarRules, 'fiscalYearStart' | 'fiscalYearName'>>;
  /** Fiscal periods set by hand (4-4-5), in the order of their first days. */
  readonly calendar?: Told<readonly ListedPeriod[]>;
  readonly businessHours?: Told<readonly WorkingHours[]>;
  /** Day of the newest successful read. */
  readonly seenOn?: string;
}

export type OrganisationFact = Exclude<keyof OrganisationFacts, 'seenOn'>;

export interface Told<T> {
  readonly value: T;
  readonly connection: string;
}
