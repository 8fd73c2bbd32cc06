import type { Batch, Cursor, ReadOptions } from '../../src/model/connector.ts';
import type { EntityRow } from '../../src/model/entities.ts';
import { formatCursor, parseCursor } from './cursor.ts';
import { fetchDays, type SentDay } from './email-days.ts';
import { countersOf, listEmails } from './marketing.ts';
import type { EmailPage, EmailRecord } from './marketing-shapes.ts';
import { isRefused, type Session } from './session.ts';
import { parseInstant, parseText } from './values.ts';

const dayMs = 86_400_000;
/** Opens and clicks come in for weeks after a send. */
const movingDays = 35;
const reloadAfterMs = 7 * dayMs;

/** Types that go out one by one for as long as they are switched on (the client's model of an e-mail). */
const sendsOn =
  /^(AUTOMATED|LEADFLOW|FOLLOWUP|OPTIN|RESUBSCRIBE|FEEDBACK|MEMBERSHIP|TICKET|SMTP_TOKEN|SINGLE_SEND|MARKETING_SINGLE_SEND)/i;

/** Sends for months, so that its publish date tells nothing of when. */
export function isAutomated({ type, state }: Pick<EmailRecord, 'type' | 'state'>): boolean {
  return sendsOn.test(type ?? '') || /^AUTOMATED/i.test(state ?? '');
}

function hasSent({ publishDate, stats }: EmailRecord): boolean {
  return Boolean(publishDate) || (stats?.counters?.sent ?? 0) > 0;
}

/** The automated e-mails of an account, shared by the stream of e-mails and that of their days. */
export interface AutomatedEmails {
  /** Asks for statistics by day where there are automated e-mails; throws where they are refused. */
  probe(): Promise<void>;
  /** Whether this one is read by the days on which it was sent. */
  isTold(email: EmailRecord): Promise<boolean>;
  /** The reading of all e-mails begins; they are known when it has ended. */
  begin(): void;
  end(): void;
  /** Those that a reading of all e-mails has come across, or else all, asked for anew. */
  list(signal: AbortSignal): Promise<readonly EmailRecord[]>;
}

export function createAutomatedEmails(session: Session, first: () => Promise<EmailPage>): AutomatedEmails {
  const readable = rememberReadable(session);
  let seen = new Map<string, EmailRecord>();
  let whole = false;
  return {
    probe: async () => {
      const one = (await first()).results.find((email) => isAutomated(email) && hasSent(email));
      if (one) await askForDays(session, one);
    },
    isTold: async (email) => {
      if (!isAutomated(email) || !hasSent(email)) return false;
      seen.set(email.id, email);
      return readable(email);
    },
    begin: () => {
      seen = new Map();
      whole = false;
    },
    end: () => {
      whole = true;
    },
    list: async (signal) => {
      const found = whole ? [...seen.values()] : await findAll(session, { first, signal });
      whole = false;
      return found;
    },
  };
}

async function askForDays(session: Session, email: EmailRecord): Promise<void> {
  const to = session.now();
  await fetchDays(session, email.id, { from: to - dayMs, to });
}

/** Asked once: what one e-mail's days say holds for all. */
function rememberReadable(session: Session): (email: EmailRecord) => Promise<boolean> {
  let known: boolean | null = null;
  return async (email) => {
    try {
      known ??= await addsUp(session, email);
    } catch (error) {
      if (!isRefused(error)) throw error;
      known = false;
    }
    return known;
  };
}

async function findAll(
  session: Session,
  read: { readonly first: () => Promise<EmailPage>; readonly signal: AbortSignal },
): Promise<readonly EmailRecord[]> {
  const found: EmailRecord[] = [];
  for await (const emails of listEmails(session, read)) {
    found.push(...emails.filter((email) => isAutomated(email) && hasSent(email)));
  }
  return found;
}

const tolerance = 1.2;
const toleratedSends = 10;

