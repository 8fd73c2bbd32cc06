import type { SandboxAnswer } from '../../../../src/sandbox/server.ts';
import { type Call, isRecord, jsonBody, type Route } from '../api/call.ts';
import { ApiError, notFound } from '../errors.ts';
import { salesforceId } from '../ids.ts';
import { nowSeconds } from '../org.ts';
import { formatInstant } from '../records/value.ts';
import { commitDraft, draftDeployment } from './deploy.ts';
import type { Draft } from './draft.ts';
import { parseMultipart } from './multipart.ts';
import { unzip } from './unzip.ts';

/** A deployment on its way. */
export interface Deployment {
  readonly id: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly files: ReadonlyMap<string, Buffer>;
  readonly zipBytes: number;
  readonly createdAt: number;
  status: 'Pending' | 'InProgress' | 'Succeeded' | 'Failed' | 'Canceled';
  draft: Draft | null;
  completedAt: number | null;
}
export type Deployments = Map<string, Deployment>;

export const metadataRoutes: readonly Route[] = [
  { method: 'POST', path: /^\/metadata\/deployRequest\/?$/, answer: startDeployment },
  { method: 'GET', path: /^\/metadata\/deployRequest\/(\w+)\/?$/, answer: pollDeployment },
  { method: 'PATCH', path: /^\/metadata\/deployRequest\/(\w+)\/?$/, answer: cancelDeployment },
];

function startDeployment(call: Call): SandboxAnswer {
  if (call.org.hidden.has('modifymetadata')) {
    throw new ApiError(
      403,
      'INSUFFICIENT_ACCESS',
      'The user needs the permission Modify Metadata Through Metadata API Functions',
    );
  }
  const { headers, body } = call.request;
  const parts = parseMultipart(String(headers['content-type'] ?? ''), body);
  const options = parseOptions(parts.get('json') ?? parts.get('entity_content'));
  const zip = parts.get('file');
  const files = zip && unzip(zip);
  if (!zip || !files)
    throw new ApiError(
      400,
      'INVALID_REQUEST',
      'The multipart request needs a part named file with a zip archive',
    );
  const { deployments } = call.state;
  const deployment: Deployment = {
    id: salesforceId('0Af', deployments.size + 1),
    options,
    files: underRoot(files),
    zipBytes: zip.length,
    createdAt: nowSeconds(call.org),
    status: 'Pending',
    draft: null,
    completedAt: null,
  };
  deployments.set(deployment.id, deployment);
  return { status: 201, body: describe(call, deployment, false) };
}

function parseOptions(part: Buffer | undefined): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(part?.toString('utf8') ?? '');
    if (isRecord(parsed)) return isRecord(parsed.deployOptions) ? parsed.deployOptions : {};
  } catch {
    // Refused below.
  }
  throw new ApiError(
    400,
    'JSON_PARSER_ERROR',
    'The multipart request needs a part named json with deployOptions',
  );
}

/** Some tools put everything into one folder. */
function underRoot(files: ReadonlyMap<string, Buffer>): ReadonlyMap<string, Buffer> {
  const manifest = [...files.keys()].find((name) => name === 'package.xml' || name.endsWith('/package.xml'));
  const root = manifest?.slice(0, -'package.xml'.length) ?? '';
  return new Map(
    [...files].map(([name, bytes]) => [name.startsWith(root) ? name.slice(root.length) : name, bytes]),
  );
}

function find(call: Call): Deployment {
  const deployment = call.state.deployments.get(call.params[0] ?? '');
  if (!deployment) throw notFound();
  return deployment;
}

/** A step further with each poll. */
function pollDeployment(call: Call): SandboxAnswer {
  const deployment = find(call);
  if (deployment.status === 'InProgress') carryOut(call, deployment);
  if (deployment.status === 'Pending') deployment.status = 'InProgress';
  const wantsDetails = call.request.query.get('includeDetails') === 'true';
  return { status: 200, body: describe(call, deployment, wantsDetails) };
}

/** One failure takes everything back. */
function carryOut(call: Call, deployment: Deployment): void {
  const draft = draftDeployment(call.org, deployment.files);
  const failed = errorsOf(draft).length > 0;
  if (!failed && deployment.options.checkOnly !== true) commitDraft(draft);
  deployment.draft = draft;
  deployment.status = failed ? 'Failed' : 'Succeeded';
  deployment.completedAt = nowSeconds(call.org);
}

function cancelDeployment(call: Call): SandboxAnswer {
  const deployment = find(call);
  const { deployResult } = jsonBody(call.request);
  if (!isRecord(deployResult) || deployResult.status !== 'Canceling')
    throw new ApiError(400, 'INVALID_REQUEST', 'Only Canceling can be set');
  if (deployment.completedAt === null) {
    deployment.status = 'Canceled';
    deployment.completedAt = nowSeconds(call.org);
  }
  return { status: 202, body: describe(call, deployment, false) };
}

const errorsOf = (draft: Draft) =>
  draft.failures.filter((each) => !('success' in each && each.success === true));

function describe(call: Call, deployment: Deployment, wantsDetails: boolean): object {
  const { id, draft, status, options, completedAt } = deployment;
  const errors = draft ? errorsOf(draft).length : 0;
  const total = (draft?.successes.length ?? 0) + (draft?.failures.length ?? 0);
  const details = {
    allComponentMessages: [],
    componentSuccesses: draft?.successes ?? [],
    componentFailures: draft?.failures ?? [],
    runTestResult: { numFailures: 0, numTestsRun: 0, totalTime: 0, successes: [], failures: [] },
  };
  const deployResult = {
    id,
    status,
    done: completedAt !== null,
    success: status === 'Succeeded',
    checkOnly: options.checkOnly === true,
    ignoreWarnings: options.ignoreWarnings === true,
    rollbackOnError: options.rollbackOnError !== false,
    numberComponentsTotal: total,
    numberComponentsDeployed: errors > 0 ? 0 : total,
    numberComponentErrors: errors,
    numberTestsTotal: 0,
    numberTestsCompleted: 0,
    numberTestErrors: 0,
    errorMessage: null,
    errorStatusCode: null,
    stateDetail: null,
    createdBy: call.userId,
    createdDate: formatInstant(deployment.createdAt),
    startDate: status === 'Pending' ? null : formatInstant(deployment.createdAt),
    completedDate: completedAt === null ? null : formatInstant(completedAt),
    numFiles: deployment.files.size,
    zipSize: deployment.zipBytes,
    ...(wantsDetails ? { details } : {}),
  };
  return { id, deployResult, deployOptions: options, validatedDeployRequestId: null };
}
