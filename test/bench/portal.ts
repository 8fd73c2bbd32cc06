// A HubSpot portal without limits of its own, in a process of its own: node portal.ts DEALS.
import { startSandbox } from '../../connectors/hubspot/sandbox/index.ts';

const sandbox = await startSandbox({
  ...{ port: 0, data: null, seed: 7, size: Number(process.argv[2]), now: Date.now(), currency: 'EUR' },
  ...{ timeZone: 'Europe/Madrid', tier: 'enterprise', without: [] },
});
sandbox.limits.tenSecondly = 1_000_000;
sandbox.limits.searchPerSecond = 1_000_000;
process.stdout.write(`${JSON.stringify({ url: sandbox.url, auth: sandbox.auth })}\n`);
