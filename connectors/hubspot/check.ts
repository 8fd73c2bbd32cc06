import type { Check } from '../../src/model/connector.ts';
import { RunError } from '../../src/model/errors.ts';
import { mappingProblems } from './mapping-check.ts';
import { ownsSchema } from './ownership.ts';
import { objectName } from './result-properties.ts';
import { lackingScopes, lackingToWrite, lackOf } from './scope-uses.ts';
import { type Session, toAccount } from './session.ts';
import { listSources, requireSome, type Source } from './streams.ts';
import { findTarget } from './target.ts';

/** In the order in which an admin would put things right. */
export async function* runChecks(session: Session): AsyncGenerator<Check> {
  const account = await checkAccount(session);
  yield account;
  if (!account.ok) return;
  const granted = await session.tokens.granted();
  if (granted) yield tellGranted(granted);
  const sources = await listSources(session);
  const missing = checkMissingScopes(session, sources, granted);
  if (missing) yield missing;
  for (const source of inFixingOrder(sources)) yield checkSource(source, granted ?? []);
  yield* checkAny(session, sources);
  yield* checkFields(session, sources);
  yield checkLimit(session);
  yield await checkTarget(session, granted);
}

async function checkAccount(session: Session): Promise<Check> {
  try {
    const { id, currency, timeZone } = await toAccount(session);
    // Details may be absent; this call is refused without a valid token in any case.
    if (id === 'unknown') await session.owners().catch(passRefusal);
    const facts = [currency, timeZone].filter(Boolean).join(', ');
    const message = `Signed in to HubSpot account ${id}${facts ? ` (${facts})` : ''}.`;
    return { check: 'account', ok: true, severity: 'info', message, fix: null };
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    return { check: 'account', ok: false, severity: 'error', message: error.message, fix: error.fix };
  }
}

function passRefusal(error: unknown): void {
  if (error instanceof RunError && error.kind === 'config') return;
  throw error;
}

/** One object less is a warning; none at all is nothing to work with. */
function* checkAny(session: Session, sources: readonly Source[]): Generator<Check> {
  try {
    requireSome(session, sources);
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    yield { check: 'access', ok: false, severity: 'error', message: error.message, fix: error.fix };
  }
}

function tellGranted(scopes: readonly string[]): Check {
  const message = `The token was granted ${[...scopes].sort().join(', ') || 'no scopes'}.`;
  return { check: 'scopes', ok: true, severity: 'info', message, fix: null };
}

/** All at once, each with its consequence: an admin edits the key only one time. */
function checkMissingScopes(
  session: Session,
  sources: readonly Source[],
  granted: readonly string[] | null,
): Check | null {
  const lacking = new Map<string, string | null>();
  const wanted = granted ? lackingScopes(session.context.objects, granted) : [];
  for (const { scope, lacks } of wanted) lacking.set(scope, lacks);
  for (const { missingScopes } of sources) {
    // Of several that would do, HubSpot names all: those that we know suffice.
    const lacked = missingScopes.filter((scope) => !granted?.includes(scope));
    const known = lacked.filter((scope) => lackOf(scope) !== null);
    for (const scope of known.length > 0 ? known : lacked) lacking.set(scope, lackOf(scope));
  }
  if (lacking.size === 0) return null;
  const told = [...lacking].map(([scope, lacks]) => (lacks ? `${scope} (${lacks})` : scope)).join('; ');
  const list = [...lacking.keys()].join(', ');
  return {
    check: 'scopes missing',
    ok: false,
    severity: 'warning',
    message: `The token lacks ${told}. A scope that cannot be chosen belongs to a product that the account does not have.`,
    fix: `In HubSpot open Settings > Integrations > Service Keys (or Private Apps), choose the key, add ${list} under Scopes and save. Or leave the objects out of \`objects\` in the settings.`,
  };
}

/** What is missing comes first; each group keeps the order in which it is read. */
function inFixingOrder(sources: readonly Source[]): readonly Source[] {
  const lacking = sources.filter(({ stream }) => stream.unavailable);
  return [...lacking, ...sources.filter(({ stream }) => !stream.unavailable)];
}

