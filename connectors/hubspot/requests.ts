/**
 * Requests as HubSpot's official client builds them: its paths, models and encoding. Only its request builders are
 * used: its limiter and retries are process-wide (a second portal would replace the first one's), it has no
 * time-out, and its models drop fields (`url`) and the status (200 or 207). Sending is client.ts's.
 */
export interface VendorRequest {
  getUrl(): string;
  getHttpMethod(): string;
  getHeaders(): Readonly<Record<string, string>>;
  getBody(): unknown;
}

export type Requests = Awaited<ReturnType<typeof loadRequests>>;

export async function loadRequests(baseUrl: string) {
  const [objects, associations, owners, pipelines, properties, schemas, emails] = await Promise.all([
    loadObjects(baseUrl),
    loadAssociations(baseUrl),
    loadOwners(baseUrl),
    loadPipelines(baseUrl),
    loadProperties(baseUrl),
    loadSchemas(baseUrl),
    loadEmails(baseUrl),
  ]);
  return { ...objects, associations, owners, pipelines, ...properties, schemas, emails };
}

async function loadObjects(baseUrl: string) {
  const root = await import('@hubspot/api-client/lib/codegen/crm/objects/index.js');
  const [basic, batch, search] = await Promise.all([
    import('@hubspot/api-client/lib/codegen/crm/objects/apis/BasicApi.js'),
    import('@hubspot/api-client/lib/codegen/crm/objects/apis/BatchApi.js'),
    import('@hubspot/api-client/lib/codegen/crm/objects/apis/SearchApi.js'),
  ]);
  const settings = root.createConfiguration({ baseServer: new root.ServerConfiguration(baseUrl, {}) });
  return {
    objects: new basic.BasicApiRequestFactory(settings),
    batch: new batch.BatchApiRequestFactory(settings),
    search: new search.SearchApiRequestFactory(settings),
  };
}

async function loadAssociations(baseUrl: string) {
  const root = await import('@hubspot/api-client/lib/codegen/crm/associations/v4/index.js');
  const api = await import('@hubspot/api-client/lib/codegen/crm/associations/v4/apis/BatchApi.js');
  const settings = root.createConfiguration({ baseServer: new root.ServerConfiguration(baseUrl, {}) });
  return new api.BatchApiRequestFactory(settings);
}

async function loadOwners(baseUrl: string) {
  const root = await import('@hubspot/api-client/lib/codegen/crm/owners/index.js');
  const api = await import('@hubspot/api-client/lib/codegen/crm/owners/apis/BasicApi.js');
  const settings = root.createConfiguration({ baseServer: new root.ServerConfiguration(baseUrl, {}) });
  return new api.BasicApiRequestFactory(settings);
}

async function loadPipelines(baseUrl: string) {
  const root = await import('@hubspot/api-client/lib/codegen/crm/pipelines/index.js');
  const api = await import('@hubspot/api-client/lib/codegen/crm/pipelines/apis/PipelinesApi.js');
  const settings = root.createConfiguration({ baseServer: new root.ServerConfiguration(baseUrl, {}) });
  return new api.PipelinesApiRequestFactory(settings);
}

async function loadProperties(baseUrl: string) {
  const root = await import('@hubspot/api-client/lib/codegen/crm/properties/index.js');
  const [core, batch, groups] = await Promise.all([
    import('@hubspot/api-client/lib/codegen/crm/properties/apis/CoreApi.js'),
    import('@hubspot/api-client/lib/codegen/crm/properties/apis/BatchApi.js'),
    import('@hubspot/api-client/lib/codegen/crm/properties/apis/GroupsApi.js'),
  ]);
  const settings = root.createConfiguration({ baseServer: new root.ServerConfiguration(baseUrl, {}) });
  return {
    properties: new core.CoreApiRequestFactory(settings),
    propertyBatch: new batch.BatchApiRequestFactory(settings),
    propertyGroups: new groups.GroupsApiRequestFactory(settings),
  };
}

async function loadSchemas(baseUrl: string) {
  const root = await import('@hubspot/api-client/lib/codegen/crm/schemas/index.js');
  const api = await import('@hubspot/api-client/lib/codegen/crm/schemas/apis/CoreApi.js');
  const settings = root.createConfiguration({ baseServer: new root.ServerConfiguration(baseUrl, {}) });
  return new api.CoreApiRequestFactory(settings);
}

async function loadEmails(baseUrl: string) {
  const root = await import('@hubspot/api-client/lib/codegen/marketing/emails/index.js');
  const api = await import('@hubspot/api-client/lib/codegen/marketing/emails/apis/BasicApi.js');
  const settings = root.createConfiguration({ baseServer: new root.ServerConfiguration(baseUrl, {}) });
  return new api.BasicApiRequestFactory(settings);
}

/** The client's models name their values by enums; the values themselves are the plain words of the documentation. */
export function asModel<T>(body: object): T {
  return body as T;
}
