import type { SandboxAnswer } from '../../../../src/sandbox/server.ts';
import { ApiError } from '../errors.ts';
import { dailyCalls, tableOf } from '../org.ts';
import type { Call, Route } from './call.ts';

export const limitRoutes: readonly Route[] = [
  { method: 'GET', path: /^\/limits\/?$/, answer: limits },
  { method: 'GET', path: /^\/limits\/recordCount\/?$/, answer: recordCount },
];

function limits({ org, state }: Call): SandboxAnswer {
  if (org.hidden.has('viewsetup')) {
    throw new ApiError(
      403,
      'FUNCTIONALITY_NOT_ENABLED',
      'You do not have access to this resource: View Setup and Configuration is needed',
    );
  }
  const calls = dailyCalls(org);
  let rows = 0;
  for (const table of org.tables.values()) rows += table.rows.length;
  const storageMb = org.tier === 'developer' ? 5 : 10_240;
  const of = (Max: number, used: number) => ({ Max, Remaining: Math.max(0, Max - used) });
  const body = {
    DailyApiRequests: of(calls, org.apiCalls),
    DailyBulkApiBatches: of(15_000, 0),
    DailyBulkV2QueryFileStorageMB: of(976_562, 0),
    DailyBulkV2QueryJobs: of(10_000, state.jobs.size),
    DataStorageMB: of(storageMb, Math.round((rows * 2) / 1024)),
    FileStorageMB: of(storageMb, 0),
    HourlyAsyncReportRuns: of(1_200, 0),
    HourlyDashboardRefreshes: of(200, 0),
    HourlySyncReportRuns: of(500, 0),
    PermissionSets: { ...of(1_500, tableOf(org, 'PermissionSet').rows.length), CreateCustom: of(1_000, 0) },
  };
  return { status: 200, body };
}

/** Approximate in a real org; exact here. Rows in the Recycle Bin do not count. */
function recordCount(call: Call): SandboxAnswer {
  const wanted = call.request.query.get('sObjects')?.split(',');
  const objects = wanted?.map((name) => call.view.object(name.trim())) ?? call.view.objects();
  const sObjects = [...objects].flatMap((object) => {
    if (!object) return [];
    const count = tableOf(call.org, object.name).rows.filter((row) => row.IsDeleted !== true).length;
    return [{ count, name: object.name }];
  });
  return { status: 200, body: { sObjects } };
}
