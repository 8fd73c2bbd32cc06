import type { CommandContext } from './context.ts';

/** Who stands beside what is entered: --author, else CRM_KPI_AUTHOR, else the user of this machine. */
export function authorOf({ env }: Pick<CommandContext, 'env'>, flag: unknown): string {
  const named = typeof flag === 'string' ? flag.trim() : '';
  return named || env.CRM_KPI_AUTHOR || env.USER || env.LOGNAME || env.USERNAME || 'unknown';
}
