import type { Company } from '../../../src/sandbox/company.ts';
import { plain } from './company-sales.ts';
import { ids, type Part, seedRecords, typeOf } from './company-seed.ts';
import { addOwner } from './load-documents.ts';
import type { Owner, Portal } from './portal.ts';
import { toIso } from './read-value.ts';
import { monthStart } from './zone.ts';

/** Months before and after the running one that have quotas. */
const quotaMonths = [-1, 0, 1];

export function seedPeople(portal: Portal, company: Company): void {
  const teams = new Map(company.teams.map((team) => [team.id, team]));
  for (const person of company.people) addOwner(portal, toOwner(person, teams));
  seedRecords(typeOf(portal, 'users'), {
    items: company.people,
    id: ({ id }) => ids.userRecord(id),
    createdAt: ({ since }) => since,
    updatedAt: ({ since }) => since,
    contents: (person) =>
      plain(person.since, {
        hs_given_name: person.first,
        hs_family_name: person.last,
        hs_email: person.email,
        hs_job_title: person.title,
        hs_internal_user_id: `${ids.user(person.id)}`,
        hs_deactivated: `${!person.active}`,
        hubspot_owner_id: `${ids.owner(person.id)}`,
      }),
  });
  seedGoals(portal, company);
}

/** The own team is the primary one, the teams above it are further ones. */
function toOwner(person: Part<'people'>, all: ReadonlyMap<number, Part<'teams'>>): Owner {
  const teams: { id: string; name: string; primary: boolean }[] = [];
  for (
    let team = all.get(person.team);
    team;
    team = team.parent === null ? undefined : all.get(team.parent)
  ) {
    teams.push({ id: `${ids.team(team.id)}`, name: team.name, primary: teams.length === 0 });
  }
  const userId = ids.user(person.id);
  return {
    id: `${ids.owner(person.id)}`,
    email: person.email,
    type: 'PERSON',
    firstName: person.first,
    lastName: person.last,
    userId: person.active ? userId : null,
    userIdIncludingInactive: userId,
    teams,
    createdAt: toIso(person.since),
    updatedAt: toIso(person.since),
    archived: !person.active,
  };
}

interface Quota {
  readonly id: number;
  readonly owner: number;
  readonly from: number;
  readonly to: number;
  readonly amount: number;
}

/** Monthly sales quotas of the sellers: a tenth above what the average seller won a month. */
function seedGoals(portal: Portal, company: Company): void {
  const quotas = makeQuotas(portal, company);
  seedRecords(typeOf(portal, 'goal_targets'), {
    items: quotas,
    id: ({ id }) => ids.goal(id),
    createdAt: () => company.from,
    updatedAt: () => company.from,
    contents: (quota) =>
      plain(company.from, {
        hs_goal_name: 'Monthly revenue',
        hs_goal_type: 'sales_quota',
        hs_group_correlation_uuid: '3f0b1a52-0000-4000-8000-000000000001',
        hs_goal_target_group_id: '1',
        hs_milestone: 'monthly',
        hs_target_amount: `${quota.amount}`,
        hs_target_amount_in_home_currency: `${quota.amount}`,
        hs_goal_target_currency_code: company.currency,
        hs_start_datetime: toIso(quota.from),
        hs_end_datetime: toIso(quota.to - 1),
        hubspot_owner_id: `${ids.owner(quota.owner)}`,
      }),
  });
}

function makeQuotas(portal: Portal, { people, teams, deals, now, timeZone, from }: Company): Quota[] {
  const sales = new Set(teams.filter((team) => team.function === 'sales').map(({ id }) => id));
  const sellers = people.filter(({ team, active }) => active && sales.has(team));
  let won = 0;
  for (const { stage, amount } of deals) if (stage === 'won') won += amount ?? 0;
  const months = Math.max(1, (now - from) / (30 * 86_400_000));
  const amount = Math.round((1.1 * won) / months / Math.max(1, sellers.length) / 100) * 100;
  return quotaMonths.flatMap((month, row) =>
    sellers.map(({ id }, column) => ({
      id: row * sellers.length + column + 1,
      owner: id,
      from: monthStart(now, portal.timeZone || timeZone, month),
      to: monthStart(now, portal.timeZone || timeZone, month + 1),
      amount,
    })),
  );
}
