import type { Option } from 'commander';
import type { CommandContext, ExitCode } from '../context.ts';

/** A command as it is shown, and run: both are made of the same parts. */
export interface ExerciseCommand {
  readonly name: string;
  readonly args?: readonly string[];
  /** By the names of the flags, without dashes. */
  readonly flags?: Readonly<Record<string, string | true>>;
  readonly asOf?: string;
}

/** What the command line knows of a command. */
export interface KnownCommand {
  readonly name: string;
  readonly options?: readonly Option[];
  readonly load: () => Promise<{
    run(
      context: CommandContext,
      args: readonly string[],
      options: Readonly<Record<string, unknown>>,
    ): Promise<ExitCode>;
  }>;
}

export function commandText({ name, args = [], flags = {}, asOf }: ExerciseCommand): string {
  const given = Object.entries(flags).flatMap(([flag, value]) =>
    value === true ? [`--${flag}`] : [`--${flag}`, quoted(value)],
  );
  return ['crm-kpi', name, ...args.map(quoted), ...given, ...(asOf ? ['--as-of', asOf] : [])].join(' ');
}

function quoted(text: string): string {
  return /^[\w.,:@/=-]+$/.test(text) ? text : `"${text}"`;
}

/** Options as the command line would give them, defaults included. */
export async function runCommand(
  context: CommandContext,
  command: ExerciseCommand,
  known: readonly KnownCommand[],
): Promise<ExitCode> {
  const line = known.find(({ name }) => name === command.name);
  if (!line) throw new Error(`no command ${command.name}`);
  const options: Record<string, unknown> = {};
  for (const option of line.options ?? []) {
    const given = command.flags?.[option.name()];
    const parse = option.parseArg;
    options[option.attributeName()] =
      typeof given === 'string' && parse ? parse(given, undefined) : (given ?? option.defaultValue);
  }
  const flags = { ...context.flags, asOf: command.asOf };
  return (await line.load()).run({ ...context, flags }, command.args ?? [], options);
}
