export const grains = ['day', 'week', 'month', 'quarter', 'year'] as const;
export type Grain = (typeof grains)[number];

/** Half-open `[start, end)` between local midnights of the business time zone. */
export interface Period {
  readonly grain: Grain;
  /** `2026-01`, `2026-Q1`, `2026`, `2026-W05`, `2026-01-31` */
  readonly label: string;
  /** Local dates, end exclusive. */
  readonly startOn: string;
  readonly endOn: string;
  /** The same as instants, epoch ms. */
  readonly startAt: number;
  readonly endAt: number;
}

/** What decides the bounds of periods; from the settings. */
export interface CalendarRules {
  readonly timeZone: string;
  readonly weekStart: 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday' | 'sunday';
  /** 1 to 12 */
  readonly fiscalYearStart: number;
  readonly fiscalYearName: 'end' | 'start';
  /** Periods of one's own (4-4-5, 13 periods), oldest first: grains that stand here follow it, without arithmetic. */
  readonly table?: readonly ListedPeriod[];
}

/** Local dates, end exclusive. */
export type ListedPeriod = Pick<Period, 'grain' | 'label' | 'startOn' | 'endOn'>;
