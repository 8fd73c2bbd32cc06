import { RunError } from '../model/errors.ts';

/** Refuses what must not be sent: an address that is none, or plain http to another machine. */
export function parseTarget(url: string, where: string): URL {
  const target = URL.parse(url);
  if (target === null || !/^https?:$/.test(target.protocol)) {
    throw new RunError('config', {
      where,
      message: 'The address of the CRM is not a web address.',
      fix: 'Give it in the settings with https:// and the host name.',
    });
  }
  if (target.protocol === 'http:' && !isLoopback(target.hostname)) {
    throw new RunError('config', {
      where,
      message: `http://${target.host} would send credentials in plain text; plain http is allowed to this machine only.`,
      fix: 'Use https:// in the settings.',
    });
  }
  return target;
}

function isLoopback(host: string): boolean {
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '[::1]' ||
    /^127\.\d+\.\d+\.\d+$/.test(host)
  );
}

const longestSegment = 40;

/**
 * The path for logs and messages: without the query, and without segments that may be a secret or a person's address
 * (HubSpot has the token itself in the path of its token calls).
 */
export function describePath(target: URL): string {
  const segments = target.pathname.split('/');
  return segments
    .map((segment, index) => {
      const isToken = /tokens?$/i.test(segments[index - 1] ?? '');
      return isToken || segment.length > longestSegment || /@|%40/.test(segment) ? '…' : segment;
    })
    .join('/');
}

/** The headers as fetch takes them; one that HTTP forbids is reported without showing it. */
export function makeHeaders(headers: Readonly<Record<string, string>> | undefined, where: string): Headers {
  const made = new Headers();
  for (const [name, value] of Object.entries(headers ?? {})) {
    try {
      made.set(name, value);
    } catch {
      throw new RunError('config', {
        where,
        message: `The ${name} header has a character that HTTP does not allow.`,
        fix: 'Look for a line break or a special character in the credentials of this connection.',
      });
    }
  }
  return made;
}
