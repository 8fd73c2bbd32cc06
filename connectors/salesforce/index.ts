import type { Connector } from '../../src/model/connector.ts';
import { openConnection } from './connection.ts';
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
  open: (context) => openConnection(context),
  signIn,
} satisfies Connector<SalesforceSettings>;
