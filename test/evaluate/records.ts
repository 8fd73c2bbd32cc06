import type { LooseRow } from './workspace.ts';

/** So many deals closed on a day, the first `won` of them won. */
export function closedDeals(
  day: string,
  { won, lost, owner }: { won: number; lost: number; owner?: string },
): LooseRow[] {
  return Array.from({ length: won + lost }, (_, i) => ({
    id: `${day}-${owner ?? ''}${i}`,
    outcome: i < won ? 'won' : 'lost',
    closed_on: day,
    created_at: '2025-01-01T00:00:00Z',
    owner_id: owner ?? null,
  }));
}

/** So many cases closed after so many hours. */
export function closedCases(day: string, hours: number, count: number): LooseRow[] {
  const createdAt = Date.parse(`${day}T08:00:00Z`);
  return Array.from({ length: count }, (_, i) => ({
    id: `${day}-${i}`,
    is_closed: 1,
    created_at: createdAt,
    last_closed_at: createdAt + hours * 3_600_000,
  }));
}
