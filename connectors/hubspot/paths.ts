/**
 * The version of the API that every request uses. `v3` is what the official client builds; a dated version
 * (`2026-03`, `2026-09`) moves every path as HubSpot's date-based versioning does.
 */
export const apiVersion: 'v3' | `${number}-${number}` = 'v3';

/** Path families: as the client builds them, and with the version as a date. */
const families = [
  ['/crm/v3/objects', '/crm/objects/{date}'],
  ['/crm/v4/objects', '/crm/objects/{date}'],
  ['/crm/v4/associations', '/crm/associations/{date}'],
  ['/crm/v3/properties', '/crm/properties/{date}'],
  ['/crm/v3/pipelines', '/crm/pipelines/{date}'],
  ['/crm/v3/owners', '/crm/owners/{date}'],
  ['/crm/v3/limits', '/crm/limits/{date}'],
  ['/crm-object-schemas/v3/schemas', '/crm-object-schemas/{date}/schemas'],
  ['/marketing/v3/emails', '/marketing/emails/{date}'],
  ['/marketing/v3/campaigns', '/marketing/campaigns/{date}'],
  ['/account-info/v3', '/account-info/{date}'],
  ['/settings/v3/currencies', '/settings/currencies/{date}'],
] as const;

/** Calls that the official client has no method for. */
export const rawPaths = {
  account: '/account-info/v3/details',
  dailyUse: '/account-info/v3/api-usage/daily/private-apps',
  campaigns: '/marketing/v3/campaigns',
  emails: '/marketing/v3/emails',
  exchangeRates: '/settings/v3/currencies/exchange-rates',
  customObjectLimit: '/crm/v3/limits/custom-object-types',
  customPropertyLimit: '/crm/v3/limits/custom-properties',
} as const;

/** Newest first; `/oauth/v1` stops on 16 February 2027 (changelog "v1 OAuth API Deprecation"). */
export const tokenPaths = ['/oauth/2026-09/token', '/oauth/v3/token', '/oauth/v1/token'] as const;

/** Tells what a private app's token or a service key was granted (developer documentation, "Private apps"). */
export const privateTokenPath = '/oauth/v2/private-apps/get/access-token-info';

/** The path of a request in the wanted version. */
export function versionedPath(path: string, version: string = apiVersion): string {
  if (version === 'v3') return path;
  for (const [family, dated] of families) {
    if (path === family || path.startsWith(`${family}/`)) {
      return dated.replace('{date}', version) + path.slice(family.length);
    }
  }
  return path;
}
