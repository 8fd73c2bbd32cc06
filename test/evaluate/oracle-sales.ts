import { dayMs, daysFrom, hourMs, localDay, type Span } from './oracle-clock.ts';
import {
  endOfDay,
  euros,
  heldAt,
  type Item,
  isOn,
  lives,
  type Oracle,
  today,
  within,
} from './oracle-count.ts';
import { lastOf } from './oracle-rows.ts';
import { accounts, type Deal, openStages, probabilities, type World } from './oracle-world.ts';

/** Place of an open stage; -1: it is none. */
const placeOf = (stage: string | null) => openStages.indexOf(stage ?? '');
const isOpen = (stage: string | null) => placeOf(stage) >= 0;
const categoryOf = (account: string | null) => (account === null ? null : (accounts[account] ?? null));

const dealIn = ({ account, type, source, campaign }: Deal) => ({
  pipeline: 'north',
  category: categoryOf(account),
  type,
  source,
  campaign,
});

/** Deals closed in a period with an outcome, each by its owner on the day of closing. */
export function closings(world: World, outcomes: readonly string[], span: Span) {
  return lives(world.deals).flatMap((deal) => {
    const { closedOn } = deal;
    const outcome = lastOf(deal.stages) ?? '';
    if (closedOn === null || closedOn > today(world) || !isOn(closedOn, span) || !outcomes.includes(outcome))
      return [];
    const at = endOfDay(closedOn, world);
    const amount = euros(lastOf(deal.amounts), deal.currency, closedOn);
    const own = { at, owner: heldAt(deal.owners, at) ?? deal.owners[0]?.value ?? null, in: dealIn(deal) };
    return [{ deal, closedOn, outcome, amount, own }];
  });
}

/** Deals open at the end of a period, or now, as they were then. */
export function openAt(world: World, { untilAt }: Span) {
  const at = untilAt - 1;
  return lives(world.deals).flatMap((deal) => {
    const stage = heldAt(deal.stages, at);
    if (!isOpen(stage)) return [];
    const amount = euros(heldAt(deal.amounts, at), deal.currency, localDay(at));
    return [
      { deal, amount, stage: stage ?? '', own: { at, owner: heldAt(deal.owners, at), in: dealIn(deal) } },
    ];
  });
}

const isRenewal = ({ type }: Deal) => type === 'renewal';

export function salesOracles(world: World): Readonly<Record<string, Oracle>> {
  const won = (span: Span) => closings(world, ['won'], span);
  const closed = (span: Span) =>
    closings(world, ['won', 'lost'], span).filter(({ deal }) => !isRenewal(deal));
  return {
    revenue_won: {
      form: 'sum',
      itemsIn: (span) => won(span).map(({ amount, own }): Item => ({ ...own, num: amount })),
    },
    deals_won: { form: 'sum', itemsIn: (span) => won(span).map(({ own }): Item => ({ ...own, num: 1 })) },
    win_rate: {
      form: 'ratio',
      itemsIn: (span) =>
        closed(span).map(({ outcome, own }): Item => ({ ...own, num: outcome === 'won' ? 1 : 0, den: 1 })),
    },
    win_rate_value: {
      form: 'ratio',
      itemsIn: (span) =>
        closed(span).map(
          ({ outcome, amount, own }): Item => ({
            ...own,
            num: amount === null ? null : outcome === 'won' ? amount : 0,
            den: amount,
          }),
        ),
    },
    avg_deal_value: {
      form: 'ratio',
      itemsIn: (span) => won(span).map(({ amount, own }): Item => ({ ...own, num: amount, den: 1 })),
    },
    gross_margin_rate: {
      form: 'ratio',
      itemsIn: (span) =>
        won(span).map(({ deal, closedOn, amount, own }): Item => {
          const cost = deal.cost;
          const total = lastOf(deal.amounts);
          const margin =
            cost === null || total === null ? null : euros(total - cost, deal.currency, closedOn);
          return { ...own, num: margin, den: amount };
        }),
    },
    sales_cycle_hours: {
      form: 'duration',
      itemsIn: (span) =>
        won(span)
          .map(({ deal, closedOn, own }) => ({
            ...own,
            hours: 24 * daysFrom(localDay(deal.createdAt), closedOn),
          }))
          .filter(({ hours }) => hours >= 0),
    },
    win_rate_cohort: { form: 'ratio', itemsIn: (span) => wonWithin90Days(world, span) },
    open_deals: {
      form: 'sum',
      itemsIn: (span) => openAt(world, span).map(({ own }): Item => ({ ...own, num: 1 })),
    },
    open_pipeline: {
      form: 'sum',
      itemsIn: (span) => openAt(world, span).map(({ amount, own }): Item => ({ ...own, num: amount })),
    },
    weighted_pipeline: {
      form: 'sum',
      itemsIn: (span) =>
        openAt(world, span).map(({ deal, stage, own }): Item => {
          const amount = heldAt(deal.amounts, own.at);
          const weighted = amount === null ? null : amount * (probabilities[stage] ?? 0);
          return { ...own, num: euros(weighted, deal.currency, localDay(own.at)) };
        }),
    },
    pipeline_created: { form: 'sum', itemsIn: (span) => pipelineCreated(world, span) },
    stage_conversion_rate: { form: 'ratio', itemsIn: (span) => stageConversions(world, span) },
    stage_dwell_hours: { form: 'survival', itemsIn: (span) => stageDwell(world, span) },
    slipped_deal_rate: { form: 'ratio', itemsIn: (span) => slippedDeals(world, span) },
  };
}

