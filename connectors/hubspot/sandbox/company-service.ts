import type { Company } from '../../../src/sandbox/company.ts';
import { plain } from './company-sales.ts';
import {
  addPick,
  ids,
  linkAll,
  type Part,
  seedRecords,
  toHistory,
  toIsoOrNull,
  typeOf,
} from './company-seed.ts';
import type { Contents, Portal } from './portal.ts';
import { toIso } from './read-value.ts';

const stages = { new: '1', waiting: '2', working: '3', closed: '4' } as const;
const channels = { email: 'EMAIL', phone: 'PHONE', web: 'FORM', chat: 'CHAT' } as const;

export function seedService(portal: Portal, company: Company): void {
  seedTickets(portal, company);
  seedSurveys(portal, company);
}

function seedTickets(portal: Portal, { cases }: Company): void {
  const type = typeOf(portal, 'tickets');
  const categories = cases.flatMap(({ category }) => category ?? []);
  if (categories.length > 0) {
    const { label = 'Category', groupName } = type.properties.get('hs_ticket_category') ?? {};
    addPick(portal, type, { name: 'hs_ticket_category', label, values: categories });
    const own = type.properties.get('hs_ticket_category');
    if (own && groupName) type.properties.set(own.name, { ...own, hubspotDefined: true });
  }
  seedRecords(type, {
    items: cases,
    id: ({ id }) => ids.ticket(id),
    createdAt: ({ createdAt }) => createdAt,
    updatedAt: ({ modifiedAt }) => modifiedAt,
    contents: ticketContents,
  });
  linkAll(portal, { from: 'tickets', to: 'companies' }, cases, ({ id, account }) => [
    ids.ticket(id),
    ids.company(account),
  ]);
  linkAll(portal, { from: 'tickets', to: 'contacts' }, cases, ({ id, contact }) => [
    ids.ticket(id),
    ids.contact(contact),
  ]);
}

function ticketContents(ticket: Part<'cases'>): Contents {
  return {
    values: {
      subject: ticket.subject,
      hs_pipeline: '0',
      hs_pipeline_stage: stages[ticket.status],
      hs_ticket_priority: ticket.priority.toUpperCase(),
      hs_ticket_category: ticket.category,
      source_type: channels[ticket.channel],
      hubspot_owner_id: `${ids.owner(ticket.owner)}`,
      closed_date: toIsoOrNull(ticket.closedAt),
      first_agent_reply_date: toIsoOrNull(ticket.firstReplyAt),
      last_reply_date: toIsoOrNull(ticket.firstReplyAt),
      hs_time_to_close_sla_at: toIsoOrNull(ticket.dueAt),
      hs_ticket_reopened_at: toIsoOrNull(reopenedAt(ticket)),
    },
    // Made when asked for: a search looks at values only.
    get histories() {
      return {
        hs_pipeline_stage: toHistory(ticket.history, ({ status }) => stages[status]),
        hubspot_owner_id: toHistory(ticket.history, ({ owner }) => `${ids.owner(owner)}`),
        closed_date: toHistory(ticket.history, ({ status, at }) => (status === 'closed' ? toIso(at) : null)),
      };
    },
    since: ticket.createdAt,
  };
}

function reopenedAt({ history }: Part<'cases'>): number | null {
  const index = history.findLastIndex(
    (step, at) => step.status !== 'closed' && history[at - 1]?.status === 'closed',
  );
  return history[index]?.at ?? null;
}

/** Only answers become submissions. */
function seedSurveys(portal: Portal, { surveys }: Company): void {
  const answered = surveys.flatMap((survey) =>
    survey.answeredAt === null ? [] : [{ ...survey, answeredAt: survey.answeredAt }],
  );
  seedRecords(typeOf(portal, 'feedback_submissions'), {
    items: answered,
    id: ({ id }) => ids.feedback(id),
    createdAt: ({ answeredAt }) => answeredAt,
    updatedAt: ({ answeredAt }) => answeredAt,
    contents: ({ answeredAt, score, comment }) =>
      plain(answeredAt, {
        hs_survey_type: 'CSAT',
        hs_survey_name: 'After closure',
        hs_survey_channel: 'EMAIL',
        hs_value: score === null ? null : `${score}`,
        hs_sentiment: score === null ? null : score >= 4 ? 'Positive' : score === 3 ? 'Neutral' : 'Negative',
        hs_content: comment,
        hs_submission_timestamp: toIso(answeredAt),
      }),
  });
  linkAll(portal, { from: 'feedback_submissions', to: 'tickets' }, answered, (survey) => [
    ids.feedback(survey.id),
    ids.ticket(survey.case),
  ]);
  linkAll(portal, { from: 'feedback_submissions', to: 'contacts' }, answered, (survey) => [
    ids.feedback(survey.id),
    ids.contact(survey.contact),
  ]);
}
