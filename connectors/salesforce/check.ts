import type { Check, OpenContext } from '../../src/model/connector.ts';
import { RunError } from '../../src/model/errors.ts';
import { readOrganization } from './account.ts';
import type { Api } from './api.ts';
import { explainFailure, isRefusal } from './explain.ts';
import { SalesforceFailure } from './failure.ts';
import { readFieldMappings } from './fields.ts';
import { qualifyName } from './names.ts';
import { type PlannedStream, planStreams, type ReadPlan } from './plan.ts';
import type { Schema } from './schema.ts';
import type { SalesforceSettings } from './settings.ts';
import { countSoql, matchingRecordsSoql } from './soql.ts';
import { isRecord } from './values.ts';

export interface CheckEnv {
  readonly api: Api;
  readonly schema: Schema;
  readonly context: OpenContext<SalesforceSettings>;
}

export async function* checkConnection(env: CheckEnv): AsyncGenerator<Check> {
  yield await checked(env, 'account', () => checkAccount(env));
  yield await checked(env, 'limit', () => checkLimit(env));
  let streams: readonly PlannedStream[];
  try {
    streams = await planStreams(env);
  } catch (error) {
    const explained = explainFailure(error, { connection: env.context.name });
    if (!(explained instanceof RunError)) throw explained;
    yield failed(explained.where, explained.message, explained.fix);
    return;
  }
  yield* checkMappings(env, streams);
  for (const planned of streams) {
    yield await checked(env, `permission ${planned.stream.name}`, () => checkObject(env, planned));
    yield* checkFields(planned);
  }
  yield* checkSharing(env, streams);
  yield await checked(env, 'target', () => checkTarget(env));
}

/** A question that Salesforce fails on is told as what it was about, and the next one is asked. */
async function checked({ context }: CheckEnv, check: string, ask: () => Promise<Check>): Promise<Check> {
  try {
    return await ask();
  } catch (error) {
    const explained = explainFailure(error, { connection: context.name });
    if (!(explained instanceof RunError) || explained.kind === 'auth' || explained.kind === 'stopped') {
      throw explained;
    }
    return failed(check, explained.message, explained.fix);
  }
}

function passed(check: string, message: string): Check {
  return { check, ok: true, severity: 'info', message, fix: null };
}

function warned(check: string, message: string, fix: string): Check {
  return { check, ok: false, severity: 'warning', message, fix };
}

function failed(check: string, message: string, fix: string): Check {
  return { check, ok: false, severity: 'error', message, fix };
}

async function checkAccount({ api, schema }: CheckEnv): Promise<Check> {
  const org = await readOrganization(api, schema);
  if (!org.visible) {
    return warned(
      'account',
      `signed in to ${org.name} (API ${api.version}), but the Organization record is not readable`,
      'Give the integration user the permission "View Setup and Configuration"; until then time zone and currency come from the settings.',
    );
  }
  const kind = org.isSandbox ? 'sandbox' : 'production';
  const edition = org.edition ?? 'edition not told';
  return passed('account', `${org.name} (${org.id}), ${edition}, ${kind}, API ${api.version}`);
}

async function checkLimit({ api, context }: CheckEnv): Promise<Check> {
  const usage = (await readDailyLimit(api)) ?? context.http.usage;
  if (usage.used === null || usage.limit === null)
    return passed('limit', 'the org does not tell its API limit');
  const share = usage.limit === 0 ? 1 : usage.used / usage.limit;
  const message = `${usage.used} of ${usage.limit} API calls used in the last 24 hours`;
  if (share < 0.8) return passed('limit', message);
  return warned('limit', message, 'Run less often, lower apiBudget, or see which program uses the calls.');
}

/** /limits needs "View Setup and Configuration"; the header of every answer says the same. */
async function readDailyLimit(api: Api): Promise<{ used: number; limit: number } | null> {
  try {
    const daily = (await api.get('/limits')).DailyApiRequests;
    if (!isRecord(daily) || typeof daily.Max !== 'number' || typeof daily.Remaining !== 'number') return null;
    return { used: daily.Max - daily.Remaining, limit: daily.Max };
  } catch (error) {
    if (error instanceof SalesforceFailure && error.status < 500 && error.status !== 401) return null;
    throw explainFailure(error, { connection: api.connection });
  }
}

async function checkObject({ api }: CheckEnv, planned: PlannedStream): Promise<Check> {
  const { stream, plan, isFeature, failure } = planned;
  const check = `permission ${stream.name}`;
  if (failure) return failed(check, failure.message, failure.fix);
  if (stream.unavailable) {
    const tell = isFeature ? warned : failed;
    return tell(check, stream.unavailable.problem, stream.unavailable.fix);
  }
  const refusal = plan?.mayBeRefused ? await refusalOf(api, plan) : null;
  if (refusal) return warned(check, refusal.message, refusal.fix);
  return passed(check, `${plan?.select.length ?? 0} fields are read into ${stream.table}`);
}

