import { ApiError } from '../errors.ts';
import { salesforceId } from '../ids.ts';
import type { Found } from '../soql/execute.ts';

interface Locator {
  readonly found: Found;
  readonly session: string;
  readonly openedAt: number;
}
/** Query results kept for their next pages. */
export interface Locators {
  readonly open: Map<string, Locator>;
  lastNumber: number;
}

const lifeMs = 2 * 86_400_000;
/** Before version 56 a user could hold ten cursors. The bound for later ones only keeps memory in check. */
const heldBefore56 = 10;
const held = 100;

export const createLocators = (): Locators => ({ open: new Map(), lastNumber: 0 });

export function openLocator(locators: Locators, locator: Locator, version: string): string {
  const id = salesforceId('01g', ++locators.lastNumber);
  locators.open.set(id, locator);
  const most = Number(version) < 56 ? heldBefore56 : held;
  for (const oldest of locators.open.keys()) {
    if (locators.open.size <= most) break;
    locators.open.delete(oldest);
  }
  return id;
}

/** A locator dies with the session that opened it. */
export function findLocator(locators: Locators, id: string, by: { session: string; now: number }): Locator {
  const locator = locators.open.get(id);
  if (locator && locator.session === by.session && by.now - locator.openedAt < lifeMs) return locator;
  throw new ApiError(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
}
