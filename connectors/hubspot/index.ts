import type { Connector } from '../../src/model/connector.ts';
import { groupNames } from './catalog.ts';
import { hubspotPolicy } from './limits.ts';
import { type HubspotSettings, hubspotSettings } from './settings.ts';
import { signIn } from './sign-in.ts';

export const hubspot: Connector<HubspotSettings> = {
  id: 'hubspot',
  title: 'HubSpot',
  settings: hubspotSettings,
  objects: groupNames,
  policy: hubspotPolicy,
  // Settings are checked far more often than a connection is opened.
  open: async (context) => (await import('./connection.ts')).openHubspot(context),
  spanish: async () => (await import('./spanish.ts')).phrases,
  signIn,
};
