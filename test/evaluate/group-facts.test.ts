import { expect, it } from 'vitest';
import type { Kpi } from '../../src/model/kpi.ts';
import { type CountScope, countBothWays } from './count-both-ways.ts';
import { createDraw, drawCompany } from './random-company.ts';
import { type LooseRow, openWorkspace, type Workspace } from './workspace.ts';

const dayMs = 86_400_000;
const asOf = Date.parse('2026-01-20T10:00:00Z');
const scope: CountScope = {
  ...{ asOf, from: '2025-04-01' },
  kinds: ['company', 'connection', 'owner', 'team', 'category', 'pipeline', 'source', 'type', 'priority'],
};

/** Deals and cases that change hands, of people who change teams, from two CRMs. */
async function openCompany(seed: number): Promise<Workspace> {
  const workspace = await openWorkspace();
  const draw = createDraw(seed);
  for (const source of ['crm', 'shop']) {
    const { people, records } = drawCompany(seed + source.length);
    const change = [...(records.deal ?? []), ...(records.ticket ?? [])].flatMap((row) =>
      drawHands(row, draw),
    );
    await workspace.save({ ...people, ...records, change }, { source });
  }
  for (const [at, u1, u2] of [
    ['2025-05-01T00:00:00Z', 'T1', 'T2'],
    ['2025-09-14T09:30:00Z', 'T2', 'T2'],
    ['2025-12-02T22:59:00Z', 'T2', 'T1'],
  ] as const)
    await workspace.seeMembers(
      [
        { actorId: 'U1', teams: [{ teamId: u1, primary: true }] },
        { actorId: 'U2', teams: [{ teamId: u2, primary: true }] },
      ],
      at,
    );
  return workspace;
}

function drawHands({ id, created_at, closed_on, last_closed_at }: LooseRow, draw: () => number): LooseRow[] {
  const object = String(id).startsWith('d') ? 'deal' : 'ticket';
  const closedAt = typeof closed_on === 'string' ? Date.parse(closed_on) : last_closed_at;
  const around = [Number(created_at), Number(closedAt ?? created_at)];
  return around.flatMap((start, i) =>
    draw() < 0.3
      ? {
          ...{ id: `${id} ${i}`, object, record_id: id ?? null, field: 'owner_id' },
          at: start + Math.floor((draw() - 0.4) * 3 * dayMs),
          from_value: draw() < 0.5 ? 'U3' : null,
          to_value: draw() < 0.8 ? 'U1' : null,
        }
      : [],
  );
}

const counted = [
  ...['cases_closed', 'cases_created', 'deals_won', 'gross_margin_rate', 'kb_link_rate'],
  ...['new_leads', 'revenue_won', 'uncategorised_case_rate', 'win_rate', 'win_rate_value'],
  ...['email_open_rate', 'activities_completed', 'crm_user_satisfaction'],
];

async function find(workspace: Workspace, id: string): Promise<Kpi> {
  const kpi = (await workspace.catalog()).find((one) => one.id === id);
  if (!kpi) throw new Error(`no ${id}`);
  return kpi;
}

it('gives every KPI the cells that its facts give one by one', { timeout: 120_000 }, async () => {
  for (const seed of [1, 2, 3]) {
    await using workspace = await openCompany(seed);
    const grouped = new Set<string>();
    for (const kpi of await workspace.catalog()) {
      if (kpi.derive) continue;
      const kinds = scope.kinds.filter((kind) => kpi.dimensions.includes(kind) || /^co/.test(kind));
      const found = await countBothWays(workspace, kpi, { ...scope, kinds });
      expect(found.together, kpi.id).toEqual(found.apart);
      if (found.isGrouped) grouped.add(kpi.id);
    }
    expect([...grouped]).toEqual(expect.arrayContaining(counted));
  }
});

