import type { InstallOptions, InstallPlan, InstallStep, ResultSchema } from '../../src/model/connector.ts';
import { RunError } from '../../src/model/errors.ts';
import type { Api } from './api.ts';
import { applyAssignment, verifyFields } from './assign.ts';
import { type DeployEnd, deployPackage } from './deploy.ts';
import { explainDeploy } from './deploy-errors.ts';
import { explainFailure, explaining, explainingAll } from './explain.ts';
import { type InstallSteps, isNewObject, planSteps } from './install-plan.ts';
import { resultPackage } from './metadata.ts';
import { analyticsPackage } from './metadata-analytics.ts';
import { recordsPackage } from './metadata-records.ts';
import { sharingPackage } from './metadata-sharing.ts';
import type { Place } from './package.ts';
import type { Schema } from './schema.ts';
import {
  type InstalledState,
  readInstalled,
  refuseForeign,
  refuseTypeChanges,
  type TargetEnv,
} from './target.ts';
import type { ZipEntry } from './zip.ts';

export interface InstallEnv {
  readonly api: Api;
  readonly schema: Schema;
  readonly objectName: string;
  readonly signal: AbortSignal;
}

interface Installation extends TargetEnv {
  readonly signal: AbortSignal;
  readonly target: ResultSchema;
  readonly state: InstalledState;
  readonly steps: InstallSteps;
}

export async function planInstall(
  env: InstallEnv,
  target: ResultSchema,
  options: InstallOptions = {},
): Promise<InstallPlan> {
  const place = { connection: env.api.connection, object: env.objectName };
  const assignTo = options.assignTo ?? null;
  const state = await explaining(place, () => readInstalled({ ...env, assignTo }));
  refuseForeign({ ...env, assignTo }, target, state);
  refuseTypeChanges(env.api.connection, target, state.object);
  const steps = planSteps(env.objectName, target, { state, assignTo });
  const installation = { ...env, assignTo, target, state, steps };
  const { core, assignment, sharing, analytics, records } = steps;
  return {
    steps: [...core, assignment, sharing, analytics, records],
    apply: () => explainingAll(place, applyInstall(installation)),
  };
}

async function* applyInstall(work: Installation): AsyncGenerator<InstallStep> {
  const { core, assignment } = work.steps;
  if (core.some((step) => step.change !== 'none')) await deployCore(work);
  yield* core;
  yield await applyAssignment(work, work.target, assignment);
  if (work.assignTo === null) await verifyFields(work, work.target);
  const sharing = await applyExtra(work, work.steps.sharing, (place) => sharingPackage(place, work.target));
  yield sharing;
  const made = sharing.change === 'create' && sharing.problem === undefined;
  const shared = made || work.state.sharing === 'own';
  const analytics = await applyExtra(work, work.steps.analytics, (place) =>
    analyticsPackage(place, work.target, { shared }),
  );
  yield analytics;
  const { records } = work.steps;
  if (analytics.problem === undefined) {
    yield await applyExtra(work, records, (place) => recordsPackage(place, work.target));
  } else if (records.change === 'none') yield records;
  else yield { ...records, problem: 'Their folder is not there.' };
}

/** A page layout is a convenience: where the org refuses it, the rest is installed without. */
async function deployCore({ api, objectName, target, state, signal }: Installation): Promise<void> {
  const place = { objectName, apiVersion: api.version };
  const isNew = isNewObject(state);
  const send = (withLayout: boolean) =>
    deployPackage(api, resultPackage(place, target, { isNew, withLayout }), signal);
  let end = await send(true);
  if (!end.done && isNew && isOnlyLayout(end)) end = await send(false);
  if (!end.done) throw explainDeploy(api.connection, end);
}

function isOnlyLayout({ failures, error }: DeployEnd): boolean {
  if (failures.length === 0) return /layout/i.test(error ?? '');
  return failures.every(({ type, problem }) => /layout/i.test(`${type} ${problem}`));
}

/** Sharing, reports: refused, they are told and left out; what was installed before holds. */
async function applyExtra(
  work: Installation,
  step: InstallStep,
  makePackage: (place: Place) => ZipEntry[] | null,
): Promise<InstallStep> {
  if (step.change === 'none') return step;
  const { api, objectName, signal } = work;
  const files = makePackage({ objectName, apiVersion: api.version });
  if (!files) return { ...step, change: 'none', note: 'not possible with these fields' };
  try {
    const end = await deployPackage(api, files, signal);
    if (end.done) return step;
    throw explainDeploy(api.connection, end);
  } catch (error) {
    const explained = explainFailure(error, { connection: api.connection, object: objectName });
    if (!(explained instanceof RunError) || explained.kind === 'auth' || explained.kind === 'stopped') {
      throw explained;
    }
    return { ...step, problem: `${explained.message} ${explained.fix}` };
  }
}
