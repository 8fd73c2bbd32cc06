import { html } from 'hono/html';
import type { Kpi } from '../model/kpi.ts';
import type { Html } from './chart-frame.ts';
import type { NightStatus, Trouble } from './desk.ts';
import type { Format } from './format.ts';
import { table } from './page-parts.ts';
import type { Teller } from './technical.ts';

/** What a person must do, and what is older than it may be; good news where there is neither. */
export function troubles({ needsPerson, stale, running }: NightStatus, { say }: Format, tell: Teller): Html {
  const { operations } = say;
  const now = running === null ? '' : html`<p>${operations.running(running)}</p>`;
  if (needsPerson.length + stale.length === 0) return html`<p class="good">${operations.good}</p>${now}`;
  const section = (id: string, title: string, list: readonly Trouble[]) =>
    list.length === 0
      ? ''
      : html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${list.map(
          ({ where, problem, fix }) =>
            html`<div class="alert"><strong>${tell(where)}</strong><p>${tell(problem)}</p><p class="quiet">${operations.fix}: ${tell(fix)}</p></div>`,
        )}</section>`;
  return html`${section('needs', operations.needs, needsPerson)}${section('stale', operations.stale, stale)}${now}`;
}

type Job = NightStatus['schedule'][number];

/** What is to run when, and whether it did. */
export function scheduleBlock({ schedule }: NightStatus, format: Format): Html | string {
  const { operations } = format.say;
  if (schedule.length === 0) return '';
  const instant = (iso: string | null) => (iso === null ? '–' : format.instant(Date.parse(iso)));
  return html`<section aria-labelledby="schedule"><h2 id="schedule">${operations.schedule}</h2>${table<Job>({
    caption: operations.schedule,
    rows: schedule,
    columns: [
      { head: operations.job, isHead: true, cell: ({ run, connections }) => [run, ...connections].join(' ') },
      {
        head: operations.when,
        isMinor: true,
        cell: ({ cron, timeZone }) => html`<code>${cron}</code> ${timeZone}`,
      },
      { head: operations.started, cell: ({ lastStartedAt }) => instant(lastStartedAt) },
      { head: operations.next, cell: ({ nextAt }) => instant(nextAt) },
      { head: operations.state, cell: ({ isMissing }) => stateBadge(isMissing, format) },
    ],
  })}</section>`;
}

function stateBadge(isMissing: boolean, { say }: Format): Html {
  return isMissing
    ? html`<span class="status off_target"><span aria-hidden="true">✗</span>${say.operations.late}</span>`
    : html`<span class="status on_target"><span aria-hidden="true">✓</span>${say.operations.onTime}</span>`;
}

export function refusedBlock({ refused }: NightStatus, { say }: Format, tell: Teller): Html | string {
  const { operations } = say;
  if (refused.length === 0) return '';
  return html`<section aria-labelledby="refused"><h2 id="refused">${operations.refused}</h2>${table({
    caption: operations.refused,
    rows: refused,
    columns: [
      { head: operations.key, isHead: true, cell: ({ key }) => key },
      { head: operations.connection, cell: ({ connection }) => connection },
      { head: operations.reason, cell: ({ reason }) => tell(reason) },
    ],
  })}</section>`;
}

/** Problems that were told to somebody, and messages that have not arrived. */
export function alertsBlock({ alerts }: NightStatus, format: Format, tell: Teller): Html | string {
  const { operations } = format.say;
  const { open, undelivered, waiting } = alerts;
  if (open.length + undelivered.length + waiting === 0) return '';
  return html`<section aria-labelledby="alerts"><h2 id="alerts">${operations.alerts}</h2><ul class="list">${undelivered.map(
    ({ target, title, attempts, problem }) =>
      html`<li><strong>${tell(title)}</strong>: ${operations.undelivered(target, format.number(attempts))}. ${tell(problem ?? '')}</li>`,
  )}${open.map(
    ({ title, since }) =>
      html`<li>${tell(title)} <span class="quiet">(${operations.alertOpen(since === null ? '–' : format.instant(Date.parse(since)))})</span></li>`,
  )}</ul>${waiting === 0 ? '' : html`<p class="quiet">${operations.waiting(format.number(waiting))}</p>`}</section>`;
}

/** KPIs that nobody sees, since what they count is not there. */
export function silentBlock(
  { silent }: NightStatus,
  { catalog, format }: { readonly catalog: readonly Kpi[]; readonly format: Format },
): Html | string {
  if (silent.length === 0) return '';
  const { say, language, number } = format;
  const labelOf = (id: string) => catalog.find((kpi) => kpi.id === id)?.label[language] ?? id;
  return html`<section><details><summary>${say.operations.silent(number(silent.length))}</summary><ul class="list">${silent.map(
    ({ kpi, connection, reason }) =>
      html`<li>${labelOf(kpi)}: ${connection === null ? '' : `${connection}: `}${reason[language]}</li>`,
  )}</ul></details></section>`;
}
