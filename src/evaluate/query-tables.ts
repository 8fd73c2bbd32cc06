import { entityTables } from '../model/entities.ts';
import { entityOfTable, type FileProblem, isReadableTable } from './query-rules.ts';
import type { Token } from './tokens.ts';

/** What people used to the CRM's own names write, and our name for it. */
const vendorNames: Readonly<Record<string, readonly [crm: string, table: string]>> = {
  opportunity: ['Salesforce', 'deal'],
  opportunities: ['Salesforce', 'deal'],
  opportunityhistory: ['Salesforce', 'change'],
  opportunityfieldhistory: ['Salesforce', 'change'],
  opportunitystage: ['Salesforce', 'stage'],
  case: ['Salesforce', 'ticket'],
  cases: ['Salesforce', 'ticket'],
  casehistory: ['Salesforce', 'change'],
  task: ['Salesforce', 'activity'],
  event: ['Salesforce', 'activity'],
  user: ['Salesforce', 'actor'],
  userrole: ['Salesforce', 'team'],
  listemail: ['Salesforce', 'email_stat'],
  campaignmember: ['Salesforce', 'campaign_member'],
  contact: ['Salesforce', 'lead'],
  deals: ['HubSpot', 'deal'],
  tickets: ['HubSpot', 'ticket'],
  contacts: ['HubSpot', 'lead'],
  companies: ['HubSpot', 'account'],
  company: ['HubSpot', 'account'],
  owners: ['HubSpot', 'actor'],
  teams: ['HubSpot', 'team'],
  campaigns: ['HubSpot', 'campaign'],
  calls: ['HubSpot', 'activity'],
  meetings: ['HubSpot', 'activity'],
  tasks: ['HubSpot', 'activity'],
  pipelines: ['HubSpot', 'stage'],
  feedback_submissions: ['HubSpot', 'survey_answer'],
};

interface TableUse {
  readonly name: string;
  readonly line: number;
}

/** Words that end a list of tables. */
const afterTables = new Set(
  'where group order having limit union except intersect on window select offset fetch'.split(' '),
);

/** The tables that a query reads, without those that it defines itself. */
export function listTables(tokens: readonly Token[]): readonly TableUse[] {
  const own = namedQueries(tokens);
  const uses: TableUse[] = [];
  // For each open parenthesis: whether the next word names a table, and whether a comma would start another one.
  const levels = [{ expects: false, listing: false }];
  for (const [index, token] of tokens.entries()) {
    const level = levels.at(-1) ?? { expects: false, listing: false };
    const { text } = token;
    if (text === '(') {
      levels.push({ expects: level.expects, listing: false });
      level.expects = false;
    } else if (text === ')') {
      levels.pop();
    } else if (startsTables(tokens, index)) {
      level.expects = true;
      level.listing = true;
    } else if (text === ',' && level.listing) {
      level.expects = true;
    } else if (level.expects) {
      level.expects = false;
      if (token.kind === 'word' && (text === 'select' || text === 'lateral' || text === 'values')) continue;
      const name = tokens[index + 1]?.text === '.' ? `${text}.${tokens[index + 2]?.text ?? ''}` : text;
      if (!own.has(name)) uses.push({ name: unquoted(name), line: token.line });
    } else if (token.kind === 'word' && afterTables.has(text)) {
      level.listing = false;
    }
  }
  return uses;
}

function startsTables(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index];
  if (token?.kind !== 'word') return false;
  if (token.text === 'join') return true;
  // `is distinct from` names no table.
  return token.text === 'from' && tokens[index - 1]?.text !== 'distinct';
}

function namedQueries(tokens: readonly Token[]): ReadonlySet<string> {
  const names = new Set<string>();
  if (tokens[0]?.text !== 'with') return names;
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'word' && token.kind !== 'quoted') continue;
    const before = tokens[index - 1]?.text ?? '';
    if (!['with', 'recursive', ','].includes(before)) continue;
    const next = tokens[index + 1]?.text;
    if (next === 'as' || next === '(') names.add(token.text);
  }
  return names;
}

/** Queries that read themselves: their rows may never end. */
export function findEndlessQueries(tokens: readonly Token[]): readonly FileProblem[] {
  const own = namedQueries(tokens);
  return tokens.flatMap((token, index) => {
    if (!own.has(token.text)) return [];
    const named = tokens[index + 1]?.text === '(' ? closing(tokens, index + 1) : index;
    if (tokens[named + 1]?.text !== 'as') return [];
    const open = tokens.findIndex(({ text }, place) => place > named && text === '(');
    const uses = listTables(tokens.slice(open + 1, closing(tokens, open)));
    if (open < 0 || !uses.some(({ name }) => name === unquoted(token.text))) return [];
    const fix = 'Read the tables themselves: its rows may never end, and the nightly job with them.';
    return [{ line: token.line, message: `has a query, ${token.text}, that reads itself`, fix }];
  });
}

/** The place of the parenthesis that closes the one at `open`. */
function closing(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let i = Math.max(0, open); i < tokens.length; i++) {
    if (tokens[i]?.text === '(') depth++;
    if (tokens[i]?.text === ')' && --depth === 0) return i;
  }
  return tokens.length;
}

function unquoted(name: string): string {
  return name.replaceAll('"', '').toLowerCase();
}

export function findTableProblems(uses: readonly TableUse[]): readonly FileProblem[] {
  return uses.flatMap(({ name, line }) => {
    if (isReadableTable(name)) return [];
    const vendor = vendorNames[name];
    const known = Object.keys(entityTables).join(', ');
    if (vendor) {
      const written = name.charAt(0).toUpperCase() + name.slice(1);
      return [
        {
          line,
          message: `reads "${name}", but ${written} is ${vendor[0]}'s name`,
          fix: `Use ${vendor[1]}: one name for every CRM.`,
        },
      ];
    }
    return [{ line, message: `reads "${name}", which is no table here`, fix: `There are: ${known}.` }];
  });
}

/** The entities without which a query has no rows to speak of. Mapped dimensions come with the records that have them. */
export function listEntities(uses: readonly TableUse[]): readonly string[] {
  const entities = new Set(uses.map((use) => entityOfTable(use.name)));
  if (entities.size > 1) entities.delete('dimension');
  return [...entities].sort();
}
