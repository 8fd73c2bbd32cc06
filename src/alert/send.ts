import { RunError } from '../model/errors.ts';
import type { AlertChannel } from '../model/operations.ts';
import type { Composed } from './compose.ts';
import { sendMail } from './send-mail.ts';

const timeoutMs = 10_000;

export interface SendTools {
  readonly fetch: typeof fetch;
}

/** Delivers one message, or throws RunError; the address itself, which may be a secret, stays out of it. */
export async function sendMessage(channel: AlertChannel, message: Composed, tools: SendTools): Promise<void> {
  switch (channel.kind) {
    case 'slack':
      return post(channel.url, { body: { text: escapeSlack(message) }, headers: {} }, tools);
    case 'webhook':
      return post(channel.url, { body: message.json, headers: channel.headers }, tools);
    case 'email':
      return sendMail(channel, message);
  }
}

/** Slack reads &, < and > as its own marks (docs.slack.dev, "Formatting message text": escaping). */
function escapeSlack({ subject, text }: Composed): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `*${subject}*\n${escaped}`;
}

interface Posted {
  readonly body: object;
  readonly headers: Readonly<Record<string, string>>;
}

async function post(url: string, { body, headers }: Posted, { fetch }: SendTools): Promise<void> {
  const { host } = new URL(url);
  let status: number;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    status = response.status;
    await response.body?.cancel();
  } catch (error) {
    throw notReached(host, error);
  }
  if (status < 200 || status >= 300) throw refused(host, status);
}

function notReached(host: string, cause: unknown): RunError {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const code = inner instanceof Error && 'code' in inner ? ` (${String(inner.code)})` : '';
  const isLate = cause instanceof Error && cause.name === 'TimeoutError';
  return new RunError(
    'remote',
    {
      where: host,
      message: isLate ? `No answer within ${timeoutMs / 1000} s.` : `It could not be reached${code}.`,
      fix: 'Nothing to do: it is tried again. If this lasts, check the address and the network.',
    },
    { cause },
  );
}

function refused(host: string, status: number): RunError {
  const isTransient = status === 408 || status === 429 || status >= 500;
  return new RunError(isTransient ? 'remote' : 'config', {
    where: host,
    message: `The message was refused with status ${status}.`,
    fix: isTransient
      ? 'Nothing to do: it is tried again.'
      : 'Check this address in crm-kpi.yaml or .env; `crm-kpi alerts test` tries those of alerts.',
  });
}
