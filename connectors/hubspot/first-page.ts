/** A first page that tells whether something may be read, kept for the read that needs it anyway. */
export interface FirstPage<T> {
  /** Asks at most once. */
  ask(): Promise<T>;
  /** Hands the page over, once, while it is fresh; else asks anew. */
  take(): Promise<T>;
  /** Forgets it: much time is about to pass. */
  drop(): void;
}

/** What happened to the records in this time is found by the next run. */
const freshMs = 120_000;

/** `now`: server time, as what it shows is the server's state. */
export function createFirstPage<T>(fetch: () => Promise<T>, now: () => number): FirstPage<T> {
  let known: { readonly page: Promise<T>; readonly at: number } | null = null;
  function ask(): Promise<T> {
    if (known) return known.page;
    const page = fetch();
    known = { page, at: now() };
    // A failure is not remembered; whoever asked gets it.
    page.catch(() => {
      known = null;
    });
    return page;
  }
  function take(): Promise<T> {
    if (known && now() - known.at > freshMs) known = null;
    const page = ask();
    known = null;
    return page;
  }
  function drop(): void {
    known = null;
  }
  return { ask, take, drop };
}