/** A describe may show what a query then refuses: quotas without "Manage Quotas", articles without a licence. */
async function refusalOf(api: Api, plan: ReadPlan): Promise<RunError | null> {
  try {
    await api.query(`${matchingRecordsSoql(plan, 'Id != null', null)} LIMIT 1`);
    return null;
  } catch (error) {
    const explained = explainFailure(error, { connection: api.connection, object: plan.object });
    if (isRefusal(explained)) return explained;
    throw explained;
  }
}

/** A mapping of a table that nothing feeds here would be ignored without a word. */
function* checkMappings({ context }: CheckEnv, streams: readonly PlannedStream[]): Generator<Check> {
  const tables = new Set<string>(streams.map(({ stream }) => stream.table));
  for (const { key, table } of readFieldMappings(context.name, context.fields)) {
    if (tables.has(table)) continue;
    const fix = 'Remove the line from `fields`, or add the group of the table to `objects`.';
    yield warned(`field ${key}`, `this connection reads nothing into ${table}`, fix);
  }
}

function* checkFields({ stream, hidden }: PlannedStream): Generator<Check> {
  for (const { field, consequence, isObject } of hidden) {
    if (isObject) {
      const fix =
        'Give the integration user Read and View All Records on it in a permission set, if the org has it.';
      yield warned(`permission ${field}`, `not there, or not readable for this user: ${consequence}`, fix);
      continue;
    }
    yield warned(
      `field ${stream.name}.${field}`,
      `not there, or not readable for this user: ${consequence}`,
      'Grant Read on the field in a permission set, or map another one under `fields`.',
    );
  }
}

/** Sharing hides rows without an error: the org's own rough count shows it. */
async function* checkSharing({ api }: CheckEnv, streams: readonly PlannedStream[]): AsyncGenerator<Check> {
  const readable = streams.flatMap(({ stream, plan }) =>
    plan && stream.comparable && plan.where === null && plan.only.length === 0 ? [plan] : [],
  );
  const totals = await readRecordCounts(api, readable);
  for (const plan of readable) {
    const total = totals.get(plan.object);
    if (total === undefined) continue;
    const totalSize = await countSeen(api, plan);
    if (totalSize === null || totalSize >= total * 0.9 || total - totalSize < 20) continue;
    yield warned(
      `sharing ${plan.object}`,
      `this user sees ${totalSize} of about ${total} records`,
      'Give the integration user View All Records on the object in a permission set.',
    );
  }
}

/** null: it cannot be counted in the time that Salesforce gives a query. */
async function countSeen(api: Api, plan: ReadPlan): Promise<number | null> {
  try {
    return (await api.query(countSoql({ ...plan, countOnly: [] }, null), 'all')).totalSize;
  } catch (error) {
    if (error instanceof SalesforceFailure && error.status !== 401) return null;
    throw error;
  }
}

async function readRecordCounts(api: Api, plans: readonly ReadPlan[]): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  try {
    const names = plans.map((plan) => plan.object).join(',');
    const body = await api.get(`/limits/recordCount?sObjects=${encodeURIComponent(names)}`);
    for (const item of Array.isArray(body.sObjects) ? body.sObjects.filter(isRecord) : []) {
      if (typeof item.count === 'number') counts.set(String(item.name), item.count);
    }
  } catch (error) {
    if (!(error instanceof SalesforceFailure)) throw error;
  }
  return counts;
}

async function checkTarget({ api, schema, context }: CheckEnv): Promise<Check> {
  const { namespace } = await readOrganization(api, schema);
  const name = qualifyName(namespace, context.settings.objectName);
  const object = await schema.object(name);
  if (!object) {
    return warned(
      'target',
      `${name} is not there, or not visible to this user: results cannot be written back`,
      `Run \`crm-kpi install ${context.name}\`, or set \`publish: false\` for this connection.`,
    );
  }
  const custom = [...object.fields.values()].filter((field) => field.name.endsWith('__c'));
  const writable = custom.filter((field) => field.updateable).length;
  if (writable > 0 && object.createable)
    return passed('target', `${name}: ${writable} fields can be written`);
  return failed(
    'target',
    `${name} is there, but this user may not write it`,
    `Run \`crm-kpi install ${context.name}\`, or assign the permission set KPI_Connector to the user.`,
  );
}
