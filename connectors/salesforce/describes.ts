import type { Api } from './api.ts';
import { isDenied, SalesforceFailure } from './failure.ts';
import { isRecord, type SalesforceRecord } from './values.ts';

type Described = SalesforceRecord | null;

interface Waiting {
  readonly name: string;
  readonly resolve: (body: Described) => void;
  readonly reject: (error: unknown) => void;
}

/** "Composite": up to 25 subrequests, and the whole counts as one call. */
const mostTogether = 25;
/** Fewer are asked for one by one: every org and every stand-in for one knows that. */
const fewestTogether = 4;

/** Describes objects, those that are asked for at the same time in one call; null: no such object, or none for this user. */
export function createDescriber(api: Api): (name: string) => Promise<Described> {
  let waiting: Waiting[] = [];
  let isServed = true;
  const together = async (due: readonly Waiting[]) => {
    if (!isServed || due.length < fewestTogether) return null;
    const found = await describeTogether(api, due);
    isServed &&= found !== null;
    return found;
  };
  const flush = () => {
    const due = waiting;
    waiting = [];
    for (let from = 0; from < due.length; from += mostTogether) {
      const part = due.slice(from, from + mostTogether);
      answerAll(api, part, together(part));
    }
  };
  return (name) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush);
      waiting.push({ name, resolve, reject });
    });
}

type Found = ReadonlyMap<string, SalesforceRecord> | null;

function answerAll(api: Api, due: readonly Waiting[], together: Promise<Found>): void {
  for (const { name, resolve, reject } of due) {
    const answer = async () => (await together)?.get(name) ?? describeOne(api, name);
    answer().then(resolve, reject);
  }
}

/** What could not be described so is not in the map; null: refused as such, which says nothing about the objects. */
async function describeTogether(api: Api, due: readonly Waiting[]): Promise<Found> {
  const compositeRequest = due.map(({ name }, index) => ({
    method: 'GET',
    url: `/services/data/v${api.version}/sobjects/${name}/describe`,
    referenceId: `describe${index}`,
  }));
  const body = JSON.stringify({ allOrNone: false, compositeRequest });
  try {
    const { text } = await api.send({ method: 'POST', path: '/composite', body, repeatable: true });
    return readTogether(text, due);
  } catch (error) {
    if (error instanceof SalesforceFailure || error instanceof SyntaxError) return null;
    throw error;
  }
}

function readTogether(text: string, due: readonly Waiting[]): ReadonlyMap<string, SalesforceRecord> {
  const answer: unknown = JSON.parse(text);
  const parts = isRecord(answer) && Array.isArray(answer.compositeResponse) ? answer.compositeResponse : [];
  const found = new Map<string, SalesforceRecord>();
  for (const part of parts.filter(isRecord)) {
    const index = Number(String(part.referenceId).replace(/^describe/, ''));
    const name = due[index]?.name;
    if (name !== undefined && isRecord(part.body) && Array.isArray(part.body.fields))
      found.set(name, part.body);
  }
  return found;
}

async function describeOne(api: Api, name: string): Promise<Described> {
  try {
    return await api.get(`/sobjects/${name}/describe`);
  } catch (error) {
    if (isDenied(error)) return null;
    throw error;
  }
}
