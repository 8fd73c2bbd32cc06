import { createAutomatedEmails, readAutomatedDays } from './automated-emails.ts';
import { fetchCampaigns, readCampaigns } from './campaigns.ts';
import { alwaysWhole, type Draft } from './draft.ts';
import { estimateWhole } from './estimate.ts';
import { createFirstPage } from './first-page.ts';
import { fetchEmails, readEmails } from './marketing.ts';
import type { Session } from './session.ts';

export function marketingDrafts(session: Session, sinceMs: number | null): readonly Draft[] {
  return [campaignsDraft(session), ...emailDrafts(session, sinceMs)];
}

function campaignsDraft(session: Session): Draft {
  const first = createFirstPage(() => fetchCampaigns(session, { after: undefined }), session.now);
  return {
    ...alwaysWhole('marketing_campaigns', 'campaign', 'campaigns'),
    comparable: true,
    probe: first.ask,
    read: (since, { signal }) => readCampaigns(session, { first: first.take, since, signal }),
    count: async () => {
      const page = await fetchCampaigns(session, { after: undefined, limit: 1 });
      return { rows: page.total ?? page.results.length };
    },
    estimate: async () => estimateWhole((await first.ask()).total),
  };
}

function emailDrafts(session: Session, sinceMs: number | null): readonly Draft[] {
  const living = { stats: false, archived: false };
  const first = createFirstPage(() => fetchEmails(session, living, { after: undefined }), session.now);
  const automated = createAutomatedEmails(session, first.ask);
  return [
    {
      ...alwaysWhole('marketing_emails', 'email_stat', 'campaigns'),
      comparable: true,
      probe: first.ask,
      read: async function* (_, { signal }) {
        automated.begin();
        yield* readEmails(session, { first: first.take, signal, isTold: automated.isTold });
        automated.end();
      },
      count: async () => {
        const { total, results } = await fetchEmails(session, living, { after: undefined, limit: 1 });
        return { rows: total ?? results.length };
      },
      estimate: async () => estimateWhole((await first.ask()).total),
    },
    {
      ...alwaysWhole('automated_emails', 'email_stat', 'campaigns'),
      consequence: 'Automated e-mails then count on the day of their publication.',
      probe: automated.probe,
      read: (since, options) => readAutomatedDays(session, { emails: automated, since, sinceMs, options }),
      count: async () => ({ rows: 0 }),
      // One call for each of them and year.
      estimate: async () => ({ rows: 0, calls: (await automated.list(session.context.signal)).length }),
    },
  ];
}
