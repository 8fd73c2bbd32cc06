/** An error answer of the API, thrown from wherever a request turns out to be wrong. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;

  constructor(status: number, body: Readonly<Record<string, unknown>>) {
    super(String(body.message ?? status));
    this.name = 'Refusal';
    this.status = status;
    this.body = { status: 'error', ...body };
  }
}

export function invalid(message: string, more: Readonly<Record<string, unknown>> = {}): Refusal {
  return new Refusal(400, { message, ...more, category: 'VALIDATION_ERROR' });
}

export function notFound(): Refusal {
  return new Refusal(404, { message: 'resource not found', category: 'OBJECT_NOT_FOUND' });
}

const scopesPage = 'https://developers.hubspot.com/scopes';

export function missingScopes(scopes: readonly string[]): Refusal {
  return new Refusal(403, {
    message: `This app hasn't been granted all required scopes to make this call. Read more about required scopes here: ${scopesPage}.`,
    errors: [
      {
        message: 'One or more of the following scopes are required.',
        context: { requiredGranularScopes: scopes },
      },
    ],
    links: { scopes: scopesPage },
    category: 'MISSING_SCOPES',
  });
}

/** One property value that is refused. */
export interface Problem {
  readonly name: string;
  readonly code: string;
  readonly message: string;
}

export function invalidValues(problems: readonly Problem[], portalId: number): Refusal {
  return invalid(describeProblems(problems, portalId), {
    errors: problems.map(({ name, code, message }) => ({ message, code, context: { propertyName: [name] } })),
  });
}

function describeProblems(problems: readonly Problem[], portalId: number): string {
  const details = problems.map(({ name, code, message }) => ({
    isValid: false,
    message,
    error: code,
    name,
    localizedErrorMessage: message,
    portalId,
  }));
  return `Property values were not valid: ${JSON.stringify(details)}`;
}
