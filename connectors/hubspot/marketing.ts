import type { Batch, Deletion } from '../../src/model/connector.ts';
import type { EntityRow } from '../../src/model/entities.ts';
import type { Zone } from '../../src/model/zone.ts';
import { formatCursor } from './cursor.ts';
import { type Counters, type EmailPage, type EmailRecord, emailPage, oneEmail } from './marketing-shapes.ts';
import { followPages } from './pages.ts';
import { rawPaths } from './paths.ts';
import { isRefused, type Session } from './session.ts';
import { parseInstant, parseText } from './values.ts';

const pageSize = 100;

interface EmailPass {
  readonly stats: boolean;
  readonly archived: boolean;
}

function emailPages(
  session: Session,
  pass: EmailPass,
  { signal, first }: { readonly signal: AbortSignal; readonly first?: () => Promise<EmailPage> },
) {
  return followPages<EmailRecord>({
    where: `${session.name} marketing e-mails`,
    first: undefined,
    signal,
    fetch: (after) => (after === undefined && first ? first() : fetchEmails(session, pass, { after })),
  });
}

export async function fetchEmails(
  session: Session,
  pass: EmailPass,
  page: { readonly after: string | undefined; readonly limit?: number },
) {
  const { api } = session;
  const none = undefined;
  // The builder takes its options by position.
  const request = api.build.emails.marketingV3Emails(
    page.after,
    pass.archived ? true : none,
    none,
    none,
    none,
    none,
    none,
    pass.stats ? true : none,
    none,
    page.limit ?? pageSize,
  );
  return (await api.call({ what: 'marketing e-mails', request, shape: emailPage })).value;
}

/**
 * Read whole every time: counters move while the modification date stands still. The list with statistics leaves some
 * e-mails out, so a second pass without them finds the rest.
 */
export async function* readEmails(session: Session, read: EmailRead): AsyncGenerator<Batch> {
  const at = session.now();
  for await (const emails of listEmails(session, read)) {
    const rows: EntityRow<'email_stat'>[] = [];
    for (const email of emails) {
      const row = mapEmailStat(email, { zone: session.zone, at });
      rows.push((await read.isTold(email)) ? { ...row, ...untold } : row);
    }
    yield { tables: [{ table: 'email_stat', rows }], deleted: [], cursor: null };
  }
  yield {
    tables: [],
    deleted: await deletedEmails(session, read.signal),
    cursor: formatCursor({ phase: 'whole', at }),
  };
}

export interface EmailRead {
  readonly first: () => Promise<EmailPage>;
  readonly signal: AbortSignal;
  /** Whether an e-mail's figures are told elsewhere, by the days on which it was sent. */
  isTold(email: EmailRecord): Promise<boolean>;
}

/** What a row does not say whose figures stand in rows of their own. */
const untold = {
  sent_at: null,
  sent: null,
  delivered: null,
  opens_unique: null,
  clickers_unique: null,
  bounced: null,
  unsubscribed: null,
  spam: null,
} satisfies Partial<EntityRow<'email_stat'>>;

/** All e-mails that are not archived, each once, with its statistics. */
export async function* listEmails(
  session: Session,
  { first, signal }: Pick<EmailRead, 'first' | 'signal'>,
): AsyncGenerator<readonly EmailRecord[]> {
  const seen = new Set<string>();
  for await (const { results } of emailPages(session, { stats: true, archived: false }, { signal })) {
    for (const { id } of results) seen.add(id);
    yield results;
  }
  for await (const { results } of emailPages(session, { stats: false, archived: false }, { signal, first })) {
    const complete: EmailRecord[] = [];
    for (const email of results) if (!seen.has(email.id)) complete.push(await withStats(session, email));
    if (complete.length > 0) yield complete;
  }
}

/** One by one an e-mail gives the statistics that the list kept back. */
async function withStats(session: Session, email: EmailRecord): Promise<EmailRecord> {
  if (!isSent(email)) return email;
  const { api } = session;
  try {
    const path = `${rawPaths.emails}/${encodeURIComponent(email.id)}`;
    const query = [['includeStats', 'true']] as const;
    return (await api.get({ what: 'marketing e-mails', path, query, shape: oneEmail })).value;
  } catch (error) {
    if (isRefused(error)) return email;
    throw error;
  }
}

async function deletedEmails(session: Session, signal: AbortSignal): Promise<readonly Deletion[]> {
  const deleted: Deletion[] = [];
  try {
    for await (const { results } of emailPages(session, { stats: false, archived: true }, { signal })) {
      for (const email of results) {
        if (email.archived !== true && !email.archivedAt) continue;
        const at = parseInstant(email.archivedAt ?? email.updatedAt, session.zone) ?? session.now();
        deleted.push({ id: email.id, at });
      }
    }
  } catch (error) {
    if (!isRefused(error)) throw error;
  }
  return deleted;
}

const unsent = /DRAFT|SCHEDULED|CANCEL|PROCESSING/i;

function isSent(email: EmailRecord): boolean {
  return Boolean(email.publishDate) && !unsent.test(email.state ?? '');
}

/** Counters, never HubSpot's ratios: its clickthroughratio is clicks by opens, in percent. */
export function mapEmailStat(
  email: EmailRecord,
  { zone, at }: { readonly zone: Zone; readonly at: number },
): EntityRow<'email_stat'> {
  return {
    id: email.id,
    created_at: parseInstant(email.createdAt, zone),
    updated_at: parseInstant(email.updatedAt, zone),
    deleted_at: null,
    name: parseText(email.name),
    campaign_id: parseText(email.campaign),
    sent_at: isSent(email) ? parseInstant(email.publishDate, zone) : null,
    ...countersOf(email.stats?.counters),
    fetched_at: at,
  };
}

export function countersOf(counters: Counters | null | undefined) {
  const read = (name: string) => counters?.[name] ?? null;
  return {
    sent: read('sent'),
    delivered: read('delivered'),
    opens_unique: read('open'),
    clickers_unique: read('click'),
    bounced: read('bounce'),
    unsubscribed: read('unsubscribed'),
    spam: read('spamreport'),
  };
}
