import { html } from 'hono/html';
import type { Kpi } from '../model/kpi.ts';
import type { Translate } from '../model/phrases.ts';
import type { RunInfo } from '../model/store.ts';
import type { Html } from './chart-frame.ts';
import type { NightStatus } from './desk.ts';
import type { Format } from './format.ts';
import type { PageBody } from './layout.ts';
import { alertsBlock, refusedBlock, scheduleBlock, silentBlock, troubles } from './operations-troubles.ts';
import type { PageContext } from './page-context.ts';
import { table } from './page-parts.ts';
import { createTeller, type Teller } from './technical.ts';
import { textOf } from './words.ts';

export interface OperationsView {
  readonly status: NightStatus;
  readonly now: number;
  readonly catalog: readonly Kpi[];
  /** Of technical sentences, into Spanish. */
  readonly translate: Translate;
}

/** Is last night good? Runs, freshness, API use, what a person must do. */
export function operationsPage({ format }: PageContext, view: OperationsView): PageBody {
  const { status, now, catalog } = view;
  const { operations } = format.say;
  const tell = createTeller(format, view.translate);
  const main = html`<h1>${operations.title}</h1>
${troubles(status, format, tell)}${alertsBlock(status, format, tell)}${refusedBlock(status, format, tell)}
<section aria-labelledby="runs"><h2 id="runs">${operations.runs}</h2>${runsTable(status.runs, format)}</section>${scheduleBlock(status, format)}
<section aria-labelledby="fresh"><h2 id="fresh">${operations.freshness}</h2>${status.connections.map((connection) => html`<div class="panel">${connectionBlock(connection, { format, now, tell })}</div>`)}</section>
${silentBlock(status, { catalog, format })}`;
  return { title: operations.title, main };
}

function runsTable(runs: readonly RunInfo[], format: Format): Html {
  const { operations } = format.say;
  if (runs.length === 0) return html`<p>${operations.noRuns}</p>`;
  return table<RunInfo>({
    caption: operations.runs,
    rows: runs,
    columns: [
      { head: operations.job, isHead: true, cell: ({ job, id }) => `${job} ${id}` },
      { head: operations.started, cell: ({ startedAt }) => format.instant(startedAt) },
      {
        head: operations.took,
        isNumber: true,
        cell: ({ startedAt, finishedAt }) =>
          finishedAt === null ? '–' : format.duration(finishedAt - startedAt),
      },
      { head: operations.outcome, cell: (run) => outcomeBadge(run, format) },
    ],
  });
}

function outcomeBadge({ outcome }: RunInfo, { say }: Format): Html {
  const { outcomes, unfinished } = say.operations;
  const text = outcome === null ? unfinished : textOf(outcomes, outcome);
  const look = outcome === 'done' ? 'on_target' : outcome === 'failed' ? 'off_target' : 'at_risk';
  const sign = { on_target: '✓', off_target: '✗', at_risk: '!' }[look];
  return html`<span class="status ${look}"><span aria-hidden="true">${sign}</span>${text}</span>`;
}

type Connection = NightStatus['connections'][number];

function connectionBlock(
  { name, connector, account, api, objects }: Connection,
  { format, now, tell }: { format: Format; now: number; tell: Teller },
): Html {
  const { operations } = format.say;
  const wrong = objects.filter(({ problem }) => problem !== null);
  const read = objects.flatMap(({ lastSuccessAt }) => lastSuccessAt ?? []);
  const oldest = read.length === 0 ? operations.never : format.duration(Math.max(0, now - Math.min(...read)));
  const all = operations.all(format.number(objects.length), oldest);
  const parts = { format, now, tell };
  return html`<h3>${name} <span class="tag">${connector}</span> ${account ?? ''}</h3><p class="quiet">${apiText(api, format)}</p>${apiMeter(api)}${
    wrong.length === 0 ? '' : objectsTable(wrong, { ...parts, caption: `${operations.problem}: ${name}` })
  }${objects.length === 0 ? html`<p>${operations.never}</p>` : html`<details><summary>${all}</summary>${objectsTable(objects, { ...parts, caption: `${operations.freshness}: ${name}` })}</details>`}`;
}

type ObjectState = Connection['objects'][number];

function objectsTable(
  objects: readonly ObjectState[],
  {
    caption,
    format,
    now,
    tell,
  }: { readonly caption: string; readonly format: Format; readonly now: number; readonly tell: Teller },
): Html {
  const { operations } = format.say;
  return table<ObjectState>({
    caption,
    rows: objects,
    columns: [
      { head: operations.object, isHead: true, cell: ({ object }) => object },
      {
        head: operations.lastRead,
        cell: ({ lastSuccessAt }) =>
          lastSuccessAt === null
            ? operations.never
            : html`<time datetime="${new Date(lastSuccessAt).toISOString()}" title="${format.instant(lastSuccessAt)}">${operations.age(format.duration(Math.max(0, now - lastSuccessAt)))}</time>`,
      },
      {
        head: operations.rows,
        isNumber: true,
        isMinor: true,
        cell: ({ ours }) => (ours === null ? '–' : format.number(ours)),
      },
      { head: operations.proof, cell: (object) => proofText(object, format) },
      ...(objects.some(({ problem }) => problem !== null)
        ? [{ head: operations.problem, cell: ({ problem }: ObjectState) => tell(problem ?? '') }]
        : []),
    ],
  });
}

function proofText({ ours, theirs }: Connection['objects'][number], { say, number }: Format): string {
  if (ours === null || theirs === null) return '–';
  return ours === theirs ? say.operations.equal : say.operations.differs(number(ours), number(theirs));
}

function apiText(
  { used, limit, resetsAt, calls }: Connection['api'],
  { say, number, instant }: Format,
): string {
  const { operations } = say;
  const use =
    used === null || limit === null ? operations.apiUnknown : operations.apiOf(number(used), number(limit));
  const reset = resetsAt === null ? '' : `; ${operations.resets(instant(resetsAt))}`;
  return `${operations.api}: ${use}; ${operations.calls(number(calls))}${reset}.`;
}

function apiMeter({ used, limit }: Connection['api']): Html | string {
  if (used === null || limit === null || limit <= 0) return '';
  const share = Math.min(100, Math.round((100 * used) / limit));
  return html`<svg class="usage" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect width="100" height="4"/><rect width="${share}" height="4"/></svg>`;
}
