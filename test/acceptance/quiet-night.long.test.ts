import { describe, expect, it } from 'vitest';
import { crms } from './crms.ts';
import { nightly, nightsFrom, openWorld, runAt } from './nights.ts';

describe.each(crms)('a quiet night of $name', (crm) => {
  it('takes fewer than 100 calls on the default sandbox, proof of completeness included', {
    timeout: 600_000,
  }, async () => {
    const [first = 0, second = 0, third = 0] = nightsFrom('2026-10-19', 3, nightly);
    await using world = await openWorld(crm, { size: 3000, from: first - 86_400_000 });
    await runAt(world, first - 3_600_000, { args: ['install', 'crm'] });
    for (const night of [first, second]) expect((await runAt(world, night)).code).toBe(0);
    const { calls, stdout } = await runAt(world, third);
    const { sync } = JSON.parse(stdout) as {
      sync: readonly { complete: { ours: number; theirs: number } | null }[];
    };
    const proofs = sync.flatMap(({ complete }) => (complete ? [complete] : []));
    process.stderr.write(`${crm.name}: ${calls} calls, ${proofs.length} of ${sync.length} objects counted\n`);
    for (const { ours, theirs } of proofs) expect(ours).toBe(theirs);
    expect(proofs.length).toBeGreaterThan(5);
    expect(calls).toBeLessThan(100);
  });
});
