import type { Span } from './oracle-clock.ts';
import { heldAt, type Item, type Oracle } from './oracle-count.ts';
import { closings, openAt } from './oracle-sales.ts';
import type { Entry, World } from './oracle-world.ts';

export function quotaOracles(world: World): Readonly<Record<string, Oracle>> {
  return {
    quota_attainment: { form: 'ratio', itemsIn: (span) => quotaAttainment(world, span) },
    pipeline_coverage: { form: 'ratio', itemsIn: (span) => pipelineCoverage(world, span) },
  };
}

/** Quotas that lie in the period; of one person's, one that encloses others stands for them. */
function quotasIn(world: World, span: Span): readonly Entry[] {
  const all = world.entries.filter(
    ({ kind, fromOn, toOn }) => kind === 'quota' && fromOn >= span.startOn && toOn < span.endOn,
  );
  const quotas = all.filter(
    (quota) =>
      !all.some(
        (other) =>
          other !== quota &&
          other.actor === quota.actor &&
          other.fromOn <= quota.fromOn &&
          other.toOn >= quota.toOn,
      ),
  );
  return quotas;
}

function quotaAttainment(world: World, span: Span): readonly Item[] {
  return quotasIn(world, span).flatMap((quota): Item[] => {
    const own = { owner: quota.actor, at: span.untilAt - 1 };
    const deals = closings(world, ['won'], span).filter(
      ({ closedOn, own: { owner } }) =>
        owner === quota.actor && closedOn >= quota.fromOn && closedOn <= quota.toOn,
    );
    return [
      { ...own, num: 0, den: quota.amount },
      ...deals.map(({ amount, own: { at } }) => ({ owner: quota.actor, at, num: amount, den: 0 })),
    ];
  });
}

/** What is open and due within a quota's days, over what is left of the quota. */
function pipelineCoverage(world: World, span: Span): readonly Item[] {
  const served = quotaAttainment(world, span).map(({ num, den, ...own }): Item => {
    const left = num === null ? null : (den ?? 0) - (num ?? 0);
    return { ...own, num: 0, den: left };
  });
  const open = quotasIn(world, span).flatMap((quota) =>
    openAt(world, span)
      .filter(({ deal, own }) => {
        const due = heldAt(deal.dues, own.at) ?? '';
        return own.owner === quota.actor && due >= quota.fromOn && due <= quota.toOn;
      })
      .map(({ amount, own }): Item => ({ ...own, num: amount, den: 0 })),
  );
  return [...served, ...open];
}
