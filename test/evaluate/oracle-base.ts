import {
  accounts,
  contracts,
  memberships,
  openStages,
  parents,
  people,
  probabilities,
  rates,
} from './oracle-world.ts';
import type { LooseRow, LooseRows } from './workspace.ts';

function stageRows(): LooseRow[] {
  const deal = [...openStages, 'won', 'lost'].map((key, position) => ({
    object: 'deal',
    pipeline: 'north',
    key,
    position,
    probability: probabilities[key] ?? 0,
    is_closed: position > 2 ? 1 : 0,
    is_won: key === 'won' ? 1 : 0,
  }));
  const ticket = ['open', 'waiting', 'closed'].map((key, position) => ({
    object: 'ticket',
    pipeline: 'desk',
    key,
    position,
    is_closed: key === 'closed' ? 1 : 0,
    is_paused: key === 'waiting' ? 1 : 0,
  }));
  return [...deal, ...ticket].map((row) => ({ id: `${row.object}-${row.key}`, ...row }));
}

/** What stands before any record: people, teams, customers, rates. */
export function baseRows(): LooseRows {
  return {
    actor: [
      ...people.map((id) => ({ id, name: id, kind: 'user', active: 1, licensed: 1 })),
      { id: 'Q1', name: 'Q1', kind: 'queue', active: 1 },
    ],
    team: Object.entries(parents).map(([id, parent_id]) => ({ id, name: id, parent_id })),
    account: Object.entries(accounts).map(([id, category]) => ({ id, name: id, category })),
    fx_rate: rates.map(({ currency, day, rate }) => ({
      id: `${currency}${day}`,
      currency,
      day,
      rate_to_base: rate,
    })),
    stage: stageRows(),
    contract: contracts.map(({ account, from, to }, i) => ({
      id: `k${i}`,
      account_id: account,
      active: 1,
      starts_on: from,
      ends_on: to,
    })),
  };
}

/** Who belongs where from an instant on, as one night sees it. */
export function membershipsAt(instant: number) {
  return Object.entries(memberships).map(([actorId, steps]) => {
    const { value = '' } = steps.findLast(({ at }) => at <= instant) ?? {};
    return { actorId, teams: [{ teamId: value, primary: true }] };
  });
}
