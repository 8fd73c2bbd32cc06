import { expect, it } from 'vitest';
import { assembleReview, type ReviewPage } from '../../src/improve/review.ts';
import { readNotes, reviewMarkdown } from '../../src/improve/review-format.ts';
import { layOutReview } from '../../src/improve/review-page.ts';
import type { StoredResult } from '../../src/model/result-store.ts';
import type { Review } from '../../src/model/review.ts';
import { reviewDocument } from '../../src/report/review-page.ts';
import { resultOf } from '../model/samples.ts';

function stored(id: number, month: number, changed: Partial<StoredResult>): StoredResult {
  const period = {
    periodLabel: `2026-0${month}`,
    periodStart: `2026-0${month}-01`,
    periodEnd: `2026-0${month + 1}-01`,
  };
  return {
    ...resultOf({ goal: 'win_rate.month', ...period, ...changed }),
    id,
    inputHash: '',
    supersedes: null,
    current: true,
  };
}

function assemble(results: readonly StoredResult[], previous: Review<ReviewPage> | null = null): ReviewPage {
  return assembleReview({
    on: '2026-03-31',
    results,
    labels: (kpi) => ({ en: kpi, es: kpi }),
    findings: [],
    actions: [],
    effects: new Map(),
    previous,
    previousOn: previous?.page.on ?? '',
  });
}

function reviewOf(page: ReviewPage): Review<ReviewPage> {
  return {
    id: 1,
    openedAt: 1,
    openedBy: 'Ana',
    asOf: Date.UTC(2026, 2, 31),
    closedAt: null,
    closedBy: null,
    nextOn: null,
    attendees: null,
    page,
    notes: null,
  };
}

const february = stored(7, 2, { value: 0.15, status: 'off_target', complete: true });

it('freezes the newest complete and the running period with the ids of their rows', () => {
  const march = stored(9, 3, { complete: false });
  const page = assemble([stored(5, 1, { complete: true }), february, march]);
  expect(page.results.map(({ id, period }) => [id, period])).toEqual([
    [7, '2026-02'],
    [9, '2026-03'],
  ]);
});

it('tells what has changed since, restated periods among it', () => {
  const first = { ...reviewOf(assemble([february])), notes: '- Workshop' };
  const restated = stored(11, 2, { value: 0.16, status: 'off_target', complete: true });
  const march = stored(12, 3, { value: 0.18, status: 'at_risk', complete: true });
  const page = assemble([restated, march], first);
  expect(page.changes?.figures.map(({ before, now }) => [before.value, now.value])).toEqual([[0.15, 0.18]]);
  expect(page.changes?.restated.map(({ before, now }) => [before.id, now.id])).toEqual([[7, 11]]);
  const text = reviewMarkdown(layOutReview(reviewOf(page), 'en'), 'en');
  expect(text).toContain('Restated: win_rate: 2026-02 15.0 %, off target → 2026-02 16.0 %, off target');
  expect(text).toContain('Decided then:\n\n- Workshop');
});

it('is the same page in Spanish', () => {
  const text = reviewMarkdown(layOutReview(reviewOf(assemble([february])), 'es'), 'es');
  expect(text).toContain('# Revisión 1, 2026-03-31');
  expect(text).toContain('| win_rate | 2026-02 | 15,0 % |');
  expect(text).toContain('## Asistentes\n\n(por completar)');
});

it('escapes what people wrote', async () => {
  const review = { ...reviewOf(assemble([])), notes: '<script>alert("x")</script>' };
  const page = { blocks: layOutReview(review, 'en'), language: 'en', timeZone: 'UTC' } as const;
  expect(await reviewDocument(page)).not.toContain('<script>');
});

it.each(['en', 'es'] as const)('reads the notes back from the edited page (%s)', (language) => {
  const review = {
    ...reviewOf(assemble([february])),
    notes: '- One\n- Two',
    attendees: 'Ana',
    nextOn: '2026-05-02',
  };
  expect(readNotes(reviewMarkdown(layOutReview(review, language), language))).toEqual({
    notes: '- One\n- Two',
    attendees: 'Ana',
    nextOn: '2026-05-02',
  });
});

it('takes any other Markdown whole, and what was left open for nothing', () => {
  expect(readNotes('We agreed.\n')).toEqual({ notes: 'We agreed.', attendees: null, nextOn: null });
  const page = reviewMarkdown(layOutReview(reviewOf(assemble([february])), 'en'), 'en');
  expect(readNotes(page)).toEqual({ notes: '', attendees: null, nextOn: null });
});
