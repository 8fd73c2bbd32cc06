import type { SandboxAnswer, SandboxRequest } from '../../../../src/sandbox/server.ts';
import { ingestJobRoutes } from '../bulk/ingest-jobs.ts';
import { queryJobRoutes } from '../bulk/query-jobs.ts';
import { ApiError, errorAnswer, notFound } from '../errors.ts';
import { metadataRoutes } from '../metadata/deployment.ts';
import { countCall, dailyCalls } from '../org.ts';
import { createView } from '../view.ts';
import type { ApiState, Call, Route } from './call.ts';
import { collectionRoutes } from './collections.ts';
import { compositeRoutes } from './composite.ts';
import { describeRoutes } from './describe.ts';
import { limitRoutes } from './limits.ts';
import { answerOAuth, sessionOf } from './oauth.ts';
import { queryRoutes } from './query.ts';
import { sobjectRoutes } from './sobjects.ts';
import { toolingRoutes } from './tooling.ts';

const oldestVersion = 31;
const newestVersion = 68;

const routes: readonly Route[] = [
  { method: 'GET', path: /^\/?$/, answer: listResources },
  ...queryRoutes,
  ...describeRoutes,
  ...sobjectRoutes,
  ...collectionRoutes,
  ...compositeRoutes(answerPart),
  ...limitRoutes,
  ...queryJobRoutes,
  ...ingestJobRoutes,
  ...metadataRoutes,
  ...toolingRoutes,
];

/** Answers any request to the organisation. */
export function answerRequest(state: ApiState, url: string, request: SandboxRequest): SandboxAnswer {
  try {
    const signIn = answerOAuth({ org: state.org, sessions: state.sessions, url, request });
    if (signIn) return signIn;
    if (/^\/services\/data\/?$/.test(request.path)) return { status: 200, body: listVersions() };
    return answerData(state, request);
  } catch (error) {
    if (error instanceof ApiError) return errorAnswer(error);
    throw error;
  }
}

function listVersions(): object[] {
  const versions: object[] = [];
  for (let number = oldestVersion; number <= newestVersion; number++) {
    versions.push({ label: `Release ${number}`, url: `/services/data/v${number}.0`, version: `${number}.0` });
  }
  return versions;
}

function answerData(state: ApiState, request: SandboxRequest): SandboxAnswer {
  const { org, sessions } = state;
  const [version, rest] = splitPath(request.path);
  const session = sessionOf(sessions, request);
  const limit = dailyCalls(org);
  const usage = () => ({ 'Sforce-Limit-Info': `api-usage=${org.apiCalls}/${limit}` });
  if (!countCall(org)) {
    const spent = new ApiError(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.');
    return { ...errorAnswer(spent), headers: usage() };
  }
  const { userId, token } = session;
  const base = `/services/data/v${version}`;
  const call: Call = {
    state,
    org,
    view: createView(org, userId),
    userId,
    session: token,
    version,
    base,
    request,
    params: [],
  };
  const answer = answerRoute(call, rest);
  return { ...answer, headers: { ...usage(), ...answer.headers } };
}

/** Retired versions are gone, later ones unknown. */
function splitPath(path: string): readonly [version: string, rest: string] {
  const match = /^\/services\/data\/v(\d+\.\d)(\/.*|$)/.exec(path);
  const [, version = '', rest = ''] = match ?? [];
  if (!match || Number(version) > newestVersion) throw notFound();
  if (Number(version) < oldestVersion)
    throw new ApiError(410, 'GONE', `The requested API version ${version} has been retired`);
  return [version, rest];
}

function answerRoute(call: Call, path: string): SandboxAnswer {
  try {
    for (const route of routes) {
      const match = route.method === call.request.method ? route.path.exec(path) : null;
      if (match) return route.answer({ ...call, params: match.slice(1).map(decodeURIComponent) });
    }
    const known = routes.some((route) => route.path.test(path));
    if (known)
      throw new ApiError(405, 'METHOD_NOT_ALLOWED', `HTTP Method '${call.request.method}' not allowed.`);
    throw notFound();
  } catch (error) {
    if (error instanceof ApiError) return errorAnswer(error);
    throw error;
  }
}

function answerPart(call: Call, part: SandboxRequest): SandboxAnswer {
  const rest = part.path.replace(/^\/services\/data/, '').replace(/^\/v\d+\.\d/, '');
  return answerRoute({ ...call, request: part }, rest);
}

function listResources(call: Call): SandboxAnswer {
  const names = ['sobjects', 'query', 'queryAll', 'limits', 'composite', 'jobs', 'metadata'];
  return { status: 200, body: Object.fromEntries(names.map((name) => [name, `${call.base}/${name}`])) };
}
