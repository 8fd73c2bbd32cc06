import { boardFlag } from './catalog.ts';
import type { Api } from './client.ts';
import { keyProperty } from './result-properties.ts';
import { batchAnswer } from './shapes.ts';

export const boardKey = 'board';
export const boardName = 'CRM KPI board';

/** null: there is none. */
export async function findBoardId(api: Api): Promise<string | null> {
  const inputs = [{ id: boardKey }];
  const body = { idProperty: keyProperty, properties: [boardFlag], propertiesWithHistory: [], inputs };
  const request = api.build.batch.read('companies', body, false);
  const call = { what: `company ${boardName}`, request, shape: batchAnswer, repeatable: true };
  const { value } = await api.call(call);
  return value.results.find(({ archived }) => archived !== true)?.id ?? null;
}
