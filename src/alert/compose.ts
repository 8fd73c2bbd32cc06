import type { Language } from '../model/kpi.ts';
import type { Notice } from '../model/operations.ts';
import { words } from './words.ts';

/** One message of several notices, as each kind of receiver wants it. */
export interface Composed {
  readonly subject: string;
  readonly text: string;
  readonly json: object;
  /** Only mails have these. */
  readonly html?: string;
  readonly attachments?: readonly Attachment[];
}

export interface Attachment {
  readonly filename: string;
  readonly content: Buffer;
  readonly contentType: string;
}

export interface KeyedNotice {
  readonly key: string;
  readonly notice: Notice;
}

export function compose(
  notices: readonly KeyedNotice[],
  { language, now }: { readonly language: Language; readonly now: number },
): Composed {
  const text = notices.map(({ notice }) => describeNotice(notice, language)).join('\n\n');
  return {
    subject: `crm-kpi: ${describeSubject(notices, language)}`,
    text,
    json: {
      source: 'crm-kpi',
      version: 1,
      sentAt: new Date(now).toISOString(),
      alerts: notices.map(({ key, notice: { since, ...notice } }) => ({
        key,
        ...notice,
        since: new Date(since).toISOString(),
      })),
      text,
    },
  };
}

function describeSubject(notices: readonly KeyedNotice[], language: Language): string {
  const say = words[language];
  const [first] = notices;
  if (notices.length === 1 && first) return headline(first.notice, language);
  const count = (state: Notice['state']) => notices.filter(({ notice }) => notice.state === state).length;
  return say.subject(count('problem'), count('recovered'));
}

function headline({ state, title }: Notice, language: Language): string {
  const say = words[language];
  const kind = { problem: say.problem, recovered: say.recovered, test: say.test, report: say.report }[state];
  return `${kind}: ${title}`;
}

function describeNotice(notice: Notice, language: Language): string {
  const say = words[language];
  const since = `(${say.since} ${new Date(notice.since).toISOString().replace(/\.\d+Z$/, 'Z')})`;
  const lines = [`${headline(notice, language)} ${since}`];
  if (notice.state !== 'recovered') lines.push(notice.message);
  if (notice.fix !== null && notice.state === 'problem') lines.push(`${say.fix}: ${notice.fix}`);
  return lines.join('\n');
}

export function testNotice(now: number, language: Language): KeyedNotice {
  const say = words[language];
  const notice = {
    events: [],
    state: 'test' as const,
    title: 'crm-kpi',
    message: say.testMessage,
    fix: null,
    since: now,
  };
  return { key: 'test', notice };
}
