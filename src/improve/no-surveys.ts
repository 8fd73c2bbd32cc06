import { type Bench, dayMs } from './bench.ts';
import { type Detector, type Found, foundOne, nothing, silent, tooFew, wholeCompany } from './detector.ts';
import { caseOf, createTally, numberOf } from './tally.ts';

const leastShare = 0.5;
const ripeDays = 14;
const fewest = 20;

const sql = `
  select t.source_id, t.id, t.owner_id, t.last_closed_at, s.ticket_id
  from ticket t
  left join (
    select distinct ticket_id from survey_answer
    where ticket_id is not null and audience is distinct from 'user' and coalesce(sent_at, answered_at, 0) < :as_of
  ) s on s.ticket_id = t.id
  where t.is_closed = 1 and t.last_closed_at >= :from and t.last_closed_at < :as_of - ${ripeDays * dayMs}`;

const unlinked = {
  en: 'The surveys that are read do not say which case they are about.',
  es: 'Las encuestas que se leen no dicen de qué caso tratan.',
};

/** No survey at all is no lack of a link. */
async function namesCases(bench: Bench): Promise<boolean> {
  let [all, linked] = [0, 0];
  await bench.each(
    "select count(*), count(ticket_id) from survey_answer where audience is distinct from 'user' and coalesce(sent_at, answered_at, 0) < :as_of",
    ([answers, withCase]) => {
      [all, linked] = [Number(answers), Number(withCase)];
    },
  );
  return all === 0 || linked > 0;
}

export const noSurveys: Detector = {
  id: 'no_surveys',
  kind: 'underuse',
  effort: 'M',
  kpis: ['survey_response_rate', 'csat', 'nps'],
  reading: { of: 'ticket', columns: ['ticket.is_closed', 'ticket.last_closed_at'] },
  rule: {
    en: 'Less than half of the cases closed 14 to 180 days ago were followed by a survey (20 cases at least).',
    es: 'Menos de la mitad de los casos cerrados hace entre 14 y 180 días tuvieron encuesta (al menos 20 casos).',
  },
  async find(bench): Promise<Found> {
    const surveys = bench.delivering('survey_answer');
    if (surveys.length === 0)
      return silent({ en: 'No connection delivers surveys.', es: 'Ninguna conexión entrega encuestas.' });
    const linking = surveys.filter((source) => bench.columns.told(source, 'survey_answer.ticket_id'));
    if (linking.length < surveys.length || !(await namesCases(bench))) return silent(unlinked);
    const tally = createTally(bench, 'ticket');
    await bench.each(sql, (row) => tally.add(caseOf(row, row[4] === null, numberOf(row[3]))));
    const what = { en: 'closed cases', es: 'casos cerrados' };
    if (tally.den < fewest) return silent(tooFew(what, tally.den, fewest));
    const surveyed = tally.den - tally.num;
    if (surveyed / tally.den >= leastShare) return nothing;
    return foundOne({
      segment: wholeCompany,
      subject: null,
      title: bench.speak({
        en: (w) =>
          `Customers are seldom asked: a survey after ${w.share(surveyed / tally.den)} of the closed cases (${surveyed} of ${tally.den}).`,
        es: (w) =>
          `Apenas se pregunta a los clientes: encuesta tras el ${w.share(surveyed / tally.den)} de los casos cerrados (${surveyed} de ${tally.den}).`,
      }),
      evidence: { surveyed, closed: tally.den, share: surveyed / tally.den, measure: 'closed_at' },
      records: tally.records(),
      teams: tally.teams(),
      reach: tally.share,
    });
  },
};
