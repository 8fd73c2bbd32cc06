import { setTimeout as pause } from 'node:timers/promises';
import { RunError } from '../../src/model/errors.ts';
import type { Api } from './api.ts';
import { explainFailure } from './explain.ts';
import { isAbsent } from './failure.ts';
import { isRecord, type SalesforceRecord, toText } from './values.ts';
import { writeZip, type ZipEntry } from './zip.ts';

const firstPauseMs = 50;
const longestPauseMs = 5_000;
const patienceMs = 30 * 60_000;

/** How a deployment ended: all of it took effect, or nothing. */
export interface DeployEnd {
  readonly done: boolean;
  readonly status: string;
  readonly failures: readonly DeployFailure[];
  /** Of the deployment as a whole. */
  readonly error: string | null;
}

export interface DeployFailure {
  readonly type: string;
  readonly name: string;
  readonly problem: string;
}

/** Sends a package and waits for its end. Sending it again does no harm: equal files change nothing. */
export async function deployPackage(
  api: Api,
  files: readonly ZipEntry[],
  signal: AbortSignal,
): Promise<DeployEnd> {
  const id = await startDeploy(api, writeZip(files));
  let waited = 0;
  for (let pauseMs = firstPauseMs; waited < patienceMs; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    await pause(pauseMs, undefined, { signal });
    waited += pauseMs;
    const result = await deployResult(api, id);
    if (result.done === true) return readEnd(result);
  }
  throw new RunError('remote', {
    where: `${api.connection} install`,
    message: `the deployment ${id} has not ended within half an hour`,
    fix: 'Look at Setup > Deployment Status, then run `crm-kpi install` again.',
  });
}

function readEnd(result: SalesforceRecord): DeployEnd {
  const details = isRecord(result.details) ? result.details : {};
  const failures = [details.componentFailures].flat().filter(isRecord);
  return {
    done: result.success === true,
    status: toText(result.status) ?? 'Failed',
    failures: failures
      .filter((failure) => failure.problemType !== 'Warning')
      .map((failure) => ({
        type: toText(failure.componentType) ?? '',
        name: toText(failure.fullName) ?? toText(failure.fileName) ?? '',
        problem: toText(failure.problem) ?? 'no reason given',
      })),
    error: toText(result.errorMessage),
  };
}

async function startDeploy(api: Api, zip: Buffer): Promise<string> {
  try {
    const reply: unknown = await api.client.metadata.deployRest(zip, {
      checkOnly: false,
      ignoreWarnings: false,
      rollbackOnError: true,
      singlePackage: true,
    });
    const id = isRecord(reply) ? toText(reply.id) : null;
    if (id !== null) return id;
  } catch (error) {
    if (isAbsent(error)) throw noMetadataApi(api.connection);
    throw explainFailure(error, { connection: api.connection });
  }
  throw new RunError('remote', {
    where: `${api.connection} install`,
    message: 'Salesforce accepted the deployment without naming it',
    fix: 'Look at Setup > Deployment Status, then run `crm-kpi install` again.',
  });
}

async function deployResult(api: Api, id: string): Promise<SalesforceRecord> {
  try {
    const body = await api.get(`/metadata/deployRequest/${id}?includeDetails=true`);
    return isRecord(body.deployResult) ? body.deployResult : body;
  } catch (error) {
    throw explainFailure(error, { connection: api.connection });
  }
}

function noMetadataApi(connection: string): RunError {
  return new RunError('config', {
    where: `${connection} install`,
    message: 'this org or user has no Metadata API',
    fix: 'It needs Enterprise, Unlimited, Performance or Developer Edition (or Professional with API), and a user with "Customize Application" and "Modify Metadata Through Metadata API Functions".',
  });
}
