import { RunError } from '../../../src/model/errors.ts';
import type { SandboxOptions } from '../../../src/sandbox/sandbox.ts';
import { createUsage, limitsOf } from './limits.ts';
import { createLinks } from './links.ts';
import { createType } from './object-type.ts';
import { standardSpecs, type Tier, tiers } from './object-types.ts';
import { definePipelineProperties, standardPipelines } from './pipelines.ts';
import type { Portal } from './portal.ts';
import { createTokens } from './tokens.ts';

const portalId = 147_000_001;

const noHazards = {
  lagMs: 0,
  misorder: false,
  shortPages: false,
  emptyPages: false,
  outsiders: false,
  driftingTotals: false,
  mergeMakesNewId: false,
} satisfies Portal['hazards'];

/** A portal without records. */
export function createPortal(options: SandboxOptions, now: () => number): Portal {
  const tier = readTier(options.tier);
  let serial = 0;
  const portal: Portal = {
    id: portalId,
    now,
    startedAt: options.now,
    currency: options.currency,
    timeZone: options.timeZone,
    tier,
    without: new Set(options.without),
    types: new Map(standardSpecs.map((spec) => [spec.name, createType(spec, options.now)])),
    pipelines: standardPipelines(options.now),
    owners: new Map(),
    teams: new Map(),
    emails: new Map(),
    campaigns: new Map(),
    rates: new Map(),
    links: createLinks(),
    tokens: createTokens(options.seed),
    limits: limitsOf(tier),
    usage: createUsage(),
    hazards: { ...noHazards },
    nextSerial: () => {
      serial += 1;
      return 100_000 + serial;
    },
    url: '',
  };
  for (const object of portal.pipelines.keys()) definePipelineProperties(portal, object);
  return portal;
}

function readTier(text: string | null): Tier {
  const tier = tiers.find((each) => each === (text ?? 'enterprise').toLowerCase());
  if (tier) return tier;
  throw new RunError('usage', {
    where: 'sandbox hubspot --tier',
    message: `${text} is no tier of HubSpot.`,
    fix: `Use one of ${tiers.join(', ')}.`,
  });
}
