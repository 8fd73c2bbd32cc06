import { type Detector, type Found, foundOne, nothing, silent, tooFew, wholeCompany } from './detector.ts';
import { caseOf, createTally, numberOf } from './tally.ts';

const mostShare = 0.15;
const fewest = 10;

/** Says nothing about a case. */
export const emptyCategories = [
  ...['', '-', '.', 'other', 'others', 'none', 'n/a', 'na', 'unknown', 'undefined', 'general'],
  ...['otro', 'otra', 'otros', 'otras', 'ninguno', 'ninguna', 'sin categoría', 'sin categoria'],
];

const sql = `
  select source_id, id, owner_id, last_closed_at, lower(trim(coalesce(category, '')))
  from ticket where is_closed = 1 and last_closed_at >= :from and last_closed_at < :as_of`;

export const noCategory: Detector = {
  id: 'no_category',
  kind: 'underuse',
  effort: 'S',
  kpis: ['uncategorised_case_rate'],
  reading: { of: 'ticket', columns: ['ticket.category', 'ticket.is_closed', 'ticket.last_closed_at'] },
  rule: {
    en: 'More than 15 % of the cases closed in 180 days have no category, or one that says nothing (other, general).',
    es: 'Más del 15 % de los casos cerrados en 180 días no tienen categoría, o una que no dice nada (otros, general).',
  },
  async find(bench): Promise<Found> {
    const tally = createTally(bench, 'ticket');
    await bench.each(sql, (row) =>
      tally.add(caseOf(row, emptyCategories.includes(String(row[4])), numberOf(row[3]))),
    );
    const what = { en: 'closed cases', es: 'casos cerrados' };
    if (tally.den < fewest) return silent(tooFew(what, tally.den, fewest));
    if (tally.share <= mostShare) return nothing;
    return foundOne({
      segment: wholeCompany,
      subject: null,
      title: bench.speak({
        en: (w) =>
          `${w.share(tally.share)} of the closed cases have no category: ${tally.num} of ${tally.den}.`,
        es: (w) =>
          `El ${w.share(tally.share)} de los casos cerrados no tienen categoría: ${tally.num} de ${tally.den}.`,
      }),
      evidence: { without_category: tally.num, closed: tally.den, share: tally.share, measure: 'closed_at' },
      records: tally.records(),
      teams: tally.teams(),
      reach: tally.share,
    });
  },
};
