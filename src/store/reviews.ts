import type { SqlValue } from '../model/entities.ts';
import type { Review, ReviewStore } from '../model/review.ts';
import type { Handle } from './database.ts';

/** Review meetings; a page never changes once it is opened. */
export function createReviewStore(handle: Handle): ReviewStore {
  return {
    reviews: () =>
      handle
        .prepare<unknown[], Record<string, SqlValue>>(
          `SELECT id, opened_at AS openedAt, opened_by AS openedBy, as_of AS asOf, closed_at AS closedAt,
             closed_by AS closedBy, next_on AS nextOn, attendees, page, notes FROM review ORDER BY id`,
        )
        .all()
        .map((row) => ({ ...row, page: JSON.parse(String(row.page)) }) as Review),

    openReview: ({ openedAt, openedBy, asOf, nextOn, attendees, page }) =>
      Number(
        handle
          .prepare(
            'INSERT INTO review (opened_at, opened_by, as_of, next_on, attendees, page) VALUES (?, ?, ?, ?, ?, ?)',
          )
          .run(openedAt, openedBy, asOf, nextOn, attendees, JSON.stringify(page)).lastInsertRowid,
      ),

    closeReview: (id, { closedAt, closedBy, nextOn, attendees, notes }) =>
      void handle
        .prepare(
          `UPDATE review SET closed_at = ?, closed_by = ?, next_on = coalesce(?, next_on),
             attendees = coalesce(?, attendees), notes = ? WHERE id = ?`,
        )
        .run(closedAt, closedBy, nextOn, attendees, notes, id),
  };
}
