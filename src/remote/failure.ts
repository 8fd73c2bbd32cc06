import { RunError } from '../model/errors.ts';

/** Why a request got no whole answer, in plain words. */
export interface Failure {
  readonly code: string;
  readonly problem: string;
  readonly fix: string;
  /** Surely never reached the remote system. */
  readonly unsent: boolean;
  /** Will be the same in a minute. */
  readonly lasting: boolean;
  readonly cause: unknown;
}

/** Our own time-out of one attempt. */
export class AttemptTimeout extends Error {
  readonly timeoutMs: number;

  constructor(timeoutMs: number) {
    super(`No whole answer within ${timeoutMs} ms.`);
    this.name = 'AttemptTimeout';
    this.timeoutMs = timeoutMs;
  }
}

const network =
  'Check the network of this machine (behind a proxy, see that HTTPS_PROXY names it, and on Node before 24.14 set NODE_USE_ENV_PROXY=1); the next run goes on here.';
const again = 'Nothing needs doing if it was a passing fault: the next run goes on here.';
const certificate =
  'Check the address; where a company proxy signs the traffic, set NODE_EXTRA_CA_CERTS to its certificate.';

type Meaning = Pick<Failure, 'problem' | 'fix'> & Partial<Pick<Failure, 'unsent' | 'lasting'>>;

const meanings: Readonly<Record<string, Meaning>> = {
  ENOTFOUND: {
    problem: 'its host name was not found',
    fix: 'Check the host name in the settings and the DNS of this machine.',
    unsent: true,
  },
  EAI_AGAIN: { problem: 'the name server did not answer', fix: network, unsent: true },
  ECONNREFUSED: { problem: 'the connection was refused', fix: network, unsent: true },
  EHOSTUNREACH: { problem: 'there is no route to it', fix: network, unsent: true },
  ENETUNREACH: { problem: 'the network is unreachable', fix: network, unsent: true },
  UND_ERR_CONNECT_TIMEOUT: { problem: 'no connection came about in time', fix: network, unsent: true },
  ETIMEDOUT: { problem: 'the connection timed out', fix: network },
  UND_ERR_HEADERS_TIMEOUT: { problem: 'it did not answer in time', fix: again },
  UND_ERR_BODY_TIMEOUT: { problem: 'its answer stalled', fix: again },
  ECONNRESET: { problem: 'the connection broke off', fix: again },
  ECONNABORTED: { problem: 'the connection broke off', fix: again },
  EPIPE: { problem: 'the connection broke off', fix: again },
  UND_ERR_ABORTED: {
    problem: 'the proxy refused to connect to it',
    fix: 'Check HTTPS_PROXY, with user and password where the proxy asks for them; NO_PROXY lists hosts that need none.',
    unsent: true,
  },
  UND_ERR_SOCKET: { problem: 'the connection broke off', fix: again },
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: { problem: 'its answer was cut off', fix: again },
  Z_BUF_ERROR: { problem: 'its answer was cut off', fix: again },
  Z_DATA_ERROR: { problem: 'its answer was garbled', fix: again },
};

/** What a rejected fetch means; null where it is no network failure but a mistake of ours. */
export function readFailure(error: unknown): Failure | null {
  if (error instanceof AttemptTimeout) {
    const problem = `it did not answer within ${Math.round(error.timeoutMs / 1000)} s`;
    return { code: 'TIMEOUT', problem, fix: again, unsent: false, lasting: false, cause: error };
  }
  const code = findCode(error);
  const meaning = code === null ? null : explainCode(code);
  if (meaning) return { unsent: false, lasting: false, ...meaning, code: code ?? '', cause: error };
  if (code !== null && /INVALID/.test(code)) return null;
  // fetch says "terminated" when a body ends early and "fetch failed" for everything before it.
  if (!(error instanceof TypeError && /terminated|fetch failed/.test(error.message))) return null;
  const problem = code === null ? 'the connection failed' : `the connection failed (${code})`;
  return { code: code ?? 'UNKNOWN', problem, fix: again, unsent: false, lasting: false, cause: error };
}

function explainCode(code: string): Meaning | null {
  const known = meanings[code];
  if (known) return known;
  if (/CERT|SELF_SIGNED|UNABLE_TO/.test(code)) {
    const problem = `its certificate is not trusted (${code})`;
    return { problem, fix: certificate, unsent: true, lasting: true };
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL')) {
    return {
      problem: `no secure connection came about (${code})`,
      fix: certificate,
      unsent: true,
      lasting: true,
    };
  }
  return code.startsWith('HPE_') ? { problem: `its answer is not valid HTTP (${code})`, fix: again } : null;
}

/** The first system code down the chain of causes. */
function findCode(error: unknown): string | null {
  let current: unknown = error;
  for (let depth = 0; depth < 8 && current instanceof Error; depth += 1) {
    if ('code' in current && typeof current.code === 'string') return current.code;
    current = current instanceof AggregateError ? current.errors[0] : current.cause;
  }
  return null;
}

/** The failure for people, after the last attempt. */
export function failureError(failure: Failure, place: { where: string; host: string; attempts: number }) {
  const tries = place.attempts === 1 ? '' : ` (${place.attempts} attempts)`;
  const message = `${place.host} could not be reached: ${failure.problem}${tries}.`;
  return new RunError('remote', { where: place.where, message, fix: failure.fix }, { cause: failure.cause });
}
