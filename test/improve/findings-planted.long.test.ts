import { expect, it } from 'vitest';
import type { Finding } from '../../src/model/finding.ts';
import { goalOf } from '../model/samples.ts';
import { openFindingsStore } from './findings-store.ts';
import { plantCompany } from './planted-company.ts';

/** More of them: `PLANTED_SEEDS=200 npx vitest run --dir test findings-planted.long`. */
const seeds = Number(process.env.PLANTED_SEEDS ?? 50);
const goals = [
  goalOf({ kpi: 'first_response_hours', shape: 'at_most', targets: { kind: 'constant', value: 8 } }),
];

function namedTeams(findings: readonly Finding[]): readonly string[] {
  return findings.flatMap(({ detector, teams }) =>
    teams.filter(({ named }) => named).map(({ id }) => `${detector}:${id}`),
  );
}

/** Teams that their interval alone would have let be named. */
function temptingTeams(findings: readonly Finding[], planted: string): number {
  return findings
    .flatMap(({ teams }) => {
      const rest = ({ num, den }: { num: number; den: number }) => {
        const all = teams.reduce((sum, team) => ({ num: sum.num + team.num, den: sum.den + team.den }), {
          num: 0,
          den: 0,
        });
        return (all.num - num) / Math.max(1, all.den - den);
      };
      return teams.length < 2 ? [] : teams.filter((team) => !team.named && team.low > rest(team));
    })
    .filter(({ id }) => id !== planted).length;
}

it(`finds every planted problem and nothing else over ${seeds} seeds`, { timeout: 900_000 }, async () => {
  const missed: string[] = [];
  const invented: string[] = [];
  const named = new Map<string, number>();
  let found = 0;
  let tempting = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    await using store = await openFindingsStore();
    const { problems, team } = await plantCompany(store, seed);
    const { findings } = await store.detect({ goals });
    const ids = findings.map(({ id }) => id);
    found += problems.filter((id) => ids.includes(id)).length;
    missed.push(...problems.filter((id) => !ids.includes(id)).map((id) => `${seed} ${id}`));
    invented.push(...ids.filter((id) => !problems.includes(id)).map((id) => `${seed} ${id}`));
    tempting += temptingTeams(findings, team);
    for (const name of namedTeams(findings)) named.set(name, (named.get(name) ?? 0) + 1);
    const wrong = [...named.keys()].filter((name) => name.includes('Tiny'));
    expect(wrong, 'a small team with bad luck').toEqual([]);
    expect(
      [...named.keys()].every((name) => name.endsWith(`:${team}`) || name.endsWith(':DeskB')),
      [...named.keys()].join(),
    ).toBe(true);
  }
  process.stderr.write(
    `${found} of ${5 * seeds} planted problems found, ${invented.length} others; teams named: ${JSON.stringify(Object.fromEntries(named))}; ${tempting} teams that an interval alone would have named for nothing\n`,
  );
  expect(named.get('idle_users:East')).toBe(seeds);
  expect(missed).toEqual([]);
  expect(invented).toEqual([]);
});
