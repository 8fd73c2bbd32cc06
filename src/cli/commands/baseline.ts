import type { KpiStock } from '../../evaluate/stock.ts';
import { words } from '../../publish/words.ts';
import type { CommandContext, ExitCode } from '../context.ts';
import {
  formatFigure,
  kindLabel,
  leftOut,
  segmentJson,
  spanText,
  standingJson,
  takeWorkspaceStock,
  weightText,
} from '../stock.ts';
import { formatTable } from '../table.ts';
import { openWorkspace, type Workspace } from '../wire.ts';

const texts = {
  en: {
    nothing: 'No KPI has data.',
    leftOut: (id: string, reason: string) => `Left out: ${id}, ${reason}.`,
    headings: ['Months', 'Segment', '>Value', '>Records', '>Weight'],
  },
  es: {
    nothing: 'Ningún KPI tiene datos.',
    leftOut: (id: string, reason: string) => `Sin incluir: ${id}, ${reason}.`,
    headings: ['Meses', 'Segmento', '>Valor', '>Registros', '>Peso'],
  },
} as const;

/** Segments shown of each kind; --json has all. */
const segmentsShown = 5;

export async function run(
  context: CommandContext,
  [kpi]: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  await using workspace = await openWorkspace(context);
  const kind = typeof options.segment === 'string' ? options.segment : null;
  const request = { kpi: kpi ?? null, years: Number(options.years), kind };
  const { stocks, skipped } = await takeWorkspaceStock(workspace, request);
  if (context.flags.json) {
    context.out(JSON.stringify(stocks.map((stock) => stockJson(workspace, stock))));
    return 0;
  }
  for (const stock of stocks) print(context, workspace, stock);
  const say = texts[workspace.settings.language];
  if (stocks.length === 0) context.out(say.nothing);
  for (const { kpi: id, reason } of await leftOut(workspace, skipped)) context.note(say.leftOut(id, reason));
  return 0;
}

function stockJson(workspace: Workspace, { kpi, years, months, segments, weighsMost }: KpiStock) {
  return {
    kpi: kpi.id,
    label: kpi.label[workspace.settings.language],
    unit: kpi.unit,
    currency: kpi.unit === 'money' ? workspace.settings.currency : null,
    years: years.map((year) => standingJson(workspace, kpi, year)),
    months: months.map((month) => standingJson(workspace, kpi, month)),
    segments: segments.map((standing) => segmentJson(workspace, kpi, standing)),
    weighsMost: weighsMost && segmentJson(workspace, kpi, weighsMost),
  };
}

function print({ out }: CommandContext, workspace: Workspace, stock: KpiStock): void {
  const { kpi, years, segments } = stock;
  const { language } = workspace.settings;
  const format = (value: number | null) => formatFigure(workspace, kpi, value);
  const shown = segments.filter(
    ({ segment }, place) =>
      segments.slice(0, place).filter((other) => other.segment.kind === segment.kind).length < segmentsShown,
  );
  const rows = [
    ...years.map((year) => [
      spanText(year, language),
      words[language].company.toLowerCase(),
      format(year.value),
      String(year.n),
      '',
    ]),
    ...shown.map(({ segment, weight, value, n }) => [
      '',
      `${kindLabel(segment.kind, language)} ${segment.name ?? segment.id ?? ''}`,
      format(value),
      String(n),
      weight === null ? '' : `${Math.round(weight * 100)} %`,
    ]),
  ];
  out(`${kpi.label[language]} (${kpi.id})`);
  out(formatTable(texts[language].headings, rows));
  const weight = weightText(stock, language);
  out(weight === null ? '' : `${weight}.\n`);
}
