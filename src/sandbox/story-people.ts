import type { Person, Team } from './company.ts';
import type { Random } from './random.ts';
import { type Calendar, dayMs } from './story-calendar.ts';
import { makeEmail, makePersonName } from './story-names.ts';

/** What the story knows of a person beyond the CRM. */
export interface Worker {
  readonly person: Person;
  /** Last instant at work; Infinity for those who stayed. */
  readonly until: number;
  /** Share of the work that they take on. */
  readonly volume: number;
  /** How much likelier than others they win, or how content their customers are. */
  readonly skill: number;
  /** Length of their deals against others'. */
  readonly pace: number;
}

export interface Staff {
  readonly teams: readonly Team[];
  readonly people: readonly Person[];
  readonly sellers: readonly Worker[];
  readonly agents: readonly Worker[];
  readonly marketers: readonly Worker[];
  readonly salesTeams: readonly SalesTeam[];
}

export interface SalesTeam {
  readonly team: Team;
  readonly countries: readonly string[];
  readonly weight: number;
}

const domain = 'talvera.example';
const teams: readonly Team[] = [
  { id: 1, name: 'Sales', parent: null, function: 'sales' },
  { id: 2, name: 'Sales Iberia', parent: 1, function: 'sales' },
  { id: 3, name: 'Sales France and Benelux', parent: 1, function: 'sales' },
  { id: 4, name: 'Sales DACH', parent: 1, function: 'sales' },
  { id: 5, name: 'Customer Service', parent: null, function: 'service' },
  { id: 6, name: 'Marketing', parent: null, function: 'marketing' },
];
const regions: Readonly<Record<number, { readonly countries: readonly string[]; readonly weight: number }>> =
  {
    2: { countries: ['Spain', 'Spain', 'Spain', 'Portugal'], weight: 0.5 },
    3: { countries: ['France', 'France', 'Belgium', 'Netherlands'], weight: 0.28 },
    4: { countries: ['Germany', 'Germany', 'Austria'], weight: 0.22 },
  };
const defaultSize = 3000;

interface Post {
  readonly title: string;
  readonly team: number;
  readonly manager: number | null;
  readonly country: string;
}

export function makeStaff(calendar: Calendar, size: number, random: Random): Staff {
  const scale = Math.max(0.5, size / defaultSize) ** 0.35;
  const hire = createHiring(calendar, random);
  const heads = [
    hire({ title: 'Head of Sales', team: 1, manager: null, country: 'Spain' }),
    hire({ title: 'Head of Customer Service', team: 5, manager: null, country: 'Spain' }),
    hire({ title: 'Head of Marketing', team: 6, manager: null, country: 'France' }),
  ];
  const sellers = hireSellers(hire, Math.round(12 * scale));
  const agents = times(Math.round(6 * scale), (index) =>
    hire({ title: 'Service Agent', team: 5, manager: 2, country: index % 3 === 2 ? 'France' : 'Spain' }),
  );
  const marketers = times(2, () =>
    hire({ title: 'Marketing Specialist', team: 6, manager: 3, country: 'Spain' }),
  );
  const leavers = [sellers[1], sellers[6]].filter((worker) => worker !== undefined);
  const settle = (worker: Worker) => (leavers.includes(worker) ? leave(worker, calendar, random) : worker);
  const settled = sellers.map(settle);
  return {
    teams,
    people: [...heads, ...settled, ...agents, ...marketers].map((worker) => worker.person),
    sellers: settled,
    agents,
    marketers,
    salesTeams: teams.flatMap((team) => {
      const region = regions[team.id];
      return region ? [{ team, ...region }] : [];
    }),
  };
}

/** Sellers go to the teams in turn, the largest region first and most often. */
function hireSellers(hire: (post: Post) => Worker, count: number): Worker[] {
  const turns = [2, 3, 4, 2];
  const titles = ['Account Executive', 'Senior Account Executive', 'Account Manager'];
  return times(count, (index) => {
    const team = turns[index % turns.length] ?? 2;
    const country = regions[team]?.countries[0] ?? 'Spain';
    return hire({ title: titles[index % titles.length] ?? 'Account Executive', team, manager: 1, country });
  });
}

function createHiring(calendar: Calendar, random: Random): (post: Post) => Worker {
  const taken = new Set<string>();
  let id = 0;
  return ({ title, team, manager, country }) => {
    id += 1;
    let name = makePersonName(random, country);
    for (let tries = 0; tries < 50 && taken.has(makeEmail(name, domain)); tries++) {
      name = makePersonName(random, country);
    }
    if (taken.has(makeEmail(name, domain))) name = { ...name, last: `${name.last}-${id}` };
    const email = makeEmail(name, domain);
    taken.add(email);
    const daysBefore = random.chance(0.8) || manager === null ? random.int(60, 2500) : -random.int(60, 400);
    const since = calendar.snapToOffice(random, calendar.from - daysBefore * dayMs);
    const person = { id, ...name, email, title, team, manager, active: true, since };
    return {
      person,
      until: Number.POSITIVE_INFINITY,
      volume: random.between(0.6, 1.4),
      skill: random.logNormal(1, 0.3),
      pace: random.logNormal(1, 0.15),
    };
  };
}

/** They leave in the second year, and keep the records that they own. */
function leave(worker: Worker, calendar: Calendar, random: Random): Worker {
  const until = calendar.snapToOffice(random, calendar.from + random.int(400, 600) * dayMs);
  const since = Math.min(worker.person.since, calendar.from - 90 * dayMs);
  return { ...worker, person: { ...worker.person, active: false, since }, until };
}

/** Workers who are there all the time between two instants; everybody who is still there, if nobody was. */
export function presentWorkers(workers: readonly Worker[], from: number, to: number): readonly Worker[] {
  const present = workers.filter((worker) => worker.person.since <= from && worker.until >= to);
  return present.length > 0 ? present : workers.filter((worker) => worker.person.active);
}

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
