/** A span of modification times, both ends included, epoch ms. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** Search answers 400 past this offset (developer documentation, "Search the CRM"). */
export const searchCap = 10_000;
/** Below the cap, as totals move while pages are read. */
export const splitAbove = 9_000;

/** What to do with a window that holds `total` records. */
export type WindowPlan =
  | { readonly kind: 'skip' }
  | { readonly kind: 'page' }
  | { readonly kind: 'split'; readonly halves: readonly [Window, Window] }
  | { readonly kind: 'keyset' };

export function planWindow(window: Window, total: number): WindowPlan {
  if (total <= 0) return { kind: 'skip' };
  if (total <= splitAbove) return { kind: 'page' };
  // One millisecond that holds more than search can page through is read by id.
  const halves = halvesOf(window);
  return halves ? { kind: 'split', halves } : { kind: 'keyset' };
}

/** null: a single value cannot be split. */
export function halvesOf(window: Window): readonly [Window, Window] | null {
  if (window.from >= window.to) return null;
  const middle = Math.floor((window.from + window.to) / 2);
  return [
    { from: window.from, to: middle },
    { from: middle + 1, to: window.to },
  ];
}
