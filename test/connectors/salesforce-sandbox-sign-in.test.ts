import { createHash, createSign, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SalesforceSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import {
  type Client,
  clientOf,
  now,
  requestToken,
  send,
  signIn,
  start,
} from './salesforce-sandbox-client.ts';

let sandbox: SalesforceSandbox;
let client: Client;
beforeAll(async () => {
  sandbox = await start();
  client = await signIn(sandbox);
});
afterAll(() => sandbox[Symbol.asyncDispose]());

describe('sign-in', () => {
  it('gives a token, the instance and no lifetime for client credentials', async () => {
    const { status, body } = await requestToken(sandbox, {
      grant_type: 'client_credentials',
      ...clientOf(sandbox),
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ instance_url: sandbox.url, token_type: 'Bearer' });
    expect(body.access_token).toMatch(/^00D.{12}!/);
    expect(body.id).toMatch(/\/id\/00D\w{15}\/005\w{15}$/);
    expect(body).not.toHaveProperty('expires_in');
    expect(body).not.toHaveProperty('refresh_token');
  });

  it('refuses a wrong key, secret, grant and password with the error of each', async () => {
    const good = clientOf(sandbox);
    const refusal = async (form: Record<string, string>) => {
      const { status, body } = await requestToken(sandbox, form);
      return [status, body.error];
    };
    const grant = { grant_type: 'client_credentials' };
    expect(await refusal({ ...grant, ...good, client_id: 'x' })).toEqual([400, 'invalid_client_id']);
    expect(await refusal({ ...grant, ...good, client_secret: 'x' })).toEqual([400, 'invalid_client']);
    expect(await refusal({ ...good, grant_type: 'device' })).toEqual([400, 'unsupported_grant_type']);
    const login = { ...good, grant_type: 'password', username: 'integration@sandbox.example', password: 'x' };
    expect(await refusal(login)).toEqual([400, 'invalid_grant']);
  });

  it('accepts an assertion signed with a registered key and refuses a wrong audience', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    sandbox.registerPublicKey(publicKey.export({ type: 'spki', format: 'pem' }).toString());
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const ask = (aud: string) => {
      const claims = {
        iss: sandbox.auth.clientId,
        sub: 'integration@sandbox.example',
        aud,
        exp: now / 1000 + 120,
      };
      const signed = `${encode({ alg: 'RS256' })}.${encode(claims)}`;
      const signature = createSign('RSA-SHA256').update(signed).sign(privateKey).toString('base64url');
      const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
      return requestToken(sandbox, { grant_type, assertion: `${signed}.${signature}` });
    };
    expect((await ask(sandbox.url)).status).toBe(200);
    const wrong = await ask('https://elsewhere.example');
    expect(wrong.body).toEqual({ error: 'invalid_grant', error_description: 'Audience validation failed' });
  });

  it('runs the browser flow with PKCE once per code, and rotates refresh tokens when told to', async () => {
    const verifier = 'v'.repeat(64);
    const redirect_uri = 'http://127.0.0.1:1717/callback';
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: clientOf(sandbox).client_id,
      redirect_uri,
      scope: 'api refresh_token',
      state: 's-1',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
    const back = await send(`${sandbox.url}/services/oauth2/authorize?${query}`);
    expect(back.status).toBe(302);
    const target = new URL(back.headers.get('location') ?? '');
    expect(target.searchParams.get('state')).toBe('s-1');
    const exchange = {
      grant_type: 'authorization_code',
      code: target.searchParams.get('code') ?? '',
      redirect_uri,
      code_verifier: verifier,
      client_id: clientOf(sandbox).client_id,
    };
    const tokens = (await requestToken(sandbox, exchange)).body;
    expect((await requestToken(sandbox, exchange)).body.error).toBe('invalid_grant');
    const refresh = {
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token,
      client_id: exchange.client_id,
    };
    expect((await requestToken(sandbox, refresh)).body).not.toHaveProperty('refresh_token');
    sandbox.rotateRefreshTokens();
    const rotated = (await requestToken(sandbox, refresh)).body;
    expect(rotated.refresh_token).not.toBe(tokens.refresh_token);
    const used = await requestToken(sandbox, refresh);
    expect(used.body.error_description).toBe('expired access/refresh token');
    client = await signIn(sandbox);
  });

  it('answers an unknown token with 401 and an array', async () => {
    const answer = await send(`${sandbox.url}/services/data/v66.0/sobjects`, {
      headers: { authorization: 'Bearer x' },
    });
    expect(answer.status).toBe(401);
    expect(answer.body).toEqual([{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }]);
  });

  it('lists versions up to 68.0 and tells retired from unknown ones', async () => {
    const { body } = await send(`${sandbox.url}/services/data/`);
    expect(body.at(-1)).toMatchObject({ version: '68.0', url: '/services/data/v68.0' });
    expect((await client.call('GET', '/services/data/v30.0/sobjects')).status).toBe(410);
    expect((await client.call('GET', '/services/data/v69.0/sobjects')).status).toBe(404);
  });
});
