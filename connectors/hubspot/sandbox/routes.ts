import * as account from './account-routes.ts';
import * as links from './association-routes.ts';
import * as batch from './batch-routes.ts';
import * as campaigns from './campaign-routes.ts';
import * as emails from './email-routes.ts';
import * as limits from './limit-routes.ts';
import * as oauth from './oauth-routes.ts';
import * as objects from './object-routes.ts';
import * as owners from './owner-routes.ts';
import * as pipelines from './pipeline-routes.ts';
import * as groups from './property-group-routes.ts';
import * as properties from './property-routes.ts';
import { type Family, type Route, routesOf } from './router.ts';
import * as schemas from './schema-routes.ts';

/** Both path families: versions of each area, then the dated ones. */
const at = {
  account: ['/account-info/v3', '/account-info/:dated'],
  associations: ['/crm/v4/associations', '/crm/associations/v4', '/crm/associations/:dated'],
  campaigns: ['/marketing/v3/campaigns', '/marketing/campaigns/:dated'],
  currencies: ['/settings/v3/currencies', '/settings/currencies/:dated'],
  emails: ['/marketing/v3/emails', '/marketing/emails/:dated'],
  limits: ['/crm/v3/limits', '/crm/limits/:dated'],
  oauth: ['/oauth/v1', '/oauth/v3', '/oauth/:dated'],
  objects: ['/crm/v3/objects', '/crm/objects/:dated'],
  objectsV4: ['/crm/v4/objects', '/crm/objects/v4', '/crm/objects/:dated'],
  owners: ['/crm/v3/owners', '/crm/owners/:dated'],
  pipelines: ['/crm/v3/pipelines', '/crm/pipelines/:dated'],
  properties: ['/crm/v3/properties', '/crm/properties/:dated'],
  schemas: ['/crm-object-schemas/v3/schemas', '/crm/v3/schemas', '/crm-object-schemas/:dated/schemas'],
  teams: ['/settings/v3/users/teams', '/settings/users/:dated/teams'],
} satisfies Record<string, Family>;

const open = { bucket: 'open' } as const;
const search = { bucket: 'search' } as const;
const exempt = { bucket: 'exempt' } as const;
/** In the specification of 2026-03, not in that of 2026-09. */
const untilMarch = { dated: ['2026-03'] } as const;

const oauthRoutes: readonly Route[] = [
  ...routesOf(['/oauth'], ['GET', '/authorize', oauth.authorize], open),
  ...routesOf(at.oauth, ['POST', '/token', oauth.issueToken], open),
  ...routesOf(at.oauth, ['POST', '/token/introspect', oauth.introspectToken], open),
  ...routesOf(at.oauth, ['POST', '/token/revoke', oauth.revokeToken], open),
  ...routesOf(
    ['/oauth/v2/private-apps'],
    ['POST', '/get/access-token-info', oauth.describePrivateToken],
    open,
  ),
  ...routesOf(['/oauth/v1'], ['GET', '/access-tokens/:token', oauth.describeAccessToken], open),
  ...routesOf(['/oauth/v1'], ['GET', '/refresh-tokens/:token', oauth.describeRefreshToken], open),
  ...routesOf(['/oauth/v1'], ['DELETE', '/refresh-tokens/:token', oauth.deleteRefreshToken], open),
];

const objectRoutes: readonly Route[] = [
  ...routesOf(at.objects, ['POST', '/:type/search', objects.searchObjects], search),
  ...routesOf(at.objects, ['POST', '/:type/batch/read', batch.readBatch]),
  ...routesOf(at.objects, ['POST', '/:type/batch/create', batch.createBatch]),
  ...routesOf(at.objects, ['POST', '/:type/batch/update', batch.updateBatch]),
  // goal_targets have lost their upsert in 2026-09.
  ...routesOf(at.objects, ['POST', '/goal_targets/batch/upsert', upsertGoals], untilMarch),
  ...routesOf(at.objects, ['POST', '/(?!goal_targets/):type/batch/upsert', batch.upsertBatch]),
  ...routesOf(at.objects, ['POST', '/:type/batch/archive', batch.archiveBatch]),
  ...routesOf(at.objects, ['POST', '/:type/merge', objects.mergeOne]),
  ...routesOf(at.objects, ['POST', '/:type/gdpr-delete', objects.gdprDelete]),
  ...routesOf(at.objects, ['GET', '/:type', objects.listRecords]),
  ...routesOf(at.objects, ['POST', '/:type', objects.createOne]),
  ...routesOf(at.objects, ['GET', '/:type/:id', objects.getRecord]),
  ...routesOf(at.objects, ['PATCH', '/:type/:id', objects.updateOne]),
  ...routesOf(at.objects, ['DELETE', '/:type/:id', objects.archiveOne]),
];

function upsertGoals(call: Parameters<typeof batch.upsertBatch>[0]) {
  return batch.upsertBatch({ ...call, params: { type: 'goal_targets' } });
}

const linkRoutes: readonly Route[] = [
  ...routesOf(at.associations, ['POST', '/:from/:to/batch/read', links.readLinks], exempt),
  ...routesOf(at.associations, ['POST', '/:from/:to/batch/create', links.createLinks], exempt),
  ...routesOf(at.associations, ['POST', '/:from/:to/batch/associate/default', links.createLinks], exempt),
  ...routesOf(at.associations, ['POST', '/:from/:to/batch/archive', links.archiveLinks], exempt),
  ...routesOf(at.associations, ['GET', '/:from/:to/labels', links.listLabels]),
  ...routesOf(at.associations, ['POST', '/:from/:to/labels', links.createLabel]),
  ...routesOf(at.objectsV4, ['GET', '/:from/:id/associations/:to', links.listLinks], untilMarch),
  ...routesOf(at.objectsV4, ['PUT', '/:from/:id/associations/default/:to/:toId', links.putDefaultLink]),
  ...routesOf(at.objectsV4, ['PUT', '/:from/:id/associations/:to/:toId', links.putLink]),
  ...routesOf(at.objectsV4, ['DELETE', '/:from/:id/associations/:to/:toId', links.deleteLink]),
];

