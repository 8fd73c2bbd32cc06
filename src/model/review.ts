import type { Awaitable } from './store.ts';

/** A review meeting: its page as it was when it was opened. */
export interface Review<Page = unknown> {
  readonly id: number;
  readonly openedAt: number;
  readonly openedBy: string;
  /** Of the evaluation that it shows. */
  readonly asOf: number;
  readonly closedAt: number | null;
  readonly closedBy: string | null;
  readonly nextOn: string | null;
  readonly attendees: string | null;
  readonly page: Page;
  /** What was decided, as Markdown. */
  readonly notes: string | null;
}

export type NewReview = Pick<Review, 'openedAt' | 'openedBy' | 'asOf' | 'nextOn' | 'attendees' | 'page'>;

export interface ReviewStore {
  /** Oldest first. */
  reviews(): Awaitable<readonly Review[]>;
  openReview(review: NewReview): Awaitable<number>;
  closeReview(
    id: number,
    end: Pick<Review, 'closedAt' | 'closedBy' | 'nextOn' | 'attendees' | 'notes'>,
  ): Awaitable<void>;
}
