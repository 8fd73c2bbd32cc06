import type { SandboxAnswer, SandboxRequest } from '../../../../src/sandbox/server.ts';
import type { Jobs } from '../bulk/job.ts';
import { ApiError } from '../errors.ts';
import type { Deployments } from '../metadata/deployment.ts';
import type { Org } from '../org.ts';
import type { View } from '../view.ts';
import type { Locators } from './locators.ts';
import type { Sessions } from './sessions.ts';

/** Everything that outlives a request. */
export interface ApiState {
  readonly org: Org;
  readonly sessions: Sessions;
  readonly locators: Locators;
  readonly jobs: Jobs;
  readonly deployments: Deployments;
  /** Rows of a set of results, where the request does not say. */
  resultRows: number;
}

/** One signed-in request of the data API. */
export interface Call {
  readonly state: ApiState;
  readonly org: Org;
  readonly view: View;
  readonly userId: string;
  /** Access token */
  readonly session: string;
  /** `66.0` */
  readonly version: string;
  /** `/services/data/v66.0` */
  readonly base: string;
  readonly request: SandboxRequest;
  /** Decoded groups of the route's pattern. */
  readonly params: readonly string[];
}

export interface Route {
  readonly method: string;
  /** Matched against the path behind the version. */
  readonly path: RegExp;
  answer(call: Call): SandboxAnswer;
}

export function jsonBody(request: SandboxRequest): Readonly<Record<string, unknown>> {
  let body: unknown;
  try {
    body = JSON.parse(request.body.toString('utf8'));
  } catch {
    body = null;
  }
  if (isRecord(body)) return body;
  throw new ApiError(
    400,
    'JSON_PARSER_ERROR',
    'The HTTP entity body is required, but this request has no valid entity body.',
  );
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
