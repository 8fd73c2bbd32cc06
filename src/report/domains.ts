import type { Kpi } from '../model/kpi.ts';

/** As a review goes through them; a domain of one's own comes last. */
const order: readonly string[] = ['sales', 'marketing', 'service', 'customers', 'adoption'];

/** By domain, in the order of a review. */
export function groupByDomain<T>(
  items: readonly T[],
  kpiOf: (item: T) => Kpi,
): readonly (readonly [string, readonly T[]])[] {
  const rank = (domain: string) => (order.includes(domain) ? order.indexOf(domain) : order.length);
  return [...Map.groupBy(items, (item) => kpiOf(item).domain)].sort(([a], [b]) => rank(a) - rank(b));
}
