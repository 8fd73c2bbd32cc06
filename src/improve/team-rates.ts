import type { FindingTeam } from '../model/finding.ts';
import { fisherGreater } from '../statistics/fisher.ts';
import { wilson } from '../statistics/intervals.ts';
import { benjaminiHochberg } from '../statistics/trend.ts';
import type { Draft, TeamCount } from './detector.ts';

/** Fewer records than this are not compared. */
const smallestComparison = 20;
/** Of all teams named in a run, so many may be named by chance. */
const falseShare = 0.01;

interface Compared {
  readonly team: FindingTeam;
  /** Only of a team that its own interval would let be named. */
  readonly p: number | null;
}

/**
 * Rates of the teams behind each finding. One is named where its 95 % interval lies above the rest's rate, and where
 * that stands although many teams and findings are compared in one run.
 */
export function rateTeams(
  drafts: readonly Pick<Draft, 'teams' | 'smallestTeam'>[],
): readonly (readonly FindingTeam[])[] {
  const compared = drafts.map(({ teams, smallestTeam = smallestComparison }) =>
    teams.length < 2 ? teams.map(alone) : teams.map((team) => compare(team, teams, smallestTeam)),
  );
  // Every team that could have been named counts as a test, those far from it with p = 1.
  const tests = compared.flat().flatMap(({ p }) => (p === null ? [] : [p]));
  const stands = benjaminiHochberg(tests, falseShare);
  let test = 0;
  return compared.map((teams) =>
    teams
      .map(({ team, p }) => {
        const holds = p !== null && stands[test++] === true;
        return { ...team, named: team.named && holds };
      })
      .sort(byRate),
  );
}

function alone(team: TeamCount): Compared {
  return { team: { ...team, ...wilson(team.num, team.den), named: false }, p: null };
}

function compare(team: TeamCount, teams: readonly TeamCount[], smallest: number): Compared {
  const rest = { num: -team.num, den: -team.den };
  for (const { num, den } of teams) {
    rest.num += num;
    rest.den += den;
  }
  const interval = wilson(team.num, team.den);
  if (team.den < smallest || rest.den <= 0) return alone(team);
  const named = interval.low > rest.num / rest.den;
  return { team: { ...team, ...interval, named }, p: fisherGreater(team, rest) };
}

function byRate(a: FindingTeam, b: FindingTeam): number {
  if (a.named !== b.named) return a.named ? -1 : 1;
  const [first, second] = [a.num / (a.den || 1), b.num / (b.den || 1)];
  return second - first || (`${a.source}\n${a.id}` < `${b.source}\n${b.id}` ? -1 : 1);
}
