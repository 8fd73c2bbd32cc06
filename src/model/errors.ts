/**
 * Who has to act when a run cannot go on.
 * `usage`, `config`, `auth`, `store`: a person (exit 2). `remote`: nobody, the other system failed (exit 3).
 * `stopped`: nobody, we stopped on purpose and the next run goes on (exit 4). Anything else is a bug (exit 1).
 */
export type RunErrorKind = 'usage' | 'config' | 'auth' | 'store' | 'remote' | 'stopped';

/** A failure that a person can read: what happened (`message`), to what (`where`), what to do next (`fix`). */
export class RunError extends Error {
  readonly kind: RunErrorKind;
  /** Connection, object and field, or file, line and path: `sales Opportunity.Amount`, `crm-kpi.yaml:14`. */
  readonly where: string;
  readonly fix: string;

  constructor(
    kind: RunErrorKind,
    text: { where: string; message: string; fix: string },
    options?: { cause?: unknown },
  ) {
    super(text.message, options);
    this.name = 'RunError';
    this.kind = kind;
    this.where = text.where;
    this.fix = text.fix;
  }
}

const exitCodes = { usage: 2, config: 2, auth: 2, store: 2, remote: 3, stopped: 4 } as const;

/** The exit code of one failure; 1 means a bug in crm-kpi. */
export function exitCodeOf(error: unknown): 1 | 2 | 3 | 4 {
  return error instanceof RunError ? exitCodes[error.kind] : 1;
}

/** Several failures: the smallest code wins; none is 0. */
export function worstExitCode(errors: readonly unknown[]): 0 | 1 | 2 | 3 | 4 {
  let worst: 0 | 1 | 2 | 3 | 4 = 0;
  for (const error of errors) {
    const code = exitCodeOf(error);
    if (worst === 0 || code < worst) worst = code;
  }
  return worst;
}
