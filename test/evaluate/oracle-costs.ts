import type { Campaign, Entry } from './oracle-world.ts';

export const campaigns: readonly Campaign[] = [
  {
    id: 'C1',
    gone: null,
    startsOn: '2025-01-15',
    endsOn: '2025-10-31',
    cost: 1_234_567,
    currency: 'EUR',
    owner: 'U1',
  },
  {
    id: 'C2',
    gone: null,
    startsOn: '2025-11-01',
    endsOn: '2026-02-28',
    cost: 800_000,
    currency: 'USD',
    owner: 'U2',
  },
  {
    id: 'C3',
    gone: null,
    startsOn: '2025-06-01',
    endsOn: '2026-01-10',
    cost: null,
    currency: 'EUR',
    owner: 'U3',
  },
];

/** Sales costs of every month but August 2025, quotas of two people by month and quarter, trainings. */
export function listEntries(): readonly Entry[] {
  const entries: Entry[] = [];
  const lastDay = (year: number, month: number) =>
    new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
  const add = (entry: Omit<Entry, 'gone' | 'id'>) =>
    entries.push({ id: `x${entries.length}`, gone: null, ...entry });
  for (let at = 0; at < 27; at++) {
    const [year, month] = [2024 + Math.floor((at + 1) / 12), ((at + 1) % 12) + 1];
    const fromOn = `${year}-${String(month).padStart(2, '0')}-01`;
    const toOn = lastDay(year, month);
    const span = { fromOn, toOn };
    if (fromOn !== '2025-08-01')
      add({ kind: 'cost', ...span, amount: 100_001 + at, purpose: 'sales', actor: null });
    add({ kind: 'quota', ...span, amount: 5_000_000, purpose: null, actor: 'U1' });
    if (month % 3 === 1)
      add({
        kind: 'quota',
        fromOn,
        toOn: lastDay(year, month + 2),
        amount: 9_000_000,
        purpose: null,
        actor: 'U3',
      });
  }
  for (const [actor, day] of [
    ['U1', '2025-05-02'],
    ['U2', '2025-11-20'],
    ['U2', '2026-01-10'],
    ['U3', '2026-04-01'],
  ] as const)
    add({ kind: 'training', fromOn: day, toOn: day, amount: null, purpose: null, actor });
  return entries;
}
