import { z } from 'zod';
import type { Connector, OpenContext } from '../../src/model/connector.ts';
import { entityTables, type TableName } from '../../src/model/entities.ts';

const tableNames = Object.keys(entityTables) as TableName[];

const settings = z.strictObject({
  path: z
    .string()
    .min(1)
    .refine((path) => !path.replace(/[^/\\]*$/, '').includes('*'), 'may have * in its last part only')
    .describe('File, or files with * in the last part: ./surveys/*.csv'),
  object: z
    .enum(tableNames)
    .optional()
    .describe(
      'Table that the rows belong to; the header names its columns. Without it each file is called after its table: deal.csv',
    ),
});

export type CsvSettings = z.output<typeof settings>;

export const csv = {
  id: 'csv',
  title: 'CSV files',
  settings,
  objects: [],
  policy: null,
  open: async (context: OpenContext<CsvSettings>) => {
    const { path, object } = context.settings;
    // Settings are checked far more often than a connection is opened.
    if (!object) return (await import('./folder.ts')).openCsvFolder(context);
    return (await import('./connection.ts')).openCsv({ ...context, settings: { path, object } });
  },
} satisfies Connector<CsvSettings>;
