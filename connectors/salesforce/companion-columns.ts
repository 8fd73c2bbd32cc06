/** What companions of one kind tell: replies, due dates, linked articles, the end of a survey, what it is about. */
export type Feed = 'reply' | 'due' | 'articles' | 'answered' | 'subject';

/** An instant, or an id. */
export type Told = number | string;

/** Columns of one row, from what its companions told. */
export type CompanionColumns = Readonly<Record<string, Told | null>>;

/** Columns that each kind of companion fills. */
export const fedColumns = {
  reply: ['first_reply_at', 'reply_count'],
  due: ['due_at'],
  articles: ['article_count'],
  answered: ['answered_at'],
  subject: ['ticket_id', 'account_id'],
} as const satisfies Record<Feed, readonly string[]>;

export function foldTold(feed: Feed, values: readonly Told[]): CompanionColumns {
  const instants = values.filter((value) => typeof value === 'number');
  const ids = values.filter((value) => typeof value === 'string');
  switch (feed) {
    case 'reply':
      return { first_reply_at: least(instants), reply_count: instants.length };
    case 'due':
      // A case may have several milestones: it is resolved by the last one, which the first response comes before.
      return { due_at: greatest(instants) };
    case 'articles':
      return { article_count: new Set(ids).size };
    case 'answered':
      return { answered_at: greatest(instants) };
    case 'subject':
      // By the object prefix of the id: 500 case, 001 account.
      return { ticket_id: withPrefix(ids, '500'), account_id: withPrefix(ids, '001') };
  }
}

function withPrefix(ids: readonly string[], prefix: string): string | null {
  return ids.find((id) => id.startsWith(prefix)) ?? null;
}

function least(values: readonly number[]): number | null {
  return values.reduce<number | null>((low, value) => (low === null || value < low ? value : low), null);
}

function greatest(values: readonly number[]): number | null {
  return values.reduce<number | null>((high, value) => (high === null || value > high ? value : high), null);
}
