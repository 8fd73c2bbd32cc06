import { daysFrom, plusDays, plusMonths, type Span } from './oracle-clock.ts';
import { endOfDay, euros, type Item, isOn, lives, type Oracle, today } from './oracle-count.ts';
import { lastOf } from './oracle-rows.ts';
import { accounts, contracts, type Deal, type World } from './oracle-world.ts';

interface Purchase {
  readonly deal: Deal;
  readonly day: string;
}

interface CustomerSpan {
  readonly account: string;
  readonly from: string;
  /** First day on which it is a customer no more. */
  readonly to: string;
  readonly number: number;
  readonly lastBought: string;
  readonly first: Deal | null;
}

function purchasesOf(world: World, account: string): readonly Purchase[] {
  return lives(world.deals)
    .flatMap((deal) =>
      deal.account === account && lastOf(deal.stages) === 'won' && deal.closedOn !== null
        ? [{ deal, day: deal.closedOn }]
        : [],
    )
    .sort((a, b) => (a.day < b.day || (a.day === b.day && a.deal.id < b.deal.id) ? -1 : 1));
}

/** While a contract runs; without any contract for twelve months after a purchase. A month's pause is none. */
export function customerSpans(world: World): readonly CustomerSpan[] {
  return Object.keys(accounts).flatMap((account) => {
    const bought = purchasesOf(world, account);
    const terms = contracts.filter((contract) => contract.account === account);
    const times =
      terms.length > 0
        ? terms.map(({ from, to }) => ({
            from: String(from),
            to: to === null ? '9999-12-31' : plusDays(to, 1),
          }))
        : bought.map(({ day }) => ({ from: day, to: plusMonths(day, 12) }));
    const spans: { from: string; to: string }[] = [];
    for (const { from, to } of times) {
      const last = spans.at(-1);
      if (last && (last.to === '9999-12-31' || from <= plusDays(last.to, 30)))
        last.to = [last.to, to].sort().at(-1) ?? to;
      else spans.push({ from, to });
    }
    return spans.map(({ from, to }, place) => {
      const during = bought.filter(({ day }) => (place === 0 || day >= from) && day < to);
      const lastBought = during.at(-1)?.day ?? from;
      return { account, from, to, number: place + 1, lastBought, first: during[0]?.deal ?? null };
    });
  });
}

const categoryIn = (account: string) => ({ category: accounts[account] ?? null });
const bare = (span: Span) => ({ at: span.untilAt - 1 });

export function customerOracles(world: World): Readonly<Record<string, Oracle>> {
  const spans = customerSpans(world);
  const ended = (span: Span) =>
    spans.filter(({ to }) => isOn(to, span) && plusDays(to, 31) <= plusDays(today(world), 1));
  return {
    new_customers: {
      form: 'sum',
      itemsIn: (span) =>
        spans
          .filter(({ number, from }) => number === 1 && isOn(from, span))
          .map(({ account, first, from }) => ({
            at: endOfDay(from, world),
            num: 1,
            in: { ...categoryIn(account), campaign: first?.campaign ?? null, source: first?.source ?? null },
          })),
    },
    lost_customers: {
      form: 'sum',
      itemsIn: (span) =>
        ended(span).map(({ account }) => ({ ...bare(span), num: 1, in: categoryIn(account) })),
    },
    lost_revenue: {
      form: 'sum',
      itemsIn: (span) =>
        ended(span).flatMap(({ account, lastBought }) =>
          purchasesOf(world, account)
            .filter(({ day }) => day > plusMonths(lastBought, -12) && day <= lastBought)
            .map(({ deal, day }) => ({
              ...bare(span),
              num: euros(lastOf(deal.amounts), deal.currency, day),
              in: categoryIn(account),
            })),
        ),
    },
    retention_rate: {
      form: 'ratio',
      itemsIn: (span) => {
        const { startOn, untilOn } = span;
        const isCustomer = (account: string, day: string) =>
          spans.some((own) => own.account === account && own.from < day && own.to >= day);
        return Object.keys(accounts)
          .filter((account) => isCustomer(account, startOn))
          .map((account) => ({
            ...bare(span),
            num: isCustomer(account, untilOn) ? 1 : 0,
            den: 1,
            in: categoryIn(account),
          }));
      },
    },
    net_revenue_retention: {
      form: 'ratio',
      itemsIn: (span) => {
        const { untilOn } = span;
        const [yearAgo, twoAgo] = [plusMonths(untilOn, -12), plusMonths(untilOn, -24)];
        return Object.keys(accounts).flatMap((account): Item[] => {
          const bought = purchasesOf(world, account).filter(({ day }) => day >= twoAgo && day < untilOn);
          if (!bought.some(({ day }) => day < yearAgo)) return [];
          return bought.map(({ deal, day }) => {
            const amount = euros(lastOf(deal.amounts), deal.currency, day);
            const isNow = day >= yearAgo;
            return {
              ...bare(span),
              num: isNow ? amount : amount && 0,
              den: isNow ? amount && 0 : amount,
              in: categoryIn(account),
            };
          });
        });
      },
    },
    customer_lifetime_months: {
      form: 'survival',
      unitHours: 24 * 30.4375,
      itemsIn: (span) => {
        const last = plusDays(span.untilOn, -1);
        return spans
          .filter(({ from }) => from < span.untilOn)
          .map(({ account, from, to }) => ({
            ...bare(span),
            hours: 24 * daysFrom(from, to < span.untilOn ? to : last),
            goesOn: to >= span.untilOn,
            in: categoryIn(account),
          }));
      },
    },
  };
}
