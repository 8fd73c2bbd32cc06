import type { Log, ResultField, ResultSchema } from '../../src/model/connector.ts';
import { RunError } from '../../src/model/errors.ts';
import type { ResultChange } from '../../src/model/result.ts';
import type { Api } from './api.ts';
import type { Schema } from './schema.ts';

export interface WriteEnv {
  readonly api: Api;
  readonly schema: Schema;
  readonly objectName: string;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** The result object's fields, and the one whose value names a record. */
export interface Shape {
  readonly target: ResultSchema;
  readonly key: ResultField;
}

export function targetProblem(env: WriteEnv, message: string): RunError {
  return new RunError('config', {
    where: `${env.api.connection} ${env.objectName}`,
    message,
    fix: `Run \`crm-kpi install ${env.api.connection}\`.`,
  });
}

export function storageProblem(env: WriteEnv, message: string): RunError {
  return new RunError('config', {
    where: `${env.api.connection} ${env.objectName}`,
    message,
    fix: 'Free storage (Setup > Storage Usage), or publish fewer KPIs, segments and periods.',
  });
}

/** A key twice in one request fails every row that has it, and upper and lower case count as the same there. */
export function splitByKey(changes: readonly ResultChange[], size: number): ResultChange[][] {
  const chunks: { keys: Set<string>; rows: ResultChange[] }[] = [];
  for (const change of changes) {
    const key = change.key.toLowerCase();
    const after = chunks.findLastIndex((chunk) => chunk.keys.has(key));
    let chunk = chunks.find((one, index) => index > after && one.rows.length < size);
    if (!chunk) {
      chunk = { keys: new Set(), rows: [] };
      chunks.push(chunk);
    }
    chunk.keys.add(key);
    chunk.rows.push(change);
  }
  return chunks.map((chunk) => chunk.rows);
}
