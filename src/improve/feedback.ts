import type { SqlValue } from '../model/entities.ts';
import type { FactStore } from '../model/fact-store.ts';
import type { Segment } from '../model/result.ts';

/** What one audience said. */
export interface AudienceFeedback {
  readonly audience: 'customer' | 'user';
  /** Surveys that are known to have been sent, and how many of those were answered. */
  readonly sent: number;
  readonly answeredOfSent: number;
  readonly answers: number;
  /** Scores as shares of their scale, 0 to 1. */
  readonly meanScore: number | null;
  readonly satisfied: number;
  readonly scored: number;
}

/** Read where it is shown and nowhere else: never stored again, published, alerted or logged. */
export interface FeedbackComment {
  readonly audience: 'customer' | 'user';
  readonly at: number;
  readonly kind: string | null;
  readonly score: number | null;
  readonly scaleMax: number | null;
  readonly comment: string;
}

export interface Feedback {
  readonly audiences: readonly AudienceFeedback[];
  /** Newest first. */
  readonly comments: readonly FeedbackComment[];
  readonly commentsTotal: number;
}

export interface FeedbackRequest {
  readonly store: Pick<FactStore, 'rows'>;
  readonly segment: Pick<Segment, 'kind' | 'id' | 'source'>;
  /** Epoch ms. */
  readonly from: number;
  readonly until: number;
  readonly limit: number;
}

/** Columns by which answers belong to a segment; others cannot be told apart. */
const columns: Readonly<Record<string, string>> = {
  connection: 's.source_id',
  owner: 'coalesce(s.owner_id, t.owner_id)',
  case_category: 't.category',
  category: 'a.category',
  channel: 's.channel',
  priority: 't.priority',
  pipeline: 't.pipeline',
};

/** Answers of customers and of the CRM's users, apart; null where answers cannot be told by this kind of segment. */
export async function readFeedback(request: FeedbackRequest): Promise<Feedback | null> {
  const where = conditionOf(request.segment);
  if (where === null) return null;
  const { store, segment, from, until, limit } = request;
  const sql = `select coalesce(s.audience, 'customer'), s.sent_at, s.answered_at, s.kind, s.score, s.scale_min, s.scale_max, s.comment
    from survey_answer s
    left join ticket t on t.source_id = s.source_id and t.id = s.ticket_id
    left join account a on a.source_id = s.source_id and a.id = coalesce(s.account_id, t.account_id)
    where coalesce(s.answered_at, s.sent_at) >= :from and coalesce(s.answered_at, s.sent_at) < :until and ${where}
    order by s.answered_at desc, s.id`;
  const params: Record<string, SqlValue> = { from, until };
  if (where.includes(':id')) params.id = segment.id;
  const tallies = { customer: createTally('customer'), user: createTally('user') };
  const comments: FeedbackComment[] = [];
  let commentsTotal = 0;
  for await (const rows of store.rows({ sql, params })) {
    for (const row of rows) {
      const answer = toAnswer(row);
      addTo(tallies[answer.audience], answer);
      if (answer.comment === null || answer.answeredAt === null) continue;
      commentsTotal++;
      if (comments.length < limit)
        comments.push({ ...answer, at: answer.answeredAt, comment: answer.comment });
    }
  }
  const audiences = [tallies.customer, tallies.user]
    .filter(({ sent, answers }) => sent + answers > 0)
    .map(finish);
  return { audiences, comments: comments.map(onlyComment), commentsTotal };
}

function conditionOf({ kind, id }: FeedbackRequest['segment']): string | null {
  if (kind === 'company') return '1 = 1';
  if (kind === 'team') {
    return `exists (select 1 from team_member m where m.source_id = s.source_id and m.team_id = :id and m.valid_to is null
      and m.actor_id = coalesce(s.owner_id, t.owner_id))`;
  }
  const column = columns[kind];
  if (!column) return null;
  return id === null || id === '(none)' ? `${column} is null` : `${column} = :id`;
}

interface Answer extends Omit<FeedbackComment, 'comment' | 'at'> {
  readonly sentAt: number | null;
  readonly answeredAt: number | null;
  readonly scaleMin: number | null;
  readonly comment: string | null;
}

function toAnswer([
  audience,
  sentAt,
  answeredAt,
  kind,
  score,
  scaleMin,
  scaleMax,
  comment,
]: readonly SqlValue[]): Answer {
  const number = (value: SqlValue | undefined) => (typeof value === 'number' ? value : null);
  return {
    audience: audience === 'user' ? 'user' : 'customer',
    sentAt: number(sentAt),
    answeredAt: number(answeredAt),
    kind: kind === null || kind === undefined ? null : String(kind),
    score: number(score),
    scaleMin: number(scaleMin),
    scaleMax: number(scaleMax),
    comment: typeof comment === 'string' && comment.trim() !== '' ? comment.trim() : null,
  };
}

function onlyComment({ audience, at, kind, score, scaleMax, comment }: FeedbackComment): FeedbackComment {
  return { audience, at, kind, score, scaleMax, comment };
}

function createTally(audience: Answer['audience']) {
  return { audience, sent: 0, answeredOfSent: 0, answers: 0, scored: 0, satisfied: 0, sum: 0 };
}

type Tally = ReturnType<typeof createTally>;

/** Satisfied: in the upper quarter of the scale, as 4 or 5 of 5. */
function addTo(tally: Tally, { sentAt, answeredAt, score, scaleMin, scaleMax }: Answer): void {
  if (sentAt !== null) tally.sent++;
  if (answeredAt === null) return;
  tally.answers++;
  if (sentAt !== null) tally.answeredOfSent++;
  if (score === null || scaleMin === null || scaleMax === null || scaleMax <= scaleMin) return;
  const share = (score - scaleMin) / (scaleMax - scaleMin);
  tally.scored++;
  tally.sum += share;
  if (share >= 0.75) tally.satisfied++;
}

function finish({ sum, ...tally }: Tally): AudienceFeedback {
  return { ...tally, meanScore: tally.scored > 0 ? sum / tally.scored : null };
}
