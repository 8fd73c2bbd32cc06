import { z } from 'zod';

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]']);

const secret = z.string().min(1);

const baseUrl = z
  .url({ protocol: /^https?$/ })
  .refine((text) => isSafeUrl(text), 'must be https; plain http is for loopback addresses only')
  .transform((text) => text.replace(/\/+$/, ''));

/** HubSpot's own part of a connection's settings. */
export const hubspotSettings = z.strictObject({
  baseUrl: baseUrl.default('https://api.hubapi.com').describe('Address of the API'),
  auth: z.discriminatedUnion('flow', [
    z.strictObject({
      flow: z.literal('private_app'),
      accessToken: secret.describe('Token of a service key or of a private app'),
    }),
    z.strictObject({
      flow: z.literal('refresh_token'),
      clientId: secret,
      clientSecret: secret,
      refreshToken: secret,
    }),
    z.strictObject({
      flow: z.literal('authorization_code'),
      clientId: secret,
      clientSecret: secret,
      scopes: z
        .array(z.string().min(1))
        .default(['oauth'])
        .describe('Scopes that the app requires, exactly as its Auth page lists them'),
    }),
  ]),
  resultsIn: z
    .enum(['auto', 'custom_object', 'board'])
    .default('auto')
    .describe('Where results are written: the custom object kpi_result, or one company with notes'),
});

export type HubspotSettings = z.output<typeof hubspotSettings>;

function isSafeUrl(text: string): boolean {
  const url = URL.parse(text);
  if (!url) return false;
  return url.protocol === 'https:' || loopbackNames.has(url.hostname);
}
