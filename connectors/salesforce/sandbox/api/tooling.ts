import type { SandboxAnswer } from '../../../../src/sandbox/server.ts';
import { ApiError } from '../errors.ts';
import { salesforceId } from '../ids.ts';
import type { Call, Route } from './call.ts';

/** Of the Tooling API, custom objects by name: it shows them to those who may set up the org, whatever else they see. */
export const toolingRoutes: readonly Route[] = [
  { method: 'GET', path: /^\/tooling\/query\/?$/, answer: queryCustomObjects },
];

function queryCustomObjects({ org, request }: Call): SandboxAnswer {
  if (org.hidden.has('viewsetup')) {
    throw new ApiError(403, 'INSUFFICIENT_ACCESS', 'View Setup and Configuration is needed');
  }
  const soql = request.query.get('q') ?? '';
  if (!/\bFROM\s+CustomObject\b/i.test(soql)) {
    throw new ApiError(400, 'INVALID_TYPE', 'Only CustomObject can be queried here');
  }
  const name = /DeveloperName\s*=\s*'([^']*)'/.exec(soql)?.[1];
  const found = [...org.objects.values()].filter((object) => {
    const own = object.name.replace(/__c$/, '').replace(/^.*?__/, '');
    return object.custom && (name === undefined || own.toLowerCase() === name.toLowerCase());
  });
  const records = found.map((object, index) => ({
    attributes: { type: 'CustomObject' },
    Id: salesforceId('01I', index + 1),
    DeveloperName: object.name.replace(/__c$/, '').replace(/^.*?__/, ''),
    Description: object.marker?.description || null,
  }));
  return { status: 200, body: { size: records.length, totalSize: records.length, done: true, records } };
}
