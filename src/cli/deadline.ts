import { parseDuration } from '../config/operations-schema.ts';
import { RunError } from '../model/errors.ts';

/** Ends a job when the program is told to stop, or when its time is up. */
export interface JobStop extends Disposable {
  readonly signal: AbortSignal;
  /** null: the job may take as long as it needs. */
  startDeadline(ms: number | null): void;
}

/** The longest that a timer can wait. */
const longestMs = 2 ** 31 - 1;

export function createJobStop(program: AbortSignal): JobStop {
  const controller = new AbortController();
  const follow = () => controller.abort(program.reason);
  let timer: NodeJS.Timeout | null = null;
  if (program.aborted) follow();
  program.addEventListener('abort', follow, { once: true });
  return {
    signal: controller.signal,
    startDeadline(ms) {
      if (ms === null || ms > longestMs) return;
      timer = setTimeout(() => controller.abort(deadlineReached(ms)), ms);
    },
    [Symbol.dispose]() {
      if (timer) clearTimeout(timer);
      program.removeEventListener('abort', follow);
    },
  };
}

function deadlineReached(ms: number): RunError {
  return new RunError('stopped', {
    where: 'deadline',
    message: `The job was stopped after ${describeDuration(ms)}, its deadline.`,
    fix: 'Nothing is lost and the next run goes on here; if it never ends in time, raise the deadline.',
  });
}

/** `2 h`, `1 h 30 min`, `45 s` */
function describeDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return ms < 1000 ? `${ms} ms` : `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours >= 48) return `${Math.round(hours / 24)} days`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

/** `--deadline 2h`, in ms; null where it is not given. */
export function parseDeadline(given: unknown): number | null {
  if (given === undefined) return null;
  const ms = parseDuration(String(given));
  if (ms !== null && ms > 0) return ms;
  throw new RunError('usage', {
    where: '--deadline',
    message: `${given} is no duration.`,
    fix: 'Give it as 2h, 90m or 1h30m.',
  });
}
