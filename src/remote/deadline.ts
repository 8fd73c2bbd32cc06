import { AttemptTimeout } from './failure.ts';

/** Aborts one attempt when its time is up, or when the run is. */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
  /** Gives the full time again, as between the chunks of a stream. */
  restart(): void;
  /** Stops the time; the run's signal still counts. */
  pause(): void;
}

/**
 * Its own controller and not AbortSignal.any: that one keeps memory for every attempt for as long as the run's signal
 * lives.
 */
export function startDeadline(timeoutMs: number, run: AbortSignal): Deadline {
  const controller = new AbortController();
  const stop = () => controller.abort(run.reason);
  const expire = () => controller.abort(new AttemptTimeout(timeoutMs));
  let timer = setTimeout(expire, timeoutMs);
  run.addEventListener('abort', stop, { once: true });
  if (run.aborted) stop();
  return {
    signal: controller.signal,
    restart() {
      clearTimeout(timer);
      timer = setTimeout(expire, timeoutMs);
    },
    pause: () => clearTimeout(timer),
    [Symbol.dispose]() {
      clearTimeout(timer);
      run.removeEventListener('abort', stop);
    },
  };
}
