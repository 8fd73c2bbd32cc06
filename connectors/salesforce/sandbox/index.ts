import type { Sandbox, SandboxOptions } from '../../../src/sandbox/sandbox.ts';
import { type Fault, type SeenRequest, startServer } from '../../../src/sandbox/server.ts';
import type { ApiState } from './api/call.ts';
import { createLocators } from './api/locators.ts';
import { answerRequest } from './api/router.ts';
import { createSessions } from './api/sessions.ts';
import { loadFolder } from './load.ts';
import { createOrg, type Org } from './org.ts';
import { livingIds, putRow, readRow, removeRow } from './person.ts';
import { seedOrg } from './seed.ts';
import { writeStory } from './story/story.ts';

/** What a test can do to a Salesforce organisation beside using it. */
export interface SalesforceSandbox extends Sandbox {
  /** Ends every session, and with them the open query locators. */
  expireTokens(): void;
  /** Lets assertions signed with the private key sign in; PEM. */
  registerPublicKey(pem: string): void;
  /** From now on each refresh token works once. */
  rotateRefreshTokens(): void;
  /** Takes the permission on an object or field away from everybody, or gives it back: `Case`, `Opportunity.Amount`. */
  hide(name: string): void;
  show(name: string): void;
  /** Counts API calls as another program would. */
  spendCalls(calls: number): void;
  /** From now on a job's results come in sets of this many rows, where the request does not say. */
  sizeResultSets(rows: number): void;
  /** Every user's password, for the flow that sends one. */
  readonly password: string;
}

/** A small Salesforce organisation on loopback, made up or from a folder of records. */
export async function startSandbox(options: SandboxOptions): Promise<SalesforceSandbox> {
  const clock = startClock(options.now, options.standing === true);
  const org = createOrg({ ...options, now: clock.now });
  await fill(org, options);
  const state: ApiState = {
    org,
    sessions: createSessions(),
    locators: createLocators(),
    jobs: new Map(),
    deployments: new Map(),
    resultRows: 50_000,
  };
  const faults: Fault[] = [];
  const requests: SeenRequest[] = [];
  const running = { url: '' };
  const server = await startServer({
    port: options.port,
    clock: clock.now,
    faults,
    requests,
    handle: (request) => answerRequest(state, running.url, request),
  });
  running.url = server.url;
  return {
    connector: 'salesforce',
    url: server.url,
    faults,
    requests,
    ...clock,
    ...controls(state),
    [Symbol.asyncDispose]: () => server.close(),
  };
}

async function fill(org: Org, options: SandboxOptions): Promise<void> {
  if (options.data === null) {
    const { seed, size, now, timeZone, planted = false } = options;
    writeStory(org, { seed, size, now, timeZone, planted, currency: org.currencies[0] ?? 'EUR' });
    return;
  }
  await loadFolder(org, options.data);
  seedOrg(org, 'Sandbox');
}

/** Starts where it is told to and runs on, or stands there. */
function startClock(startsAt: number, standing: boolean): Pick<Sandbox, 'now' | 'advance'> {
  const started = Date.now();
  let offset = startsAt;
  return {
    now: () => (standing ? offset : Date.now() - started + offset),
    advance: (ms) => {
      offset += ms;
    },
  };
}

function controls(state: ApiState) {
  const { org, sessions, locators } = state;
  const { clientId, clientSecret, password } = sessions;
  return {
    auth: { flow: 'client_credentials', clientId, clientSecret },
    password,
    get: (object, id) => readRow(org, object, id),
    ids: (object) => livingIds(org, object),
    put: (object, fields, id) => putRow(org, object, { fields, id }),
    remove: (object, id, how = 'delete') => removeRow(org, object, { id, how }),
    expireTokens: () => {
      sessions.byToken.clear();
      locators.open.clear();
    },
    registerPublicKey: (pem) => {
      sessions.publicKeys.push(pem);
    },
    rotateRefreshTokens: () => {
      sessions.rotate = true;
    },
    hide: (name) => {
      org.hidden.add(name.toLowerCase());
    },
    show: (name) => {
      org.hidden.delete(name.toLowerCase());
    },
    sizeResultSets: (rows) => {
      state.resultRows = rows;
    },
    spendCalls: (calls) => {
      org.apiCalls += calls;
    },
  } satisfies Partial<SalesforceSandbox>;
}
