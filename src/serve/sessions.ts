import { randomBytes } from 'node:crypto';

const lifeMs = 12 * 3_600_000;
const formLifeMs = 3_600_000;

export interface Session {
  readonly id: string;
  /** Goes with every form of the session. */
  readonly csrf: string;
}

/** Who is signed in. Kept in memory only: a restart signs everyone out. */
export interface Sessions {
  create(now: number): Session;
  find(id: string | undefined, now: number): Session | null;
  end(id: string): void;
}

export function createSessions(): Sessions {
  const open = new Map<string, { session: Session; until: number }>();
  return {
    create(now) {
      for (const [id, { until }] of open) if (until <= now) open.delete(id);
      const session = { id: newSecret(), csrf: newSecret() };
      open.set(session.id, { session, until: now + lifeMs });
      return session;
    },
    find(id, now) {
      const found = id === undefined ? undefined : open.get(id);
      return found && found.until > now ? found.session : null;
    },
    end: (id) => void open.delete(id),
  };
}

/** For a form that comes before any session: a cookie and a field that must be equal. */
export const loginFormSeconds = formLifeMs / 1000;
export const sessionSeconds = lifeMs / 1000;

export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

export interface AttemptLimit {
  /** Milliseconds to wait before another attempt; 0: go on. */
  waitMs(address: string, now: number): number;
  fail(address: string, now: number): void;
  succeed(address: string): void;
}

const perAddress = { free: 5, longestWaitMs: 15 * 60_000 };
/** Guesses from many addresses are slowed down too, but nobody can lock the others out. */
const together = { free: 50, longestWaitMs: 10_000 };
const firstWaitMs = 2000;
const forgetMs = 24 * 3_600_000;

/** After five wrong passwords each further one doubles the wait, by address and for all addresses together. */
export function createAttemptLimit(): AttemptLimit {
  const failures = new Map<string, { count: number; until: number; at: number }>();
  const everyone = '*';
  const waitOf = (key: string, now: number) => Math.max(0, (failures.get(key)?.until ?? 0) - now);
  const note = (key: string, now: number, { free, longestWaitMs }: typeof perAddress) => {
    const count = (failures.get(key)?.count ?? 0) + 1;
    const wait = count < free ? 0 : Math.min(longestWaitMs, firstWaitMs * 2 ** (count - free));
    failures.set(key, { count, until: now + wait, at: now });
  };
  return {
    waitMs: (address, now) => Math.max(waitOf(address, now), waitOf(everyone, now)),
    fail(address, now) {
      for (const [key, { at }] of failures) if (at < now - forgetMs) failures.delete(key);
      note(address, now, perAddress);
      note(everyone, now, together);
    },
    succeed(address) {
      failures.delete(address);
      failures.delete(everyone);
    },
  };
}