function checkSource(source: Source, granted: readonly string[]): Check {
  const { stream, missingScopes } = source;
  const check = `permission ${stream.name}`;
  const { unavailable } = stream;
  if (!unavailable)
    return { check, ok: true, severity: 'info', message: `${stream.name} can be read.`, fix: null };
  const isGranted = missingScopes.length > 0 && missingScopes.every((scope) => granted.includes(scope));
  if (isGranted) return lacksProduct(source);
  // What the settings ask for by name is wanted; the rest of the account is merely not there.
  return { check, ok: false, severity: 'warning', message: unavailable.problem, fix: unavailable.fix };
}

/** HubSpot names scopes also where the account's subscription is what is missing. */
function lacksProduct({ stream, consequence }: Source): Check {
  const { name } = stream;
  return {
    check: `permission ${name}`,
    ok: false,
    severity: 'warning',
    message: `${name} cannot be read: the token has the scopes, so the account's subscription does not include them.${consequence ? ` ${consequence}` : ''}`,
    fix: 'Nothing, where the account is to stay without them; Settings > Account & Billing shows the subscription.',
  };
}

async function* checkFields(session: Session, sources: readonly Source[]): AsyncGenerator<Check> {
  for (const { plan } of sources) {
    if (!plan) continue;
    const problems = await mappingProblems(session, plan);
    for (const { key, problem, fix } of problems) {
      yield { check: `field ${key}`, ok: false, severity: 'error', message: problem, fix };
    }
    const bad = new Set(problems.map(({ key }) => key));
    for (const { key } of [...(plan.fields?.columns ?? []), ...(plan.fields?.dimensions ?? [])]) {
      if (bad.has(key)) continue;
      const message = `${key} is read from ${plan.spec.name}.`;
      yield { check: `field ${key}`, ok: true, severity: 'info', message, fix: null };
    }
  }
}

const scarceShare = 0.9;

function checkLimit(session: Session): Check {
  const { used, limit } = session.api.http.usage;
  if (used === null || limit === null) {
    const message = 'HubSpot tells no daily limit for this kind of token.';
    return { check: 'limit', ok: true, severity: 'info', message, fix: null };
  }
  const scarce = used > limit * scarceShare;
  return {
    check: 'limit',
    ok: !scarce,
    severity: scarce ? 'warning' : 'info',
    message: `${used} of ${limit} API calls of today are used.`,
    fix: scarce ? 'Run later, or let other apps of this account call less.' : null,
  };
}

async function checkTarget(session: Session, granted: readonly string[] | null): Promise<Check> {
  try {
    const target = await findTarget(session);
    const lacking = granted ? lackingToWrite(target.form, granted) : [];
    if (lacking.length > 0) return mayNotWrite(session, lacking);
    if (target.form === 'custom_object') {
      if (target.schema && ownsSchema(target.schema)) return ready(`the custom object ${objectName}`);
      const taken = target.schema !== null;
      return missing(
        session,
        taken
          ? `the custom object ${objectName} exists, but crm-kpi did not make it`
          : `the custom object ${objectName} is not installed`,
      );
    }
    const note = `results go to the company CRM KPI board, as ${target.reason}; results per person are left out`;
    return target.installed ? ready(note) : missing(session, `${note}; it is not installed`);
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    return { check: 'target', ok: false, severity: 'warning', message: error.message, fix: error.fix };
  }
}

function ready(what: string): Check {
  return { check: 'target', ok: true, severity: 'info', message: `Write-back: ${what}.`, fix: null };
}

function missing(session: Session, what: string): Check {
  const fix = `Run crm-kpi install ${session.name}, or set publish: false for this connection.`;
  return { check: 'target', ok: false, severity: 'warning', message: `Write-back: ${what}.`, fix };
}

function mayNotWrite(session: Session, scopes: readonly string[]): Check {
  const list = scopes.join(', ');
  return {
    check: 'target',
    ok: false,
    severity: 'warning',
    message: `Write-back: the token may not write results, as it lacks ${list}.`,
    fix: `Add ${list} to the key's scopes (Settings > Integrations > Service Keys), or set publish: false for ${session.name}.`,
  };
}
