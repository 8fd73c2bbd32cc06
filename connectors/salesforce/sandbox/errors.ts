import type { SandboxAnswer } from '../../../src/sandbox/server.ts';

/** An answer of the API that refuses a request: an array with one error. */
export class ApiError extends Error {
  readonly status: number;
  readonly errorCode: string;
  readonly fields: readonly string[] | undefined;

  constructor(
    status: number,
    errorCode: string,
    text: string | { message: string; fields: readonly string[] },
  ) {
    super(typeof text === 'string' ? text : text.message);
    this.status = status;
    this.errorCode = errorCode;
    this.fields = typeof text === 'string' ? undefined : text.fields;
  }
}

export const notFound = () => new ApiError(404, 'NOT_FOUND', 'The requested resource does not exist');

export function errorAnswer(error: ApiError): SandboxAnswer {
  const { status, errorCode, message, fields } = error;
  return { status, body: [{ message, errorCode, ...(fields ? { fields } : {}) }] };
}
