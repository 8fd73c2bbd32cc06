/**
 * Ids are whole numbers in text: a shorter one is smaller, so that 9 comes before 10. Ids that are no numbers have a
 * fixed order all the same.
 */
export function compareIds(one: string, other: string): number {
  if (one.length !== other.length) return one.length - other.length;
  return one < other ? -1 : one > other ? 1 : 0;
}

/** The same ids in the order above, whatever the length of the list: the store gives them in the order of texts. */
export async function* inIdOrder(held: () => AsyncIterable<readonly string[]>): AsyncGenerator<string> {
  const lengths = new Set<number>();
  for await (const ids of held()) for (const id of ids) lengths.add(id.length);
  // Among ids of one length both orders are the same: one pass for each length, and nothing is kept in memory.
  for (const length of [...lengths].sort((one, other) => one - other)) {
    for await (const ids of held()) for (const id of ids) if (id.length === length) yield id;
  }
}

/** An order of ids that a merge cannot follow. */
export class UnorderedIds extends Error {}

export type Difference =
  | { readonly kind: 'missing'; readonly id: string }
  | { readonly kind: 'gone'; readonly id: string }
  | { readonly kind: 'both' };

/**
 * What one side lacks: `missing` are theirs alone, `gone` ours alone. Both have to ascend; UnorderedIds where theirs
 * do not.
 */
export async function* compareIdStreams(
  ours: AsyncIterator<string>,
  theirs: AsyncIterable<string>,
): AsyncGenerator<Difference> {
  let own = await ours.next();
  let last: string | null = null;
  for await (const id of theirs) {
    if (last !== null && compareIds(id, last) <= 0) throw new UnorderedIds('ids do not ascend');
    last = id;
    while (!own.done && compareIds(own.value, id) < 0) {
      yield { kind: 'gone', id: own.value };
      own = await ours.next();
    }
    if (!own.done && own.value === id) {
      yield { kind: 'both' };
      own = await ours.next();
    } else yield { kind: 'missing', id };
  }
  while (!own.done) {
    yield { kind: 'gone', id: own.value };
    own = await ours.next();
  }
}

/** The same where the other side comes in no order: its ids are remembered. */
export async function* compareIdSets(
  held: () => AsyncIterable<readonly string[]>,
  theirs: AsyncIterable<string>,
): AsyncGenerator<Difference> {
  const left = new Set<string>();
  for await (const id of theirs) left.add(id);
  for await (const ids of held()) {
    for (const id of ids) yield left.delete(id) ? { kind: 'both' } : { kind: 'gone', id };
  }
  for (const id of left) yield { kind: 'missing', id };
}