function wonWithin90Days(world: World, span: Span): readonly Item[] {
  return lives(world.deals)
    .filter(({ createdAt }) => within(createdAt, span) && createdAt + 90 * dayMs <= world.asOf)
    .map((deal) => {
      const isWon = lastOf(deal.stages) === 'won' && deal.closedOn !== null && deal.closedOn <= today(world);
      const days = isWon && deal.closedOn ? daysFrom(localDay(deal.createdAt), deal.closedOn) : null;
      const num = days !== null && days <= 90 ? 1 : 0;
      const own = { at: deal.createdAt, owner: deal.owners[0]?.value ?? null, in: dealIn(deal) };
      return { ...own, num, den: 1 };
    });
}

function pipelineCreated(world: World, span: Span): readonly Item[] {
  return lives(world.deals)
    .filter(({ createdAt }) => within(createdAt, span))
    .map((deal) => {
      const amount = heldAt(deal.amounts, span.untilAt - 1);
      const num = euros(amount, deal.currency, localDay(deal.createdAt));
      return { at: deal.createdAt, owner: deal.owners[0]?.value ?? null, in: dealIn(deal), num };
    });
}

/** The first entry of each deal into each open stage. */
function* firstEntries({ stages }: Deal, { asOf }: World) {
  for (const stage of new Set(stages.map(({ value }) => value))) {
    const entered = stages.find(({ value, at }) => value === stage && at < asOf);
    if (isOpen(stage) && entered) yield { stage, at: entered.at };
  }
}

function stageConversions(world: World, span: Span): readonly Item[] {
  return lives(world.deals).flatMap((deal) =>
    [...firstEntries(deal, world)]
      .filter(({ at }) => within(at, span) && at + 60 * dayMs <= world.asOf)
      .map(({ stage, at }): Item => {
        const later = deal.stages.filter((step) => step.at > at && step.at < world.asOf);
        const place = placeOf(stage);
        const passed = later.some(({ value }) => value === 'won' || placeOf(value) > place);
        const own = { at, owner: heldAt(deal.owners, at), in: { ...dealIn(deal), stage } };
        return { ...own, num: passed ? 1 : 0, den: 1 };
      }),
  );
}

function stageDwell(world: World, span: Span): readonly Item[] {
  return lives(world.deals).flatMap((deal) =>
    [...firstEntries(deal, world)]
      .filter(({ at }) => within(at, span))
      .map(({ stage, at }): Item => {
        let time = 0;
        let goesOn = false;
        for (const [place, step] of deal.stages.entries()) {
          if (step.value !== stage || step.at >= world.asOf) continue;
          const leftAt = deal.stages[place + 1]?.at ?? world.asOf;
          time += leftAt - step.at;
          goesOn ||= deal.stages[place + 1] === undefined;
        }
        const own = { at, owner: heldAt(deal.owners, at), in: { ...dealIn(deal), stage } };
        return { ...own, hours: time / hourMs, goesOn };
      }),
  );
}

function slippedDeals(world: World, span: Span): readonly Item[] {
  const { startAt, startOn, endOn, endAt, untilAt } = span;
  return lives(world.deals).flatMap((deal) => {
    const due = heldAt(deal.dues, startAt - 1) ?? '';
    if (!isOpen(heldAt(deal.stages, startAt - 1)) || due < startOn || due >= endOn) return [];
    const dueNow = heldAt(deal.dues, untilAt - 1) ?? '';
    const slipped = isOpen(heldAt(deal.stages, untilAt - 1)) && (untilAt === endAt || dueNow >= endOn);
    const at = startAt - 1;
    return [{ at, owner: heldAt(deal.owners, at), in: dealIn(deal), num: slipped ? 1 : 0, den: 1 }];
  });
}
