import type { HttpAnswer } from '../../src/model/http.ts';

export interface ApiProblem {
  readonly code: string;
  readonly message: string;
  readonly fields: readonly string[];
}

/** An answer of Salesforce that says no; `explainFailure` turns it into what a person reads. */
export class SalesforceFailure extends Error {
  readonly status: number;
  readonly problems: readonly ApiProblem[];

  constructor(status: number, problems: readonly ApiProblem[]) {
    super(`HTTP ${status} ${problems[0]?.code ?? ''}`.trim());
    this.name = 'SalesforceFailure';
    this.status = status;
    this.problems = problems;
  }

  get code(): string {
    return this.problems[0]?.code ?? `HTTP_${this.status}`;
  }

  get detail(): string {
    return this.problems[0]?.message ?? '';
  }
}

export function readFailure(answer: Pick<HttpAnswer, 'status' | 'text'>): SalesforceFailure {
  return new SalesforceFailure(answer.status, readProblems(answer.text));
}

/** True for "there is no such thing, or you may not see it": Salesforce does not tell them apart. */
export function isAbsent(error: unknown): boolean {
  if (!(error instanceof SalesforceFailure)) return false;
  return error.status === 404 || /^(NOT_FOUND|INVALID_TYPE|INSUFFICIENT_ACCESS)$/.test(error.code);
}

/**
 * True where a question about what there is was refused, whatever the reason given: objects of features that are off,
 * of packages whose licence has ended, of other systems that do not answer. It says nothing about other objects.
 */
export function isDenied(error: unknown): boolean {
  if (!(error instanceof SalesforceFailure)) return false;
  const { status, code, problems } = error;
  if (status === 404) return true;
  const isAboutObject = problems.length > 0 && !/^(API_|INVALID_SESSION|REQUEST_LIMIT|TXN_)/.test(code);
  return isAboutObject && (status === 400 || status === 403);
}

/** REST errors come as an array, OAuth errors and some gateways' as one object. */
function readProblems(text: string): ApiProblem[] {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return [];
  }
  return (Array.isArray(body) ? body : [body]).flatMap((item: unknown) => readProblem(item) ?? []);
}

function readProblem(item: unknown): ApiProblem | null {
  if (typeof item !== 'object' || item === null) return null;
  const fields = new Map<string, unknown>(Object.entries(item));
  const code = fields.get('errorCode') ?? fields.get('statusCode') ?? fields.get('error');
  if (typeof code !== 'string') return null;
  const message = fields.get('message') ?? fields.get('error_description');
  const names = fields.get('fields');
  return {
    code,
    message: typeof message === 'string' ? message : '',
    fields: Array.isArray(names) ? names.map(String) : [],
  };
}
