import { setTimeout as pause } from 'node:timers/promises';
import { RunError } from '../../src/model/errors.ts';
import type { Api } from './api.ts';
import { explainFailure } from './explain.ts';
import { isAbsent } from './failure.ts';
import { isRecord, type SalesforceRecord, toText } from './values.ts';

const firstPauseMs = 1_000;
const longestPauseMs = 5_000;
const patienceMs = 30 * 60_000;

/** Sends a package and waits for its end; all of it takes effect or nothing. */
export async function deployPackage(api: Api, zip: Buffer, signal: AbortSignal): Promise<void> {
  const id = await startDeploy(api, zip);
  let waited = 0;
  for (let pauseMs = firstPauseMs; waited < patienceMs; pauseMs = Math.min(pauseMs * 1.5, longestPauseMs)) {
    await pause(pauseMs, undefined, { signal });
    waited += pauseMs;
    const result = await deployResult(api, id);
    if (result.done !== true) continue;
    if (result.success === true) return;
    throw explainDeploy(api.connection, result);
  }
  throw new RunError('remote', {
    where: `${api.connection} install`,
    message: `the deployment ${id} has not ended within half an hour`,
    fix: 'Look at Setup > Deployment Status, then run `crm-kpi install` again.',
  });
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

/** What the org refused, component by component. */
function explainDeploy(connection: string, result: SalesforceRecord): RunError {
  const details = isRecord(result.details) ? result.details : {};
  const failures = [details.componentFailures].flat().filter(isRecord);
  const problems = failures.map((failure) =>
    [toText(failure.fullName), toText(failure.problem)].filter(Boolean).join(': '),
  );
  const text = problems.length > 0 ? problems.slice(0, 5).join('; ') : toText(result.errorMessage);
  return new RunError('config', {
    where: `${connection} install`,
    message: `Salesforce refused the deployment (${toText(result.status) ?? 'Failed'}): ${text ?? 'no reason given'}. Nothing was changed.`,
    fix: adviceFor(problems.join(' ')),
  });
}

function adviceFor(problems: string): string {
  if (/insufficient access|not available for your organization|permission/i.test(problems)) {
    return 'Run install as a user with "Customize Application" and "Modify Metadata Through Metadata API Functions".';
  }
  if (/limit/i.test(problems)) return 'Free a custom object or its fields in Setup, then run install again.';
  if (/Cannot change|type/i.test(problems)) {
    return 'A field of that name has another type: rename or delete it in Setup, or set another objectName.';
  }
  return 'Correct what Salesforce names, then run `crm-kpi install` again.';
}