it('counts in another reporting currency, and where no CRM reports in it', async () => {
  await using workspace = await openCompany(4);
  for (const currency of ['USD', 'EUR']) {
    const found = await countBothWays(workspace, await find(workspace, 'revenue_won'), {
      ...scope,
      currency,
    });
    expect(found.together).toEqual(found.apart);
    expect(found.isGrouped).toBe(currency === 'EUR');
    expect(found.together.cells.length).toBeGreaterThan(20);
  }
});

it('counts one by one where there are too many periods to tell apart in a statement', async () => {
  await using workspace = await openCompany(5);
  const kpi = await find(workspace, 'win_rate');
  for (const grain of ['day', 'week'] as const) {
    const found = await countBothWays(workspace, kpi, { ...scope, grains: [grain] });
    expect(found.together).toEqual(found.apart);
    expect(found.isGrouped).toBe(grain === 'week');
  }
});

it('counts days as they lie in zones whose clocks change at midnight', async () => {
  for (const timeZone of ['America/Sao_Paulo', 'America/Santiago', 'Asia/Kolkata']) {
    await using workspace = await openWorkspace(timeZone);
    const { people, records } = drawCompany(9);
    await workspace.save({ ...people, ...records });
    for (const id of ['deals_won', 'cases_closed']) {
      const found = await countBothWays(workspace, await find(workspace, id), {
        ...{ ...scope, timeZone },
      });
      expect(found.together, timeZone).toEqual(found.apart);
      expect(found.together.cells.length).toBeGreaterThan(10);
    }
  }
});

const odd: readonly (readonly [name: string, header: string, sql: string])[] = [
  ['fractions', 'unit: count kind: flow', 'closed_on as day, amount_minor * 0.5 as num'],
  ['numbers as text', 'unit: count kind: flow', 'closed_on as day, cast(amount_minor as text) as num'],
  [
    'no numbers',
    'unit: count kind: flow',
    "closed_on as day, case when outcome = 'won' then '' else 'many' end as num",
  ],
  [
    'texts that are no days',
    'unit: count kind: flow',
    "case outcome when 'won' then '2025-13-01' when 'lost' then substr(closed_on, 1, 7) else '2025-02-30' end as day, 1 as num",
  ],
  [
    'days beside instants',
    'unit: count kind: flow',
    "case when outcome = 'won' then created_on else created_at end as at, 1 as num",
  ],
  ['half milliseconds', 'unit: count kind: flow', 'created_at + 0.5 as at, 1 as num'],
  [
    'negative shares',
    'unit: ratio kind: flow',
    'closed_on as day, amount_minor as num, 300000 - amount_minor as den',
  ],
  [
    'shares without a whole',
    'unit: ratio kind: flow',
    "created_at as at, 1 as num, case when source = 'web' then amount_minor end as den",
  ],
  ['facts that ripen', 'unit: count kind: cohort matures: 45d', 'created_at as at, 1 as num'],
  ['days that ripen', 'unit: count kind: cohort matures: 45d', 'created_on as day, 1 as num'],
  ['a moving window', 'unit: count kind: flow window: 90d', 'created_on as day, 1 as num'],
];

for (const [name, header, sql] of odd) {
  it(`counts ${name} as one by one`, async () => {
    await using workspace = await openCompany(6);
    workspace.addKpi(`/*
id: own
label: { en: Own, es: Propio }
domain: sales   ${header.replaceAll(/(kind|matures|window):/g, '\n$1:')}
better: higher
dimensions: [owner, team, pipeline]
*/
select source_id, 'deal' as object, id, ${sql}
from deal
`);
    const kpi = await find(workspace, 'own');
    for (const at of [asOf, Date.parse('2025-11-15T23:00:00Z'), Date.parse('2025-11-15T22:59:59.999Z')]) {
      const kinds = ['company', 'owner', 'team', 'pipeline'];
      const found = await countBothWays(workspace, kpi, {
        ...scope,
        kinds,
        asOf: at,
      });
      expect(found.together).toEqual(found.apart);
      expect(found.isGrouped).toBe(true);
    }
  });
}
