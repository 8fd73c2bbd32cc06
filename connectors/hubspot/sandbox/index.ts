import type { Sandbox, SandboxOptions, StartSandbox } from '../../../src/sandbox/sandbox.ts';
import { type Fault, type SeenRequest, startServer } from '../../../src/sandbox/server.ts';
import { makeCompany } from '../../../src/sandbox/story.ts';
import { answerRequest } from './answer-request.ts';
import { seedActivities } from './company-activities.ts';
import { seedMarketing } from './company-marketing.ts';
import { seedPeople } from './company-people.ts';
import { seedSales } from './company-sales.ts';
import { seedService } from './company-service.ts';
import { createPortal } from './create-portal.ts';
import { createHands, type Hands } from './hands.ts';
import type { Limits } from './limits.ts';
import { loadData } from './load-data.ts';
import { allScopes } from './object-types.ts';
import type { Hazards, Portal } from './portal.ts';

/** A running sandbox portal; beside what every sandbox has, what is HubSpot's own. */
export interface HubSpotSandbox extends Sandbox, Omit<Hands, keyof Sandbox> {
  /** Off until switched on. */
  readonly hazards: Hazards;
  readonly limits: Limits;
  /** Of the OAuth app; `authorize` pages hand out codes at `{url}/oauth/authorize`. */
  readonly oauth: { readonly clientId: string; readonly clientSecret: string; readonly refreshToken: string };
  readonly portalId: string;
}

/** A small HubSpot portal that speaks its protocol over loopback HTTP. */
export async function startSandbox(options: SandboxOptions): Promise<HubSpotSandbox> {
  const clock = createClock(options.now, options.standing === true);
  const portal = createPortal(options, clock.now);
  if (options.data !== null) await loadData(portal, options.data);
  else fillWithStory(portal, options);
  const faults: Fault[] = [];
  const requests: SeenRequest[] = [];
  const server = await startServer({
    port: options.port,
    handle: (request) => answerRequest(portal, request),
    clock: clock.now,
    faults,
    requests,
  });
  portal.url = server.url;
  return {
    connector: 'hubspot',
    url: server.url,
    auth: { flow: 'private_app', accessToken: portal.tokens.privateToken },
    portalId: `${portal.id}`,
    now: clock.now,
    advance: clock.advance,
    requests,
    faults,
    hazards: portal.hazards,
    limits: portal.limits,
    oauth: grantOauth(portal),
    ...createHands(portal),
    [Symbol.asyncDispose]: server.close,
  };
}

startSandbox satisfies StartSandbox;

/** Starts at a chosen instant and runs on in real time, or stands there. */
function createClock(startAt: number, standing: boolean) {
  const started = performance.now();
  let addedMs = 0;
  return {
    now: () => Math.floor(startAt + addedMs + (standing ? 0 : performance.now() - started)),
    advance: (ms: number) => {
      addedMs += ms;
    },
  };
}

function fillWithStory(portal: Portal, options: SandboxOptions): void {
  const { seed, size, now, currency, timeZone, planted = false } = options;
  const company = makeCompany({ seed, size, now, currency, timeZone, planted });
  seedPeople(portal, company);
  seedSales(portal, company);
  seedService(portal, company);
  seedActivities(portal, company);
  seedMarketing(portal, company);
}

/** A refresh token that somebody has already granted. */
function grantOauth({ tokens, id }: Portal): HubSpotSandbox['oauth'] {
  const refreshToken = `refresh-${id}`;
  tokens.refresh.set(refreshToken, { scopes: allScopes() });
  return { clientId: tokens.clientId, clientSecret: tokens.clientSecret, refreshToken };
}
