import type { GroupName } from './catalog.ts';

interface ScopeUse {
  /** Any of these is enough. */
  readonly scopes: readonly string[];
  /** What is not there without it. */
  readonly lacks: string;
  /** Asked for only where one of these groups is read; absent: always. */
  readonly groups?: readonly GroupName[];
}

/** In the order in which an admin would add them: what most figures stand on comes first. */
const reading: readonly ScopeUse[] = [
  { scopes: ['crm.objects.owners.read'], lacks: 'no figures by person or team' },
  { scopes: ['crm.objects.companies.read'], lacks: 'no customers' },
  { scopes: ['crm.objects.deals.read'], lacks: 'no sales figures', groups: ['deals'] },
  {
    scopes: ['crm.objects.contacts.read'],
    lacks: 'no calls, meetings, tasks, and no contacts as leads',
    groups: ['activities', 'leads', 'surveys'],
  },
  { scopes: ['sales-email-read'], lacks: "no sellers' e-mails among the activities", groups: ['activities'] },
  { scopes: ['tickets'], lacks: 'no service figures', groups: ['tickets'] },
  { scopes: ['crm.objects.leads.read'], lacks: 'contacts are read as leads instead', groups: ['leads'] },
  {
    scopes: ['content', 'marketing.email.read'],
    lacks: 'no figures on marketing e-mails',
    groups: ['campaigns'],
  },
  { scopes: ['marketing.campaigns.read'], lacks: 'no campaigns', groups: ['campaigns'] },
  {
    scopes: ['marketing.campaigns.revenue.read'],
    lacks: 'no revenue that HubSpot attributes to campaigns',
    groups: ['campaigns'],
  },
  {
    scopes: ['crm.objects.feedback_submissions.read'],
    lacks: 'no answers to surveys',
    groups: ['surveys'],
  },
  { scopes: ['crm.objects.goals.read'], lacks: 'no quotas from HubSpot', groups: ['deals'] },
  { scopes: ['settings.currencies.read'], lacks: 'no exchange rates from HubSpot', groups: ['deals'] },
];

export interface LackingScope {
  readonly scope: string;
  readonly lacks: string | null;
}

/** Scopes that reading these objects wants and the token was not granted. */
export function lackingScopes(
  objects: readonly string[],
  granted: readonly string[],
): readonly LackingScope[] {
  const held = new Set(granted);
  return reading
    .filter(({ groups }) => !groups || groups.some((group) => objects.includes(group)))
    .filter(({ scopes }) => !scopes.some((scope) => held.has(scope)))
    .map(({ scopes, lacks }) => ({ scope: scopes.at(-1) ?? '', lacks }));
}

/** What is not there without a scope; null: not one that reading asks for. */
export function lackOf(scope: string): string | null {
  return reading.find(({ scopes }) => scopes.includes(scope))?.lacks ?? null;
}

const writing = {
  custom_object: ['crm.schemas.custom.write', 'crm.objects.custom.write'],
  board: ['crm.schemas.companies.write', 'crm.objects.companies.write', 'crm.objects.contacts.write'],
} as const;

/** Scopes that writing results wants and the token was not granted. */
export function lackingToWrite(form: keyof typeof writing, granted: readonly string[]): readonly string[] {
  return writing[form].filter((scope) => !granted.includes(scope));
}
