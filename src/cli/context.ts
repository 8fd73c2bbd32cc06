import type { Clock } from '../model/connector.ts';

/** Flags that every command takes. */
export interface GlobalFlags {
  readonly config: string | undefined;
  readonly json: boolean;
  readonly logLevel: string | undefined;
  readonly quiet: boolean;
  readonly color: boolean;
  readonly asOf: string | undefined;
}

/** What a command may touch of the process it runs in. */
export interface CommandContext {
  readonly flags: GlobalFlags;
  /** The program's version, from its package.json. */
  readonly version: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Relative paths and the default workspace resolve against it. */
  readonly cwd: string;
  readonly clock: Clock;
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  /** Data and tables. */
  readonly out: (text: string) => void;
  /** Progress and remarks; nothing with --quiet. */
  readonly note: (text: string) => void;
  /** Whether a person sits before stderr, stdin. */
  readonly terminal: { readonly output: boolean; readonly input: boolean };
}

export type ExitCode = 0 | 1 | 2 | 3 | 4;

/** The reason of an aborted run: which signal came. */
export class Interrupted extends Error {
  readonly exitCode: 130 | 143;

  constructor(name: 'SIGINT' | 'SIGTERM') {
    super(`interrupted by ${name}`);
    this.name = 'Interrupted';
    this.exitCode = name === 'SIGINT' ? 130 : 143;
  }
}
