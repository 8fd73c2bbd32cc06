import { resolve } from 'node:path';
import { type EntryTexts, entryTexts, isEntryKind, namedFields, readEntry } from '../../improve/entries.ts';
import { type EntryVersion, entryKinds } from '../../model/entry.ts';
import { RunError } from '../../model/errors.ts';
import { plainNumber } from '../../model/format.ts';
import { authorOf } from '../author.ts';
import type { CommandContext, ExitCode } from '../context.ts';
import { readEntryFile } from '../entry-file.ts';
import { entryWords } from '../improve-words.ts';
import { formatTable } from '../table.ts';
import { openWorkspace, type Workspace } from '../wire.ts';

type Options = Readonly<Record<string, unknown>>;

interface Round {
  readonly context: CommandContext;
  readonly workspace: Workspace;
  readonly options: Options;
}

export async function run(
  context: CommandContext,
  [step = 'list', what]: readonly string[],
  options: Options,
): Promise<ExitCode> {
  await using workspace = await openWorkspace(context);
  const round = { context, workspace, options };
  const steps: Readonly<Record<string, () => Promise<void>>> = {
    list: () => list(round, what),
    add: () => add(round, what),
    edit: () => edit(round, what),
    remove: () => remove(round, what),
    import: () => importFile(round, what),
    history: () => history(round, what),
  };
  const chosen = steps[step];
  if (!chosen)
    throw usage(`entry ${step}`, 'There is no such step.', `Use ${Object.keys(steps).join(', ')}.`);
  await chosen();
  return 0;
}

function usage(where: string, message: string, fix: string): RunError {
  return new RunError('usage', { where, message, fix });
}

async function add(round: Round, kind: string | undefined): Promise<void> {
  const { context, workspace, options } = round;
  if (!isEntryKind(kind)) throw usage('entry add', 'Which kind?', `Use one of: ${entryKinds.join(', ')}.`);
  const fields = readEntry({ ...textsOf(options), kind }, rulesOf(workspace, `entry add ${kind}`));
  const numbers = (await workspace.store.entryVersions())
    .map(({ id }) => new RegExp(`^${kind}-(\\d+)$`).exec(id)?.[1])
    .map(Number)
    .filter((number) => number > 0);
  const id = `${kind}-${Math.max(0, ...numbers) + 1}`;
  const at = context.clock.now();
  await workspace.store.saveEntries([
    { id, at, author: authorOf(context, options.author), removed: false, fields },
  ]);
  await tell(round, [id], wordsOf(workspace).counts);
}

async function edit(round: Round, id: string | undefined): Promise<void> {
  const { context, workspace, options } = round;
  const { fields } = await requireEntry(workspace, id);
  const major = plainNumber(fields.amount_minor ?? null, 'money', fields.currency ?? null);
  const changed = readEntry(
    { ...entryTexts(fields, major), ...textsOf(options) },
    rulesOf(workspace, `entry edit ${id}`),
  );
  const version = { id: id ?? '', at: context.clock.now(), author: authorOf(context, options.author) };
  const written = await workspace.store.saveEntries([{ ...version, removed: false, fields: changed }]);
  const say = wordsOf(workspace);
  await tell(round, [version.id], written > 0 ? `${say.kept} ${say.counts}` : say.unchanged);
}

async function remove(round: Round, id: string | undefined): Promise<void> {
  const { context, workspace, options } = round;
  const { fields } = await requireEntry(workspace, id);
  const version = { id: id ?? '', at: context.clock.now(), author: authorOf(context, options.author) };
  await workspace.store.saveEntries([{ ...version, removed: true, fields }]);
  const say = wordsOf(workspace);
  await tell(round, [version.id], `${say.takenBack} ${say.counts}`);
}

