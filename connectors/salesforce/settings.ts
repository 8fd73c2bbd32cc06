import { z } from 'zod';

const secret = z.string().min(1);
const baseUrl = z
  .string()
  .refine(isSafeUrl, 'must be an https address (plain http only to this machine)')
  .transform((url) => url.replace(/\/+$/, ''));

const auth = z.discriminatedUnion('flow', [
  z.strictObject({ flow: z.literal('client_credentials'), clientId: secret, clientSecret: secret }),
  z.strictObject({
    flow: z.literal('jwt_bearer'),
    clientId: secret,
    username: secret,
    privateKeyFile: z.string().min(1),
    audience: z.string().optional(),
  }),
  z.strictObject({
    flow: z.literal('refresh_token'),
    clientId: secret,
    clientSecret: secret.optional(),
    refreshToken: secret,
  }),
  z.strictObject({
    flow: z.literal('password'),
    clientId: secret,
    clientSecret: secret.optional(),
    username: secret,
    password: secret,
  }),
  z.strictObject({ flow: z.literal('access_token'), instanceUrl: baseUrl, accessToken: secret }),
  z.strictObject({
    flow: z.literal('authorization_code'),
    clientId: secret,
    clientSecret: secret.optional(),
  }),
]);

export const salesforceSettings = z.strictObject({
  loginUrl: baseUrl.default('https://login.salesforce.com'),
  apiVersion: z
    .union([z.string().regex(/^\d{2,3}\.0$/, 'must look like "66.0"'), z.number().int().min(20)])
    .transform((version) => (typeof version === 'number' ? `${version}.0` : version))
    .default('66.0'),
  auth,
  objectName: z
    .string()
    .regex(/^[A-Za-z]\w*__c$/, 'must be the API name of a custom object, as KPI_Result__c')
    .default('KPI_Result__c'),
});

export type SalesforceSettings = z.output<typeof salesforceSettings>;
export type AuthSettings = SalesforceSettings['auth'];

/** A token must not travel in the clear, except to a sandbox on this machine. */
export function isSafeUrl(text: string): boolean {
  const url = URL.parse(text);
  if (!url) return false;
  if (url.protocol === 'https:') return true;
  return url.protocol === 'http:' && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
}
