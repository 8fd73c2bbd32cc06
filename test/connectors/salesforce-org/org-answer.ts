export interface Question {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly token: string;
  readonly body: unknown;
  readonly raw: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export function json(status: number, body: unknown): Answer {
  return { status, headers: { 'content-type': 'application/json' }, text: JSON.stringify(body) };
}

/** What an answer of an org looks like that is being looked after. */
export function html(status: number): Answer {
  const text =
    '<!DOCTYPE html><html><body>We are down for maintenance. Sorry for the inconvenience.</body></html>';
  return { status, headers: { 'content-type': 'text/html; charset=UTF-8' }, text };
}

/** One object where the API elsewhere sends a list. */
export function refusal(status: number, errorCode: string, message = 'refused'): Answer {
  return json(status, { message, errorCode });
}

export const notFound = json(404, [
  { errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' },
]);
