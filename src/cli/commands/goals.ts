import { type Proposal, proposeGoal } from '../../evaluate/proposals.ts';
import type { KpiStock } from '../../evaluate/stock.ts';
import { RunError } from '../../model/errors.ts';
import { plainNumber } from '../../model/format.ts';
import type { CommandContext, ExitCode } from '../context.ts';
import { formatFigure, leftOut, spanText, takeWorkspaceStock, weightText } from '../stock.ts';
import { openWorkspace, type Workspace } from '../wire.ts';

interface Met {
  readonly met: number;
  readonly months: number;
  readonly aim: string;
  readonly within: boolean;
}

const texts = {
  en: {
    none: 'No goal can be proposed yet.',
    noGoal: (id: string, reason: string) => `No goal for ${id}: ${reason}.`,
    lastYear: 'the last twelve months',
    to: 'to',
    now: (value: string) => `now ${value}`,
    met: ({ met, months, aim, within }: Met) =>
      `${met} of ${months} months ${within ? 'lay within' : 'reached'} ${aim}`,
    best: (value: string) => `the best ${value}`,
  },
  es: {
    none: 'Todavía no se puede proponer ningún objetivo.',
    noGoal: (id: string, reason: string) => `Sin objetivo para ${id}: ${reason}.`,
    lastYear: 'los últimos doce meses',
    to: 'a',
    now: (value: string) => `ahora ${value}`,
    met: ({ met, months, aim, within }: Met) =>
      `${met} de ${months} meses ${within ? 'estuvieron dentro de' : 'alcanzaron'} ${aim}`,
    best: (value: string) => `el mejor ${value}`,
  },
} as const;

export async function run(context: CommandContext, [action, kpi]: readonly string[]): Promise<ExitCode> {
  if (action !== 'propose') {
    throw new RunError('usage', {
      where: `goals ${action}`,
      message: 'There is no such action.',
      fix: 'Use `crm-kpi goals propose`; the goals themselves stand in crm-kpi.yaml.',
    });
  }
  await using workspace = await openWorkspace(context);
  const { stocks, skipped } = await takeWorkspaceStock(workspace, { kpi: kpi ?? null, years: 1, kind: null });
  const proposed: ReturnType<typeof describeProposal>[] = [];
  const { language } = workspace.settings;
  const say = texts[language];
  const left = [...(await leftOut(workspace, skipped))];
  for (const stock of stocks) {
    const proposal = proposeGoal(stock);
    if ('reason' in proposal) left.push({ kpi: proposal.kpi, reason: proposal.reason[language] });
    else proposed.push(describeProposal(workspace, stock, proposal));
  }
  if (context.flags.json) {
    context.out(JSON.stringify({ goals: proposed, left }));
    return 0;
  }
  context.out(proposed.length > 0 ? ['goals:', ...proposed.map(toYaml)].join('\n') : say.none);
  for (const { kpi: id, reason } of left) context.note(say.noGoal(id, reason));
  return 0;
}

const keys = { at_least: 'atLeast', at_most: 'atMost', between: 'between' } as const;

/** As it goes into the settings, with the reason in words. */
function describeProposal(workspace: Workspace, stock: KpiStock, proposal: Proposal) {
  const { kpi, years } = stock;
  const plain = (value: number) => plainNumber(value, kpi.unit, workspace.settings.currency) ?? value;
  const { target, shape, every } = proposal;
  const promised = typeof target === 'number' ? plain(target) : [plain(target.lo), plain(target.hi)];
  const span = years[0]
    ? spanText(years[0], workspace.settings.language)
    : texts[workspace.settings.language].lastYear;
  return {
    kpi: proposal.kpi,
    every,
    [keys[shape]]: promised,
    baseline: { value: Number(plain(proposal.baseline).toPrecision(6)), from: span },
    reason: reasonOf(workspace, stock, proposal),
  };
}

function reasonOf(workspace: Workspace, stock: KpiStock, proposal: Proposal): string {
  const format = (value: number) => formatFigure(workspace, stock.kpi, value);
  const { target, baseline, months, met, best, shape } = proposal;
  const { language } = workspace.settings;
  const say = texts[language];
  const aim =
    typeof target === 'number' ? format(target) : `${format(target.lo)} ${say.to} ${format(target.hi)}`;
  const weight = weightText(stock, language);
  return [
    say.now(format(baseline)),
    say.met({ met, months, aim, within: shape === 'between' }),
    ...(shape === 'between' ? [] : [say.best(format(best))]),
    ...(weight === null ? [] : [weight]),
  ].join('; ');
}

/** JSON in flow style is YAML. */
function toYaml(goal: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(goal).map(([key, value]) => {
    const isPair = value !== null && typeof value === 'object' && !Array.isArray(value);
    const text = isPair
      ? `{ ${Object.entries(value)
          .map(([name, part]) => `${name}: ${JSON.stringify(part)}`)
          .join(', ')} }`
      : key === 'reason'
        ? JSON.stringify(value)
        : JSON.stringify(value).replaceAll('"', '');
    return `    ${key}: ${text}`;
  });
  return entries.join('\n').replace('    ', '  - ');
}
