import { existsSync, readFileSync } from 'node:fs';
import { RunError } from '../../model/errors.ts';
import type { Settings } from '../../model/settings.ts';
import { findCopies, findPersons, type OtherCopy, type PersonQuery } from '../../store/find-person.ts';
import { type ForgetEnd, type ForgetRequest, type FoundPerson, forgetPerson } from '../../store/forget.ts';
import { acquireRunLock } from '../../store/lock.ts';
import type { CommandContext, ExitCode } from '../context.ts';
import { requireConsent } from '../plan-dialog.ts';
import { readSettings } from '../read-settings.ts';

type Options = Readonly<Record<string, unknown>>;

const labels = { en: 'Forgotten person', es: 'Persona olvidada' } as const;

/** For a data-protection request: an owner or contact is pseudonymised everywhere, and no sync brings them back. */
export async function run(
  context: CommandContext,
  [person = '']: readonly string[],
  options: Options,
): Promise<ExitCode> {
  const { settings } = await readSettings(context);
  if (!existsSync(settings.store)) throw noStore(settings);
  const at = context.clock.now();
  const lock = acquireRunLock(settings.store, { job: 'forget', at, pid: process.pid });
  try {
    const request = readRequest(person, options, { settings, at });
    const plan = forgetPerson(settings.store, request, false);
    const copies = findCopies(settings.store, [settings.folder], request.persons);
    const findings = { request, copies, inSettings: namedInSettings(settings, request) };
    if (!context.flags.json) print(context, plan, findings);
    if (options.dryRun === true) return tell(context, { end: plan, ...findings, applied: false });
    await requireConsent(context, 'forget', options.yes === true);
    const end = forgetPerson(settings.store, request, true);
    return tell(context, { end, ...findings, applied: true });
  } finally {
    lock.release();
  }
}

function readRequest(
  person: string,
  options: Options,
  { settings, at }: { readonly settings: Settings; readonly at: number },
): ForgetRequest {
  const query = readQuery(person, options, settings);
  const names = Array.isArray(options.name) ? options.name.map(String) : [];
  const found = findPersons(settings.store, query);
  const persons: readonly FoundPerson[] =
    found.length > 0 || 'email' in query
      ? found
      : [{ source: query.source, kind: query.kind ?? 'contact', id: query.id, name: null, email: null }];
  if (persons.length === 0 && names.length === 0) throw unknown();
  return {
    persons,
    names,
    emails: 'email' in query ? [query.email] : [],
    label: labels[settings.language],
    at,
  };
}

function readQuery(person: string, options: Options, { connections }: Settings): PersonQuery {
  const at = person.indexOf(':');
  const source = person.slice(0, Math.max(at, 0));
  const kind = options.as === 'owner' || options.as === 'contact' ? options.as : null;
  if (at > 0 && person.length > at + 1 && connections.some(({ name }) => name === source))
    return { source, id: person.slice(at + 1), kind };
  if (at < 0 && /^[^@\s]+@[^@\s]+$/.test(person)) return { email: person };
  throw new RunError('usage', {
    where: 'forget',
    message: 'The person is neither CONNECTION:ID nor an e-mail address.',
    fix: `Use the id that the CRM's address bar shows, such as ${connections[0]?.name ?? 'sales'}:ID, or a work e-mail address.`,
  });
}

function unknown(): RunError {
  return new RunError('usage', {
    where: 'forget',
    message: 'Nobody in the store has this e-mail address. Addresses of contacts are never stored.',
    fix: "Name the contact by the CRM's id, CONNECTION:ID; --name finds the name in texts.",
  });
}

function noStore({ store }: Settings): RunError {
  return new RunError('store', {
    where: store,
    message: 'There is no store yet.',
    fix: 'Nothing needs to be forgotten.',
  });
}

/** Goals may name who is accountable: that file is the organisation's own. */
function namedInSettings({ file }: Settings, { persons, names, emails }: ForgetRequest): boolean {
  const text = readFileSync(file, 'utf8').toLowerCase();
  const words = [
    ...names,
    ...emails,
    ...persons.flatMap(({ name, email, id }) => [name ?? '', email ?? '', id]),
  ];
  return words.some((word) => word.length > 3 && text.includes(word.toLowerCase()));
}

interface Findings {
  readonly request: ForgetRequest;
  readonly copies: readonly OtherCopy[];
  readonly inSettings: boolean;
}

function print(
  context: CommandContext,
  { tables, inCrm }: ForgetEnd,
  { request, copies, inSettings }: Findings,
): void {
  const known = request.persons.map(({ source, kind, id }) => `${kind} ${source}:${id}`);
  context.out(`forget  ${known.length > 0 ? known.join(', ') : 'the name in texts'}`);
  for (const { table, rows } of tables) context.out(`update  ${rows} rows of ${table}`);
  if (inCrm.length > 0) {
    context.out('\nRemove in the CRM, where crm-kpi wrote them:');
    for (const { connection, key, remoteId } of inCrm)
      context.out(`  ${connection}  ${key}${remoteId === null ? '' : `  (id ${remoteId})`}`);
  }
  const holding = copies.filter(({ holds }) => holds !== false);
  if (holding.length > 0) {
    context.out(
      '\nStill hold the person, delete them when they are not needed; after a restore, forget again:',
    );
    for (const { path, holds } of holding)
      context.out(`  ${path}${holds === null ? ' (cannot be read)' : ''}`);
  }
  if (inSettings) context.out('\ncrm-kpi.yaml names the person: change it there.');
}

function tell(
  context: CommandContext,
  {
    end,
    request,
    copies,
    inSettings,
    applied,
  }: Findings & { readonly end: ForgetEnd; readonly applied: boolean },
): ExitCode {
  const persons = request.persons.map(({ source, kind, id }) => ({ connection: source, kind, id }));
  if (context.flags.json)
    context.out(JSON.stringify({ persons, ...end, backups: copies, inSettings, applied }));
  else if (applied)
    context.note(
      'Done. Totals stay as they are; the next run computes without the name. Backups, reports and exports in other places are yours to delete, and the person in the CRM itself.',
    );
  else context.note('Nothing was changed (--dry-run).');
  return 0;
}
