import type { Connector } from '../../src/model/connector.ts';
import { openConnection } from './connection.ts';
import { salesforcePolicy } from './limits.ts';
import { objectGroups } from './object-spec.ts';
import { type SalesforceSettings, salesforceSettings } from './settings.ts';

export const salesforce = {
  id: 'salesforce',
  title: 'Salesforce',
  settings: salesforceSettings,
  objects: objectGroups,
  policy: salesforcePolicy,
  open: openConnection,
} satisfies Connector<SalesforceSettings>;
