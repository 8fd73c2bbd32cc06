import { type Bench, dayMs } from './bench.ts';
import {
  type Detector,
  type Draft,
  type Found,
  foundOne,
  nothing,
  silent,
  tooFew,
  wholeCompany,
} from './detector.ts';
import { emptyCategories } from './no-category.ts';
import { caseOf, createTally, numberOf, type Tally } from './tally.ts';

const leastLinks = 0.1;
const leastShare = 0.05;
const fewest = 20;
const staleDays = 365;

const closedSql = `
  select source_id, id, owner_id, last_closed_at, article_count
  from ticket where is_closed = 1 and article_count is not null and last_closed_at >= :from and last_closed_at < :as_of`;

const notTold = {
  en: 'No connection tells which articles were linked to cases.',
  es: 'Ninguna conexión dice qué artículos se enlazaron a los casos.',
};

export const kbUnused: Detector = {
  id: 'kb_unused',
  kind: 'underuse',
  effort: 'M',
  kpis: ['kb_link_rate', 'case_resolution_hours', 'fcr_rate'],
  reading: { of: 'ticket', columns: ['ticket.article_count', 'ticket.is_closed', 'ticket.last_closed_at'] },
  rule: {
    en: 'Less than 10 % of the cases closed in 180 days have a linked knowledge article (20 cases at least).',
    es: 'Menos del 10 % de los casos cerrados en 180 días tienen un artículo de conocimiento enlazado (al menos 20 casos).',
  },
  async find(bench): Promise<Found> {
    const tally = createTally(bench, 'ticket');
    await bench.each(closedSql, (row) => tally.add(caseOf(row, Number(row[4]) === 0, numberOf(row[3]))));
    if (tally.den === 0) return silent(notTold);
    const what = { en: 'closed cases', es: 'casos cerrados' };
    if (tally.den < fewest) return silent(tooFew(what, tally.den, fewest));
    const linked = tally.den - tally.num;
    if (linked / tally.den >= leastLinks) return nothing;
    return foundOne({
      segment: wholeCompany,
      subject: null,
      title: bench.speak({
        en: (w) =>
          `The knowledge base is hardly used: an article in ${w.share(linked / tally.den)} of the closed cases (${linked} of ${tally.den}).`,
        es: (w) =>
          `La base de conocimiento apenas se usa: un artículo en el ${w.share(linked / tally.den)} de los casos cerrados (${linked} de ${tally.den}).`,
      }),
      evidence: { linked, closed: tally.den, share: linked / tally.den, measure: 'closed_at' },
      records: tally.records(),
      teams: tally.teams(),
      reach: tally.share,
    });
  },
};

const categorySql = `
  select source_id, id, owner_id, created_at, trim(category), coalesce(article_count, 0)
  from ticket where created_at >= :from and created_at < :as_of and category is not null`;

export const kbGap: Detector = {
  id: 'kb_gap',
  kind: 'underuse',
  effort: 'M',
  kpis: ['case_resolution_hours', 'fcr_rate', 'kb_link_rate', 'cases_created'],
  reading: { of: 'ticket', columns: ['ticket.category', 'ticket.article_count', 'article.category'] },
  rule: {
    en: 'A category with 5 % or more of the cases of 180 days has no knowledge article: none is filed under it, none is linked to any of its cases (20 cases at least).',
    es: 'Una categoría con el 5 % o más de los casos de 180 días no tiene artículo de conocimiento: ninguno está en ella ni enlazado a sus casos (al menos 20 casos).',
  },
  find: findGaps,
};

async function findGaps(bench: Bench): Promise<Found> {
  const covered = new Set<string>();
  await bench.each(
    'select distinct lower(trim(category)) from article where category is not null and coalesce(created_at, 0) < :as_of',
    ([category]) => covered.add(String(category)),
  );
  const categories = new Map<string, { readonly name: string; readonly tally: Tally }>();
  let all = 0;
  await bench.each(categorySql, (row) => {
    const key = String(row[4]).toLowerCase();
    all++;
    if (emptyCategories.includes(key)) return;
    if (Number(row[5]) > 0) covered.add(key);
    const category = categories.get(key) ?? { name: String(row[4]), tally: createTally(bench, 'ticket') };
    categories.set(key, category);
    category.tally.add(caseOf(row, true, numberOf(row[3])));
  });
  if (covered.size === 0)
    return silent({
      en: 'No connection delivers knowledge articles or their links to cases.',
      es: 'Ninguna conexión entrega artículos de conocimiento ni sus enlaces a los casos.',
    });
  if (all < fewest)
    return silent(tooFew({ en: 'cases with a category', es: 'casos con categoría' }, all, fewest));
  const drafts = [...categories]
    .filter(([key, { tally }]) => !covered.has(key) && tally.den / all >= leastShare)
    .map(([, { name, tally }]) => gapDraft(bench, { name, tally, all }));
  return { drafts, silences: [] };
}

interface Gap {
  readonly name: string;
  readonly tally: Tally;
  readonly all: number;
}

function gapDraft({ speak }: Bench, { name, tally, all }: Gap): Draft {
  const share = tally.den / all;
  return {
    segment: { kind: 'case_category', id: name, name, source: null },
    subject: null,
    title: speak({
      en: (w) => `No article for ${name}: ${tally.den} cases, ${w.share(share)} of all.`,
      es: (w) => `Sin artículos sobre ${name}: ${tally.den} casos, el ${w.share(share)} de todos.`,
    }),
    evidence: { cases: tally.den, all_cases: all, share, measure: 'created_at' },
    records: tally.records(),
    // Every case of the category lacks one: teams do not differ.
    teams: [],
    reach: share,
  };
}

const articleSql = `
  select source_id, id, null, coalesce(updated_at, published_at, created_at), views
  from article where coalesce(created_at, published_at, 0) < :as_of`;

export const kbStale: Detector = {
  id: 'kb_stale',
  kind: 'underuse',
  effort: 'S',
  kpis: ['kb_link_rate', 'fcr_rate', 'case_resolution_hours'],
  reading: { of: 'article', columns: ['article.views'] },
  rule: {
    en: 'A knowledge article that people view has not been changed for 365 days.',
    es: 'Un artículo de conocimiento que se consulta no se ha modificado en 365 días.',
  },
  async find(bench): Promise<Found> {
    const tally = createTally(bench, 'article');
    let viewed = 0;
    await bench.each(articleSql, (row) => {
      const [changedAt, views] = [numberOf(row[3]), Number(row[4] ?? 0)];
      const stale = changedAt !== null && bench.cutoff - changedAt > staleDays * dayMs;
      if (views > 0) viewed++;
      tally.add(caseOf(row, stale && views > 0, views));
    });
    if (tally.den === 0)
      return silent({
        en: 'No connection delivers knowledge articles.',
        es: 'Ninguna conexión entrega artículos de conocimiento.',
      });
    if (viewed === 0)
      return silent({
        en: 'No connection tells how often articles are viewed.',
        es: 'Ninguna conexión dice cuánto se consultan los artículos.',
      });
    if (tally.num === 0) return nothing;
    return foundOne({
      segment: wholeCompany,
      subject: null,
      title: bench.speak({
        en: (w) =>
          `${tally.num} of ${tally.den} articles (${w.share(tally.share)}) are read and have not been revised for a year.`,
        es: (w) =>
          `${tally.num} de ${tally.den} artículos (${w.share(tally.share)}) se leen y no se han revisado en un año.`,
      }),
      evidence: { stale: tally.num, articles: tally.den, viewed, share: tally.share, measure: 'views' },
      records: tally.records(),
      teams: [],
      reach: tally.share,
    });
  },
};