const definitionRoutes: readonly Route[] = [
  ...routesOf(at.properties, ['GET', '/:type', properties.listProperties]),
  ...routesOf(at.properties, ['POST', '/:type', properties.createProperty]),
  ...routesOf(at.properties, ['POST', '/:type/batch/create', properties.createPropertyBatch]),
  ...routesOf(at.properties, ['POST', '/:type/batch/read', properties.readPropertyBatch]),
  ...routesOf(at.properties, ['POST', '/:type/batch/archive', properties.archivePropertyBatch]),
  ...routesOf(at.properties, ['GET', '/:type/groups', groups.listGroups]),
  ...routesOf(at.properties, ['POST', '/:type/groups', groups.createGroup]),
  ...routesOf(at.properties, ['GET', '/:type/groups/:name', groups.getGroup]),
  ...routesOf(at.properties, ['PATCH', '/:type/groups/:name', groups.changeGroup]),
  ...routesOf(at.properties, ['DELETE', '/:type/groups/:name', groups.deleteGroup]),
  ...routesOf(at.properties, ['GET', '/:type/:name', properties.getProperty]),
  ...routesOf(at.properties, ['PATCH', '/:type/:name', properties.changeProperty]),
  ...routesOf(at.properties, ['DELETE', '/:type/:name', properties.archiveProperty]),
  ...routesOf(at.schemas, ['GET', '', schemas.listSchemas]),
  ...routesOf(at.schemas, ['POST', '', schemas.createSchema]),
  ...routesOf(at.schemas, ['GET', '/:type', schemas.getSchema]),
  ...routesOf(at.schemas, ['PATCH', '/:type', schemas.changeSchema]),
  ...routesOf(at.schemas, ['DELETE', '/:type', schemas.deleteSchema]),
  ...routesOf(at.schemas, ['POST', '/:type/associations', schemas.createSchemaAssociation]),
  ...routesOf(at.pipelines, ['GET', '/:type', pipelines.listPipelines]),
  ...routesOf(at.pipelines, ['GET', '/:type/:pipeline', pipelines.getPipeline]),
  ...routesOf(at.pipelines, ['GET', '/:type/:pipeline/audit', pipelines.auditPipeline]),
  ...routesOf(at.pipelines, ['GET', '/:type/:pipeline/stages', pipelines.listStages]),
  ...routesOf(at.pipelines, ['GET', '/:type/:pipeline/stages/:stage', pipelines.getStage]),
];

const accountRoutes: readonly Route[] = [
  ...routesOf(at.account, ['GET', '/details', account.accountDetails]),
  ...routesOf(at.account, ['GET', '/api-usage/daily', account.dailyUsage]),
  ...routesOf(at.account, ['GET', '/api-usage/daily/private-apps', account.dailyUsage]),
  ...routesOf(at.currencies, ['GET', '/company-currency', account.companyCurrency]),
  ...routesOf(at.currencies, ['GET', '/exchange-rates', account.exchangeRates]),
  ...routesOf(at.currencies, ['GET', '/exchange-rates/current', account.currentRates]),
  ...routesOf(['/calling/v1'], ['GET', '/dispositions', account.listDispositions]),
  ...routesOf(at.teams, ['GET', '', owners.listTeams]),
  ...routesOf(at.owners, ['GET', '', owners.listOwners]),
  ...routesOf(at.owners, ['GET', '/:id', owners.getOwner]),
  ...routesOf(at.limits, ['GET', '/records', limits.recordLimits]),
  ...routesOf(at.limits, ['GET', '/custom-properties', limits.propertyLimits]),
  ...routesOf(at.limits, ['GET', '/custom-object-types', limits.typeLimits]),
];

const marketingRoutes: readonly Route[] = [
  ...routesOf(at.emails, ['GET', '', emails.listEmails]),
  ...routesOf(at.emails, ['GET', '/statistics/list', emails.emailStatistics]),
  ...routesOf(at.emails, ['GET', '/statistics/histogram', emails.emailHistogram]),
  ...routesOf(at.emails, ['GET', '/:id', emails.getEmail]),
  ...routesOf(at.campaigns, ['GET', '', campaigns.listCampaigns]),
  ...routesOf(at.campaigns, ['POST', '/batch/read', campaigns.readCampaignBatch]),
  ...routesOf(at.campaigns, ['GET', '/:id', campaigns.getCampaign]),
  ...routesOf(at.campaigns, ['GET', '/:id/reports/metrics', campaigns.campaignMetrics]),
  ...routesOf(at.campaigns, ['GET', '/:id/reports/revenue', campaigns.campaignRevenue]),
  ...routesOf(at.campaigns, ['GET', '/:id/budget/totals', campaigns.campaignBudget]),
  ...routesOf(at.campaigns, ['GET', '/:id/assets/:assetType', campaigns.campaignAssets]),
];

/** The first match wins. */
export const routes: readonly Route[] = [
  ...oauthRoutes,
  ...linkRoutes,
  ...objectRoutes,
  ...definitionRoutes,
  ...accountRoutes,
  ...marketingRoutes,
];