async function importFile(round: Round, path: string | undefined): Promise<void> {
  const { context, workspace, options } = round;
  if (!path) throw usage('entry import', 'Which file?', 'Name a csv file: crm-kpi entry import costs.csv.');
  const entries = await readEntryFile(resolve(context.cwd, path), rulesOf(workspace, path));
  const author = authorOf(context, options.author);
  const at = context.clock.now();
  const written = await workspace.store.saveEntries(
    entries.map((entry) => ({
      id: entry.id,
      at,
      author: entry.author ?? author,
      removed: false,
      fields: entry.fields,
    })),
  );
  const ids = entries.map(({ id }) => id);
  const say = wordsOf(workspace);
  await tell(round, ids, `${say.imported(written, entries.length)} ${written > 0 ? say.counts : ''}`.trim());
}

function wordsOf({ settings }: Workspace) {
  return entryWords[settings.language];
}

function rulesOf({ settings, catalog }: Workspace, where: string) {
  return { currency: settings.currency, kpiIds: catalog.map(({ id }) => id), where };
}

function textsOf(options: Options): EntryTexts {
  return Object.fromEntries(
    Object.entries(options).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}

async function requireEntry({ store }: Workspace, id: string | undefined): Promise<EntryVersion> {
  const newest = newestOf(await store.entryVersions());
  const found = newest.find((version) => version.id === id);
  if (found) return found;
  const known = newest.map((version) => version.id).join(', ');
  throw usage(
    `entry ${id ?? ''}`.trim(),
    'There is no entry of that id.',
    known ? `Use one of: ${known}.` : 'Add one first: crm-kpi entry add.',
  );
}

function newestOf(versions: readonly EntryVersion[]): readonly EntryVersion[] {
  return [...new Map(versions.map((version) => [version.id, version])).values()].filter(
    ({ removed }) => !removed,
  );
}

async function tell(round: Round, ids: readonly string[], remark: string): Promise<void> {
  const { context, workspace } = round;
  const all = await workspace.store.entryVersions();
  show(round, [
    ...new Map(all.filter(({ id }) => ids.includes(id)).map((version) => [version.id, version])).values(),
  ]);
  context.note(remark);
}

async function list(round: Round, kind: string | undefined): Promise<void> {
  const newest = newestOf(await round.workspace.store.entryVersions());
  show(round, kind === undefined ? newest : newest.filter(({ fields }) => fields.kind === kind));
}

async function history(round: Round, id: string | undefined): Promise<void> {
  const { workspace } = round;
  const versions = (await workspace.store.entryVersions()).filter((version) => version.id === id);
  if (versions.length === 0) await requireEntry(workspace, id);
  show(round, versions);
}

function show({ context: { flags, out }, workspace }: Round, versions: readonly EntryVersion[]): void {
  const say = wordsOf(workspace);
  if (flags.json) {
    out(JSON.stringify(versions.map(entryJson)));
    return;
  }
  if (versions.length === 0) {
    out(say.none);
    return;
  }
  const rows = versions.map((version) => {
    const { id, amount, currency, value, valueHigh, day, to, author, at, removed } = entryJson(version);
    const range = valueHigh === null ? String(value ?? '') : `${value} ${say.to} ${valueHigh}`;
    const figure = amount === null ? range : `${amount} ${currency ?? ''}`;
    const about = [
      version.fields.kpi,
      version.fields.purpose,
      version.fields.actor_id,
      version.fields.team_id,
      version.fields.campaign_id,
    ];
    const source = [version.fields.origin, version.fields.note].filter(Boolean).join('; ');
    return [
      id,
      `${version.version}${removed ? ` ${say.removed}` : ''}`,
      version.fields.kind ?? '',
      to && to !== day ? `${day}..${to}` : (day ?? ''),
      figure,
      about.filter(Boolean).join(' '),
      source,
      author,
      at.slice(0, 10),
    ];
  });
  out(formatTable(say.head, rows));
}

function entryJson({ id, version, at, author, removed, fields }: EntryVersion) {
  return {
    id,
    version,
    at: new Date(at).toISOString(),
    author,
    removed,
    ...namedFields(fields, plainNumber(fields.amount_minor ?? null, 'money', fields.currency ?? null)),
  };
}
