import type { Attachment, Composed } from '../alert/compose.ts';
import { deliverMessages, type Undelivered } from '../alert/deliver.ts';
import type { Log } from '../model/connector.ts';
import { RunError } from '../model/errors.ts';
import type { MessageTarget, NewAlertMessage } from '../model/operations.ts';
import type { ReportFormat } from '../model/report.ts';
import type { Settings } from '../model/settings.ts';
import { makeReportMessage, type ReportMessage } from '../report/report-message.ts';
import { openReader } from '../store/reader.ts';
import type { CommandContext } from './context.ts';
import { browserOf, createDesk } from './desk.ts';
import { messageTargets, reportsByTarget, type SentReport } from './message-targets.ts';
import type { Workspace } from './wire.ts';

/** Files the report for each of its receivers and sends it; what cannot be delivered now waits with the alerts. */
export async function sendReport(
  context: CommandContext,
  workspace: Workspace,
  { name, send }: SentReport,
): Promise<readonly Undelivered[]> {
  const { store, settings, log } = workspace;
  const { clock } = context;
  const waiting = new Set((await store.alertMessages()).map(({ target }) => target));
  const messages = send.targets
    .filter((target) => !waiting.has(target.name))
    .map((target) => fileMessage(target, { name, now: clock.now() }));
  await store.turnAlerts({ opened: [], closed: [], messages });
  const undelivered = await deliverMessages({
    ...{ store, clock, log, insist: true, tools: { fetch } },
    targets: messageTargets(settings),
    reports: reportsByTarget(settings, (saved) => composeReport(context, workspace, saved)),
    language: settings.language,
  });
  const ours = new Set(send.targets.map((target) => target.name));
  return undelivered.filter(({ target }) => ours.has(target));
}

function fileMessage(
  target: MessageTarget,
  { name, now }: { readonly name: string; readonly now: number },
): NewAlertMessage {
  const notice = {
    events: [],
    state: 'report' as const,
    title: name,
    message: '',
    fix: null,
    since: now,
  };
  return { target: target.name, key: `report|${name}`, notice, notBefore: now };
}

/** Made when it is sent: one that was delayed tells the newest figures. */
export async function composeReport(
  context: Pick<CommandContext, 'clock' | 'env' | 'signal'>,
  workspace: Workspace,
  saved: SentReport,
): Promise<Composed> {
  const { settings, log, asOf } = workspace;
  await using reader = openReader(settings.store);
  const now = context.clock.now();
  const desk = createDesk({ workspace, reader, asOf, now });
  const link = linkOf(settings, saved.name);
  const message = await makeReportMessage(desk, saved, { link, pdf: browserOf(context) });
  const { attachments, leftOut } = await makeAttachments(message, saved, log);
  const text = [message.text, ...leftOut].join('\n\n');
  const { title, asOf: evaluatedAt, figures } = message;
  const wantsPage = saved.send.formats.includes('html');
  return {
    subject: message.subject,
    text,
    json: {
      ...{ source: 'crm-kpi', version: 1, sentAt: new Date(now).toISOString(), alerts: [] },
      report: { name: saved.name, title, asOf: isoOf(evaluatedAt), url: link, figures },
      text,
    },
    ...(wantsPage && { html: String((await message.file('html')).body) }),
    attachments,
  };
}

function linkOf({ serve }: Settings, name: string): string | null {
  return serve?.url ? new URL(`/files/report.html?${new URLSearchParams({ name })}`, serve.url).href : null;
}

function isoOf(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

/** A format that this machine cannot make (no browser for a PDF) is named in the mail; the others go out. */
async function makeAttachments(message: ReportMessage, { name, send }: SentReport, log: Log) {
  const attachments: Attachment[] = [];
  const leftOut: string[] = [];
  for (const format of send.formats.filter(
    (each): each is Exclude<ReportFormat, 'html'> => each !== 'html',
  )) {
    try {
      const { body, contentType } = await message.file(format);
      attachments.push({ filename: `${name}.${format}`, content: body, contentType });
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      log.warn({ report: name, format, message: error.message, fix: error.fix }, 'report.format_left_out');
      leftOut.push(`${name}.${format}: ${error.message}`);
    }
  }
  return { attachments, leftOut };
}
