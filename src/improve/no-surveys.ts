import { dayMs } from './bench.ts';
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

export const noSurveys: Detector = {
  id: 'no_surveys',
  kind: 'underuse',
  effort: 'M',
  kpis: ['survey_response_rate', 'csat', 'nps'],
  rule: {
    en: 'Less than half of the cases closed 14 to 180 days ago were followed by a survey (20 cases at least).',
    es: 'Menos de la mitad de los casos cerrados hace entre 14 y 180 días tuvieron encuesta (al menos 20 casos).',
  },
  async find(bench): Promise<Found> {
    if (bench.delivering('survey_answer').length === 0)
      return silent({ en: 'No connection delivers surveys.', es: 'Ninguna conexión entrega encuestas.' });
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
