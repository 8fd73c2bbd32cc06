import type { Connector } from '../../src/model/connector.ts';
import { salesforcePolicy } from './limits.ts';
import { objectGroups } from './object-spec.ts';
import { type SalesforceSettings, salesforceSettings } from './settings.ts';
import { signIn } from './sign-in.ts';

export const salesforce = {
  id: 'salesforce',
  title: 'Salesforce',
  settings: salesforceSettings,
  objects: objectGroups,
  tells: ['timeZone', 'currency', 'fiscalYear', 'calendar', 'businessHours'],
  policy: salesforcePolicy,
  // Settings are checked far more often than a connection is opened.
  open: async (context) => (await import('./connection.ts')).openConnection(context),
  spanish: async () => (await import('./spanish.ts')).phrases,
  signIn,
} satisfies Connector<SalesforceSettings>;
