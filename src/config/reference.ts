import { z } from 'zod';
import { goalSchema } from './goal-schema.ts';
import { isRecord } from './paths.ts';
import { connectionSchema, fileSchema } from './schema.ts';

/** Wherever the keys are fixed, `x-*` is free. */
function freeNotes(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(freeNotes);
  if (!isRecord(part)) return part;
  const inner = Object.entries(part).map(([key, value]) => [key, freeNotes(value)]);
  const isClosed = part.additionalProperties === false;
  return { ...Object.fromEntries(inner), ...(isClosed && { patternProperties: { '^x-': {} } }) };
}

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
  return { title: 'crm-kpi.yaml', ...Object(freeNotes(schema)) };
}
