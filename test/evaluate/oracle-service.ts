import { dayMs, hourMs, plusDays, type Span } from './oracle-clock.ts';
import { heldAt, type Item, lives, type Oracle, within } from './oracle-count.ts';
import { turnsOf } from './oracle-rows.ts';
import { type Answer, accounts, people, type Ticket, type World } from './oracle-world.ts';

const categoryOf = (account: string | null) => (account === null ? null : (accounts[account] ?? null));

const ticketIn = ({ account, priority, channel, category }: Ticket) => ({
  category: categoryOf(account),
  priority,
  channel,
  case_category: category,
});

/** A ticket by its owner at an instant. */
const ownAt = (ticket: Ticket, at: number) => ({
  at,
  owner: heldAt(ticket.owners, at),
  in: ticketIn(ticket),
});

/** Closed now, and last closed in the period. */
export function closedIn(world: World, span: Span) {
  return lives(world.tickets).flatMap((ticket) => {
    const { closed } = turnsOf(ticket);
    const at = closed.at(-1);
    const isClosed = ticket.statuses.at(-1)?.value === 'closed';
    return at !== undefined && isClosed && within(at, span) ? [{ ticket, at, own: ownAt(ticket, at) }] : [];
  });
}

const createdIn = (world: World, span: Span) =>
  lives(world.tickets).filter(({ createdAt }) => within(createdAt, span));

function openAt(world: World, { untilAt }: Span) {
  const at = untilAt - 1;
  return lives(world.tickets).flatMap((ticket) => {
    const status = heldAt(ticket.statuses, at);
    return status !== null && status !== 'closed' ? [{ ticket, own: ownAt(ticket, at) }] : [];
  });
}

/** Tickets by their first closing, once it has been observed for some days. */
function firstClosings(world: World, span: Span, days: number) {
  return lives(world.tickets).flatMap((ticket) => {
    const { closed, opened } = turnsOf(ticket);
    const at = closed[0];
    if (at === undefined || !within(at, span) || at + days * dayMs > world.asOf) return [];
    const again = opened.some((openedAt) => openedAt - at <= days * dayMs);
    return [{ ticket, again, own: ownAt(ticket, at) }];
  });
}

export function serviceOracles(world: World): Readonly<Record<string, Oracle>> {
  const closed = (span: Span) => closedIn(world, span);
  return {
    cases_created: {
      form: 'sum',
      itemsIn: (span) =>
        createdIn(world, span).map((ticket) => ({ ...ownAt(ticket, ticket.createdAt), num: 1 })),
    },
    complaints_created: {
      form: 'sum',
      itemsIn: (span) =>
        createdIn(world, span)
          .filter(({ category }) => category === 'complaint')
          .map((ticket) => ({ ...ownAt(ticket, ticket.createdAt), num: 1 })),
    },
    cases_closed: { form: 'sum', itemsIn: (span) => closed(span).map(({ own }) => ({ ...own, num: 1 })) },
    case_resolution_hours: {
      form: 'duration',
      itemsIn: (span) =>
        closed(span).map(({ ticket, at, own }) => ({ ...own, hours: (at - ticket.createdAt) / hourMs })),
    },
    kb_link_rate: {
      form: 'ratio',
      itemsIn: (span) =>
        closed(span).map(({ ticket: { articles }, own }) => ({
          ...own,
          num: articles === null ? null : Math.sign(articles),
          den: 1,
        })),
    },
    uncategorised_case_rate: {
      form: 'ratio',
      itemsIn: (span) =>
        closed(span).map(({ ticket: { category }, own }) => ({
          ...own,
          num: category === null || category === 'Other' ? 1 : 0,
          den: 1,
        })),
    },
    first_response_hours: { form: 'survival', itemsIn: (span) => firstResponses(world, span) },
    open_cases: {
      form: 'sum',
      itemsIn: (span) => openAt(world, span).map(({ own }) => ({ ...own, num: 1 })),
    },
    overdue_cases: {
      form: 'sum',
      itemsIn: (span) =>
        openAt(world, span)
          .filter(({ ticket: { dueAt } }) => dueAt !== null && dueAt < span.untilAt)
          .map(({ own }) => ({ ...own, num: 1 })),
    },
    case_load: {
      form: 'ratio',
      itemsIn: (span) => [
        ...people.map((owner) => ({ owner, at: span.untilAt - 1, num: 0, den: 1 })),
        ...openAt(world, span)
          .filter(({ own: { owner } }) => people.some((person) => person === owner))
          .map(({ own }) => ({ ...own, num: 1, den: 0 })),
      ],
    },
    sla_met_rate: { form: 'ratio', itemsIn: (span) => slaMet(world, span) },
    reopen_rate: {
      form: 'ratio',
      itemsIn: (span) =>
        firstClosings(world, span, 14).map(({ again, own }) => ({ ...own, num: again ? 1 : 0, den: 1 })),
    },
    fcr_rate: {
      form: 'ratio',
      itemsIn: (span) =>
        firstClosings(world, span, 7).map(({ ticket: { replies }, again, own }) => ({
          ...own,
          num: replies === null ? null : replies <= 1 && !again ? 1 : 0,
          den: 1,
        })),
    },
    csat: { form: 'ratio', itemsIn: (span) => satisfaction(world, span, 'customer') },
    crm_user_satisfaction: { form: 'ratio', itemsIn: (span) => satisfaction(world, span, 'user') },
    nps: {
      form: 'ratio',
      itemsIn: (span) =>
        answers(world)
          .filter(
            ({ kind, audience, answeredAt }) =>
              kind === 'nps' && audience === 'customer' && within(answeredAt, span),
          )
          .map((answer) => ({ ...answered(world, answer), num: pointsOf(answer.score), den: 1 })),
    },
    survey_response_rate: {
      form: 'ratio',
      itemsIn: (span) =>
        answers(world)
          .filter(
            ({ audience, sentAt }) =>
              audience === 'customer' && within(sentAt, span) && (sentAt ?? 0) + 14 * dayMs <= world.asOf,
          )
          .map((answer) => ({
            ...answered(world, answer),
            at: answer.sentAt ?? 0,
            num: answer.answeredAt !== null ? 1 : 0,
            den: 1,
          })),
    },
    overdue_task_rate: { form: 'ratio', itemsIn: (span) => overdueTasks(world, span) },
    manual_task_share: {
      form: 'ratio',
      itemsIn: (span) =>
        lives(world.activities)
          .filter(({ kind, createdAt }) => kind === 'task' && within(createdAt, span))
          .map(({ createdAt, owner, automated }) => ({ at: createdAt, owner, num: 1 - automated, den: 1 })),
    },
  };
}

