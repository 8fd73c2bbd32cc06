import { z } from 'zod';
import { goalSchema } from './goal-schema.ts';
import { connectionSchema, fileSchema } from './schema.ts';

/** JSON Schema (draft-07) of crm-kpi.yaml for editors; each connector's own keys are left to it. */
export function settingsJsonSchema(): Readonly<Record<string, unknown>> {
  const whole = fileSchema.extend({
    connections: z
      .record(z.string(), z.looseObject(connectionSchema.shape))
      .describe(fileSchema.shape.connections.description ?? ''),
    goals: z
      .array(goalSchema)
      .default([])
      .describe(fileSchema.shape.goals.description ?? ''),
  });
  const schema = z.toJSONSchema(whole, { io: 'input', target: 'draft-07' });
  return { title: 'crm-kpi.yaml', ...schema, patternProperties: { '^x-': {} } };
}
