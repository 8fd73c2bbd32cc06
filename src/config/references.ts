import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { formatPath, isRecord, type Path } from './paths.ts';

/** Where `${NAME}` and `${file:PATH}` come from. */
export interface ReferenceSources {
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** From .env; the environment goes first. */
  readonly envFile: Readonly<Record<string, string>>;
}

export interface Resolved {
  readonly root: unknown;
  /** Path -> the text as written, for every text that held a reference. */
  readonly written: ReadonlyMap<string, string>;
  readonly missing: readonly MissingReference[];
}

export interface MissingReference {
  readonly path: Path;
  readonly rule: string;
  readonly fix: string;
}

type Answer = { readonly text: string } | { readonly rule: string; readonly fix: string };

const dollarBrace = '${';
const referenceForms = `write ${dollarBrace}NAME} or ${dollarBrace}file:PATH}, or $${dollarBrace} for a plain ${dollarBrace}.`;
const reference = /(\$?)\$\{([^}]*)\}/g;

/** Replaces every reference outside `x-*`. `$${` stands for a plain `${`. */
export async function resolveReferences(root: unknown, sources: ReferenceSources): Promise<Resolved> {
  const written = new Map<string, string>();
  const missing: MissingReference[] = [];

  async function replace(value: unknown, path: Path): Promise<unknown> {
    if (typeof value === 'string') return replaceText(value, path);
    if (Array.isArray(value)) return Promise.all(value.map((item, index) => replace(item, [...path, index])));
    if (!isRecord(value)) return value;
    const entries = Object.entries(value).filter(([key]) => !key.startsWith('x-') || holdsNames(path));
    const replaced = entries.map(async ([key, item]) => [key, await replace(item, [...path, key])] as const);
    return Object.fromEntries(await Promise.all(replaced));
  }

  async function replaceText(text: string, path: Path): Promise<string> {
    let result = '';
    let end = 0;
    for (const match of text.matchAll(reference)) {
      const [whole, dollar, name = ''] = match;
      const found = dollar ? { text: whole.slice(1) } : await lookUp(name, sources);
      const answer =
        whole === text && 'text' in found && found.text === '' ? emptyAnswer(name, sources) : found;
      if (!dollar) written.set(formatPath(path), text);
      if ('rule' in answer) missing.push({ path, ...answer });
      result += text.slice(end, match.index) + ('text' in answer ? answer.text : whole);
      end = match.index + whole.length;
    }
    return result + text.slice(end);
  }

  return { root: await replace(root, []), written, missing };
}

/** Places where the person chooses the keys: an `x-` there may be the name of a connection, a column or a team. */
function holdsNames(path: Path): boolean {
  const [last, owner] = [String(path.at(-1)), String(path.at(-2))];
  return ['connections', 'fields', 'entities', 'by'].includes(last) || ['entities', 'by'].includes(owner);
}

/** As `init --yes` leaves it. */
function emptyAnswer(name: string, { folder }: ReferenceSources): Answer {
  const fix = `fill it in: ${name.startsWith('file:') ? name.slice(5) : `the line ${name}= in ${resolve(folder, '.env')}`}.`;
  return { rule: `but ${name} is empty`, fix };
}

async function lookUp(name: string, { folder, env, envFile }: ReferenceSources): Promise<Answer> {
  if (name.startsWith('file:')) return readReferenced(resolve(folder, name.slice(5)));
  const variable = name.replace(/^env:/, '');
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(variable)) {
    return { rule: 'is no reference', fix: referenceForms };
  }
  const text = env[variable] ?? (Object.hasOwn(envFile, variable) ? envFile[variable] : undefined);
  if (text !== undefined) return { text };
  const credential = env.CREDENTIALS_DIRECTORY
    ? await readCredential(env.CREDENTIALS_DIRECTORY, variable)
    : null;
  if (credential) return credential;
  return {
    rule: `but ${variable} is set neither in the environment nor in .env`,
    fix: `add a line ${variable}=... to ${resolve(folder, '.env')}, or set the environment variable.`,
  };
}

/** A service manager hands over secrets as files in a folder (https://systemd.io/CREDENTIALS/). */
async function readCredential(folder: string, name: string): Promise<Answer | null> {
  const answer = await readReferenced(resolve(folder, name));
  return 'text' in answer ? answer : null;
}

async function readReferenced(path: string): Promise<Answer> {
  try {
    return { text: (await readFile(path, 'utf8')).replace(/\r?\n$/, '') };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return { rule: `but that file cannot be read (${code})`, fix: `create ${path}, readable by this user.` };
  }
}