/** Until the first reply, the last closing of what is closed without one, or now. */
function firstResponses(world: World, span: Span): readonly Item[] {
  return createdIn(world, span).map((ticket) => {
    const { createdAt, repliedAt, statuses } = ticket;
    const own = ownAt(ticket, createdAt);
    if (repliedAt !== null) return { ...own, hours: (repliedAt - createdAt) / hourMs };
    const closedAt = statuses.at(-1)?.value === 'closed' ? turnsOf(ticket).closed.at(-1) : undefined;
    return { ...own, hours: ((closedAt ?? world.asOf) - createdAt) / hourMs, goesOn: true };
  });
}

function slaMet(world: World, span: Span): readonly Item[] {
  return createdIn(world, span)
    .filter(({ dueAt }) => dueAt === null || dueAt < world.asOf)
    .map((ticket) => {
      const { dueAt, statuses, createdAt } = ticket;
      const closedAt = statuses.at(-1)?.value === 'closed' ? turnsOf(ticket).closed.at(-1) : undefined;
      const met = dueAt !== null && closedAt !== undefined && closedAt <= dueAt;
      return { ...ownAt(ticket, createdAt), num: dueAt === null ? null : met ? 1 : 0, den: 1 };
    });
}

const answers = (world: World) => lives(world.answers);

function answered(world: World, { answeredAt, owner, account, channel, ticket }: Answer) {
  const about = lives(world.tickets).find(({ id }) => id === ticket);
  const own = { category: categoryOf(account), channel, case_category: about?.category ?? null };
  return { at: answeredAt ?? 0, owner, in: own };
}

/** The last answer of each case; a score in the upper quarter of its scale is a satisfied one. */
function satisfaction(world: World, span: Span, audience: Answer['audience']): readonly Item[] {
  const all = answers(world).filter(
    (answer) => answer.kind === 'csat' && answer.audience === audience && answer.answeredAt !== null,
  );
  const latest = new Map<string, Answer>();
  for (const answer of all) {
    const key = audience === 'customer' && answer.ticket !== null ? answer.ticket : answer.id;
    const known = latest.get(key);
    if (!known || (answer.answeredAt ?? 0) > (known.answeredAt ?? 0)) latest.set(key, answer);
  }
  return [...latest.values()]
    .filter(({ answeredAt }) => within(answeredAt, span))
    .map((answer) => {
      const [lowest, highest] = answer.scale;
      const share = answer.score === null ? null : (answer.score - lowest) / (highest - lowest);
      return { ...answered(world, answer), num: share === null ? null : share >= 0.75 ? 1 : 0, den: 1 };
    });
}

function pointsOf(score: number | null): number | null {
  if (score === null) return null;
  if (score >= 9) return 100;
  return score <= 6 ? -100 : 0;
}

/** Tasks not done by the end of the period, with a due date; due on the last day that counts is not late. */
function overdueTasks(world: World, { untilAt, untilOn }: Span): readonly Item[] {
  return lives(world.activities)
    .filter(
      ({ kind, createdAt, doneAt, status, dueOn }) =>
        kind === 'task' &&
        createdAt < untilAt &&
        dueOn !== null &&
        status !== 'cancelled' &&
        (doneAt === null || doneAt >= untilAt),
    )
    .map(({ owner, dueOn }) => ({
      at: untilAt - 1,
      owner,
      num: (dueOn ?? '') < plusDays(untilOn, -1) ? 1 : 0,
      den: 1,
    }));
}