/** More sends than the e-mail has are those of others, too: such an answer would count them several times. */
async function addsUp(session: Session, email: EmailRecord): Promise<boolean> {
  const days = await fetchDays(session, email.id, { from: beginningOf(session, email), to: session.now() });
  let sent = 0;
  for (const { counters } of days) sent += counters.sent ?? 0;
  const told = email.stats?.counters?.sent;
  if (told === undefined || sent <= told * tolerance + toleratedSends) return true;
  session.log.warn(
    { connection: session.name, object: 'automated_emails', sent, told },
    'figures.distrusted',
  );
  return false;
}

export interface DaysRead {
  readonly emails: AutomatedEmails;
  readonly since: Cursor | null;
  readonly sinceMs: number | null;
  readonly options: ReadOptions;
}

/** A row for each day on which an automated e-mail was sent, with what became of that day's sends. */
export async function* readAutomatedDays(session: Session, read: DaysRead): AsyncGenerator<Batch> {
  const { options } = read;
  const emails = await read.emails.list(options.signal);
  const at = session.now();
  const [one] = emails;
  if (one && !(await read.emails.isTold(one))) {
    const held = await goneRows(options, () => true);
    return yield { tables: [], deleted: held.map((id) => ({ id, at })), cursor: null };
  }
  const place = parseCursor(`${session.name} automated e-mails`, read.since);
  const known = place?.phase === 'moving' && at - place.loadedAt < reloadAfterMs ? place : null;
  const movingFrom = known ? Math.min(known.at, options.changedSince ?? known.at) - movingDays * dayMs : 0;
  const from = session.zone.startOf(session.zone.dateOf(Math.max(movingFrom, read.sinceMs ?? 0)));
  const firstDay = session.zone.dateOf(from);
  const living = new Set<string>();
  const answered = new Set<string>();
  for (const email of emails) {
    options.signal.throwIfAborted();
    living.add(email.id);
    // A day earlier, as the server's days may begin at another hour: the first one may be cut.
    const days = await fetchDays(session, email.id, {
      from: Math.max(from - dayMs, beginningOf(session, email)),
      to: at,
    });
    const rows = days
      .filter(({ date }) => date >= firstDay)
      .map((day) => toDayRow(session, email, { day, at }));
    for (const { id } of rows) answered.add(id);
    if (rows.length > 0) yield { tables: [{ table: 'email_stat', rows }], deleted: [], cursor: null };
  }
  const gone = await goneRows(options, (emailId, day) => {
    if (!living.has(emailId)) return true;
    return day >= firstDay && !answered.has(`${emailId}:${day}`);
  });
  const cursor = formatCursor({ phase: 'moving', at, loadedAt: known?.loadedAt ?? at });
  yield { tables: [], deleted: gone.map((id) => ({ id, at })), cursor };
}

/** An automated e-mail sends nothing before it exists; its publish date moves with each new version. */
function beginningOf({ zone }: Session, { createdAt, publishDate }: EmailRecord): number {
  const at = parseInstant(createdAt, zone) ?? parseInstant(publishDate, zone) ?? Date.UTC(2006, 0);
  return zone.startOf(zone.dateOf(at));
}

function toDayRow(
  session: Session,
  email: EmailRecord,
  { day, at }: { readonly day: SentDay; readonly at: number },
): EntityRow<'email_stat'> {
  return {
    id: `${email.id}:${day.date}`,
    created_at: parseInstant(email.createdAt, session.zone),
    updated_at: parseInstant(email.updatedAt, session.zone),
    deleted_at: null,
    name: parseText(email.name),
    campaign_id: parseText(email.campaign),
    sent_at: day.at,
    ...countersOf(day.counters),
    fetched_at: at,
  };
}

async function goneRows(
  { held }: ReadOptions,
  isGone: (emailId: string, day: string) => boolean,
): Promise<readonly string[]> {
  const gone: string[] = [];
  if (!held) return gone;
  for await (const ids of held()) {
    for (const id of ids) {
      const cut = id.lastIndexOf(':');
      if (isGone(id.slice(0, cut), id.slice(cut + 1))) gone.push(id);
    }
  }
  return gone;
}
