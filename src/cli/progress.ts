import type { CommandContext } from './context.ts';

export interface Progress {
  /** Replaces the line shown. */
  show(text: string): void;
  clear(): void;
}

/** One line that is rewritten on a terminal; nothing elsewhere, where the log tells. */
export function createProgress(context: CommandContext): Progress {
  if (!context.terminal.output || context.flags.quiet) return { show: () => {}, clear: () => {} };
  return {
    show: (text) => process.stderr.write(`\r\u001b[K${text.slice(0, (process.stderr.columns ?? 80) - 1)}`),
    clear: () => process.stderr.write('\r\u001b[K'),
  };
}
