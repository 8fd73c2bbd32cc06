import { RunError } from '../model/errors.ts';
import type { AlertChannel } from '../model/operations.ts';
import type { Composed } from './compose.ts';

type MailChannel = Extract<AlertChannel, { kind: 'email' }>;

const timeoutMs = 10_000;

/** Sends by SMTP; without TLS to this machine only. */
export async function sendMail(channel: MailChannel, message: Composed): Promise<void> {
  const { createTransport } = await import('nodemailer');
  const { host, port, secure, user, password, from, to } = channel;
  const { subject, text, html, attachments = [] } = message;
  const transport = createTransport({
    host,
    port,
    secure,
    requireTLS: !secure && !/^(localhost|127(\.\d+){3}|::1)$/.test(host),
    ...(user === null ? {} : { auth: { user, pass: password ?? '' } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    await transport.sendMail({
      ...{ from, to: [...to], subject, text },
      ...(html !== undefined && { html }),
      attachments: [...attachments],
    });
  } catch (error) {
    throw explainMailError(error, host);
  } finally {
    transport.close();
  }
}

/** Codes of nodemailer (nodemailer.com/errors); its messages may quote addresses, so they stay out. */
const explanations: Readonly<Record<string, readonly [kind: 'config' | 'remote', message: string]>> = {
  EAUTH: ['config', 'The mail server refused the user name or password.'],
  EENVELOPE: ['config', 'The mail server refused the sender or a receiver.'],
  ETLS: ['config', 'The mail server offers no encryption (STARTTLS), or its certificate is not trusted.'],
  EMESSAGE: ['config', 'The mail server refused the message.'],
  EDNS: ['remote', 'The mail server’s name is not known.'],
  ETIMEDOUT: ['remote', 'The mail server did not answer in time.'],
};

function explainMailError(cause: unknown, host: string): unknown {
  if (!(cause instanceof Error)) return cause;
  const code = 'code' in cause ? String(cause.code) : '';
  const [kind, message] = explanations[code] ?? [
    'remote',
    `The mail could not be sent${code ? ` (${code})` : ''}.`,
  ];
  const fix =
    kind === 'config'
      ? 'Check this `email` in crm-kpi.yaml; `crm-kpi alerts test` tries those of alerts.'
      : 'Nothing to do: it is tried again. If this lasts, check the address and the network.';
  return new RunError(kind, { where: host, message, fix }, { cause });
}
