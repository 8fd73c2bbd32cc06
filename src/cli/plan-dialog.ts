import { createInterface } from 'node:readline/promises';
import type { InstallPlan, InstallStep } from '../model/connector.ts';
import { RunError } from '../model/errors.ts';
import type { CommandContext } from './context.ts';

export interface PlanDialog {
  readonly command: 'install' | 'unpublish';
  readonly plan: InstallPlan;
  readonly yes: boolean;
  readonly dryRun: boolean;
  /** Done once the person has agreed, before the first step. */
  readonly prepare?: () => Promise<void>;
  /** What to tell when all is done. */
  readonly done: string;
}

/** Shows the plan, asks, carries it out. True: it was carried out. */
export async function carryOutPlan(context: CommandContext, dialog: PlanDialog): Promise<boolean> {
  const { plan, command } = dialog;
  const { json } = context.flags;
  const wanted = plan.steps.filter(({ change }) => change !== 'none');
  if (!json) for (const step of plan.steps) context.out(formatStep(step));
  if (wanted.length === 0 || dialog.dryRun) {
    if (json) context.out(JSON.stringify({ steps: plan.steps, applied: [] }));
    else context.note(wanted.length === 0 ? 'Nothing to do.' : remark(wanted.length));
    return false;
  }
  await requireConsent(context, command, dialog.yes);
  await dialog.prepare?.();
  const applied: InstallStep[] = [];
  for await (const step of plan.apply()) {
    applied.push(step);
    if (!json) context.note(formatEnd(step));
  }
  if (json) context.out(JSON.stringify({ steps: plan.steps, applied }));
  else context.note(dialog.done);
  return true;
}

function remark(steps: number): string {
  return `${steps} ${steps === 1 ? 'step' : 'steps'} to take; nothing was changed (--dry-run).`;
}

function formatStep({ change, what, note }: InstallStep): string {
  const verb = { create: 'create', update: 'update', delete: 'delete', none: 'keep  ' }[change];
  return `${verb}  ${what}${note ? ` (${note})` : ''}`;
}

function formatEnd({ what, note, problem }: InstallStep): string {
  if (problem) return `NOT DONE: ${what}: ${problem}`;
  return `done: ${what}${note ? ` (${note})` : ''}`;
}

/** Asks before a plan is carried out, unless --yes said so. Throws RunError `usage` where nobody agrees. */
export async function requireConsent(context: CommandContext, command: string, yes: boolean): Promise<void> {
  if (yes) return;
  if (!context.terminal.input || context.flags.json) {
    throw new RunError('usage', {
      where: command,
      message: `The plan was not applied: ${context.flags.json ? 'with --json nobody is asked' : 'there is no terminal to ask'}.`,
      fix: 'See it with --dry-run, then run it again with --yes to apply it.',
    });
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal
    .question('Apply this plan? [y/N] ', { signal: context.signal })
    .finally(() => terminal.close());
  if (/^(y|yes|s|si|sí)$/i.test(answer.trim())) return;
  throw new RunError('usage', {
    where: command,
    message: 'Nothing was changed.',
    fix: 'Run it again and answer y to apply the plan.',
  });
}
