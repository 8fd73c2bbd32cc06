import { expect, it } from 'vitest';
import { z } from 'zod';
import { RunError } from '../../src/model/errors.ts';
import { createRefresher, formatKept } from '../../src/model/refresh.ts';
import { createMemoryTokens } from '../connectors/memory-tokens.ts';

/** A CRM whose refresh tokens work once: r1 gives a1 and r2, r2 gives a2 and r3 ... */
function rotatingCrm() {
  const crm = { living: 1, calls: 0 };
  const refresh = (token: string) => {
    crm.calls += 1;
    if (token !== `r${crm.living}`) return Promise.reject(new Error(`${token} is dead`));
    crm.living += 1;
    return Promise.resolve({
      access: { accessToken: `a${crm.living - 1}` },
      refreshToken: `r${crm.living}`,
    });
  };
  return { crm, refresh };
}

const tokensWith = (refreshToken: string, origin = 'app') =>
  createMemoryTokens(formatKept({ origin, refreshToken, access: null }));

function parts(tokens: ReturnType<typeof createMemoryTokens>, given: string | null = null) {
  const { crm, refresh } = rotatingCrm();
  const rest = {
    origin: 'app',
    given,
    access: z.object({ accessToken: z.string() }),
    isUsable: () => true,
    notSignedIn: () => new RunError('auth', { where: 'crm', message: 'nobody signed in', fix: 'connect' }),
  };
  return { crm, parts: { tokens, refresh, ...rest } };
}

it('finds a replaced token of the settings again in the next run', async () => {
  const tokens = createMemoryTokens();
  const { crm, parts: shared } = parts(tokens, 'r1');
  await createRefresher(shared).current();
  expect(await createRefresher(shared).renew('a1')).toEqual({ accessToken: 'a2' });
  expect(crm.calls).toBe(2);
});

it('keeps nothing where tokens of the settings stay good', async () => {
  const tokens = createMemoryTokens();
  const { parts: shared } = parts(tokens, 'r1');
  const refresh = () => Promise.resolve({ access: { accessToken: 'a' }, refreshToken: 'r1' });
  await createRefresher({ ...shared, refresh }).current();
  expect(tokens.text).toBeNull();
});

it('begins anew when the settings bring another token or app', async () => {
  const tokens = tokensWith('stale', 'another app');
  const { parts: shared } = parts(tokens, 'r1');
  expect(await createRefresher(shared).current()).toEqual({ accessToken: 'a1' });
});

it('does not take the sign-in of another app for its own', async () => {
  const { crm, parts: shared } = parts(tokensWith('r1', 'another app'));
  await expect(createRefresher(shared).current()).rejects.toThrow('nobody signed in');
  expect(crm.calls).toBe(0);
});

it('uses what another process fetched meanwhile instead of asking again', async () => {
  const tokens = tokensWith('r1');
  const { crm, parts: shared } = parts(tokens);
  const [one, other] = [createRefresher(shared), createRefresher(shared)];
  await one.current();
  const renewed = await Promise.all([one.renew('a1'), other.renew('a1'), one.renew('a1')]);
  expect(renewed).toEqual(Array(3).fill({ accessToken: 'a2' }));
  expect(crm.calls).toBe(2);
});

it('uses no access whose replaced token could not be kept', async () => {
  const { parts: shared } = parts(tokensWith('r1'));
  const tokens = { ...shared.tokens, write: () => Promise.reject(new Error('disk full')) };
  await expect(createRefresher({ ...shared, tokens }).current()).rejects.toThrow('disk full');
});

it('asks the CRM when the kept access is too old', async () => {
  const tokens = createMemoryTokens(
    formatKept({ origin: 'app', refreshToken: 'r1', access: { accessToken: 'old' } }),
  );
  const { parts: shared } = parts(tokens);
  expect(await createRefresher(shared).current()).toEqual({ accessToken: 'old' });
  expect(await createRefresher({ ...shared, isUsable: () => false }).current()).toEqual({
    accessToken: 'a1',
  });
});

it('gives no refused token to one that joins a refresh under way', async () => {
  const access = { accessToken: 'refused' };
  const tokens = createMemoryTokens(formatKept({ origin: 'app', refreshToken: 'r1', access }));
  const refresher = createRefresher(parts(tokens).parts);
  const both = await Promise.all([refresher.current(), refresher.renew('refused')]);
  expect(both).toEqual([{ accessToken: 'refused' }, { accessToken: 'a1' }]);
});
