import type { z } from 'zod';
import { suggest } from './did-you-mean.ts';
import { formatPath, type Path, valueAt } from './paths.ts';
import { choiceAt, keysAt, type Schema, schemaAt } from './schema-walk.ts';

type Issue = z.core.$ZodIssue;

/** A problem before it has its file, line and value. */
export interface Finding {
  readonly path: Path;
  readonly rule: string;
  readonly fix: string;
  /** Shown beside the rule; false for what is missing or should not be there. */
  readonly showsValue: boolean;
}

export interface Checked {
  readonly schema: Schema;
  /** The value as it went into the schema. */
  readonly value: unknown;
  /** Where the value stands in the file. */
  readonly at: Path;
  /** Keys that stand on the same level and are checked elsewhere; to suggest from. */
  readonly alsoKnown?: readonly string[];
}

/** What zod found, in words for people. */
export function explainIssues(issues: readonly Issue[], checked: Checked): Finding[] {
  return issues.flatMap((issue) => explainIssue(issue, checked));
}

function explainIssue(issue: Issue, checked: Checked): Finding[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => explainUnknownKey(issue.path, key, checked));
  if (issue.code === 'invalid_union') return explainUnion(issue, checked);
  const value = valueAt(checked.value, issue.path);
  if (value === undefined || value === null) return [explainMissing(issue.path, checked)];
  return [
    {
      path: [...checked.at, ...issue.path],
      rule: ruleOf(issue),
      fix: fixOf(issue.path, checked),
      showsValue: true,
    },
  ];
}

function explainUnknownKey(path: Path, key: string, checked: Checked): Finding {
  const { schema, value, at, alsoKnown = [] } = checked;
  const known = [...keysAt(schema, path, value), ...(path.length === 0 ? alsoKnown : [])];
  return {
    path: [...at, ...path, key],
    rule: 'is not a setting that is known here',
    fix: suggest(key, known),
    showsValue: false,
  };
}

function explainMissing(path: Path, checked: Checked): Finding {
  const discriminator = literalsAt(path, checked);
  const fix =
    discriminator.length > 0 ? `set it to one of: ${discriminator.join(', ')}.` : fixOf(path, checked);
  return { path: [...checked.at, ...path], rule: 'is missing', fix, showsValue: false };
}

type UnionIssue = Extract<Issue, { code: 'invalid_union' }>;

function explainUnion(issue: UnionIssue, checked: Checked): Finding[] {
  const value = valueAt(checked.value, issue.path);
  const path = [...checked.at, ...issue.path];
  if (issue.discriminator !== undefined) {
    if (value === undefined || value === null) return [explainMissing(issue.path, checked)];
    const options = literalsAt(issue.path, checked);
    return [
      {
        path,
        rule: `must be one of ${options.join(', ')}`,
        fix: suggest(String(value), options),
        showsValue: true,
      },
    ];
  }
  if (value === undefined) return [explainMissing(issue.path, checked)];
  const said = issue.errors.flat().find(({ code, message }) => code === 'custom' && isRule(message));
  const branch = issue.errors.flat().find(({ message }) => isRule(message));
  const own = isRule(issue.message) ? issue.message : ruleOf(branch ?? issue);
  return [{ path, rule: said?.message ?? own, fix: fixOf(issue.path, checked), showsValue: true }];
}

/** Values that a discriminator such as auth.flow may have; none where the path leads to no discriminator. */
function literalsAt(path: Path, { schema, value }: Checked): readonly string[] {
  const choice = choiceAt(schema, path.slice(0, -1), value);
  return choice !== null && choice.key === path.at(-1) ? choice.values : [];
}

/** Messages of ours, and of connectors, read as the second half of a sentence. */
function isRule(message: string): boolean {
  return /^(must|may|is|has|needs|cannot)\b/.test(message);
}

function ruleOf(issue: Issue): string {
  if (isRule(issue.message)) return issue.message.replace(/\.$/, '');
  if (issue.code === 'invalid_type') return `must be ${typeNames[issue.expected] ?? issue.expected}`;
  if (issue.code === 'invalid_value') return `must be ${oneOf(issue.values.map(String))}`;
  if (issue.code === 'too_small') return tooSmall(issue);
  if (issue.code === 'too_big') {
    return issue.origin === 'string'
      ? `must have at most ${issue.maximum} letters`
      : `must be at most ${issue.maximum}`;
  }
  if (issue.code === 'invalid_format')
    return `must be ${formatNames[issue.format] ?? `a valid ${issue.format}`}`;
  return issue.code === 'custom' && issue.message !== 'Invalid input' ? issue.message : 'is not understood';
}

function tooSmall(issue: Extract<Issue, { code: 'too_small' }>): string {
  if (issue.origin === 'string') return 'must not be empty';
  if (issue.origin === 'array') return `must list at least ${issue.minimum}`;
  return `must be at least ${issue.minimum}`;
}

function oneOf(values: readonly string[]): string {
  return values.length === 1 ? `${values[0]}` : `one of ${values.join(', ')}`;
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a group of settings',
  record: 'a group of settings',
};

const formatNames: Readonly<Record<string, string>> = { url: 'a web address', email: 'an e-mail address' };

function fixOf(path: Path, { schema, value }: Checked): string {
  const place = schemaAt(schema, path, value);
  const what = place?.description ?? null;
  const choice = choiceAt(schema, path, value);
  if (choice) return `give it ${choice.key}: one of ${choice.values.join(', ')}, and what that needs.`;
  const words = what === null ? `correct ${formatPath(path.slice(-1)) || 'it'}` : `set ${sentenceOf(what)}`;
  return `${words}${place?.optional ? ', or delete the line' : ''}.`;
}

/** A connector's description starts with a capital and may end with a full stop. */
function sentenceOf(description: string): string {
  const text = description.replace(/\.$/, '');
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
