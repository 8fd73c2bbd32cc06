import { changeCases } from './contract/changes.ts';
import type { ConnectorHarness, ContractCase, Lever, PlannedCase } from './contract/harness.ts';
import { publishCases } from './contract/publishing.ts';
import { readCases } from './contract/reading.ts';
import { resumeCases } from './contract/resuming.ts';
import { shapeCases } from './contract/shape.ts';
import { troubleCases } from './contract/trouble.ts';

export type {
  ConnectorHarness,
  ContractCase,
  Lever,
  PublishingHarness,
} from './contract/harness.ts';

/** Cases that change the remote system come after those that only read; a denied permission comes last. */
const allCases: readonly PlannedCase[] = [
  ...shapeCases,
  ...readCases,
  ...resumeCases,
  ...changeCases,
  ...publishCases,
  ...troubleCases,
];

/**
 * What every connector promises, as cases for any test runner:
 *
 *     for (const { name, run } of testConnector(harness)) it(name, run);
 *
 * The harness opens connections to a remote system of its own (a sandbox on loopback, a folder, a test account) with
 * some dozens of records, so that the larger streams need several pages. Give it as many levers as the remote system
 * allows: each one adds its cases. Best make a fresh harness per case; if one serves them all, run them in order.
 */
export function testConnector(harness: ConnectorHarness): readonly ContractCase[] {
  const cases: ContractCase[] = [];
  for (const planned of allCases) {
    if (hasLevers(harness, planned.levers)) {
      cases.push({ name: planned.name, run: () => planned.run(harness) });
    }
  }
  return cases;
}

/** Names of the cases that a harness leaves out for want of a lever. */
export function skippedCases(harness: ConnectorHarness): readonly string[] {
  return allCases.filter(({ levers }) => !hasLevers(harness, levers)).map(({ name }) => name);
}

function hasLevers(harness: ConnectorHarness, levers: readonly Lever[]): boolean {
  return levers.every((lever) => harness[lever] !== undefined);
}
