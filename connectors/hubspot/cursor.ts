import { z } from 'zod';
import { RunError } from '../../src/model/errors.ts';

/**
 * load: the whole list is being read, ids ascending; `after` is the next page's token; `again`: it was read before.
 * changes: everything up to `confirmed` is known for certain; `newest` is the newest modification seen, `newestRows` how
 * many records bear it, `loadedAt` is when the last whole list was begun; `names`: the properties that it could read.
 * moving: figures that keep moving are known as of `at`; all of them, the old ones too, were last read at `loadedAt`.
 */
const cursorShape = z.discriminatedUnion('phase', [
  z.strictObject({
    phase: z.literal('load'),
    after: z.string(),
    newest: z.number().nullable(),
    newestRows: z.number().default(0),
    startedAt: z.number(),
    again: z.boolean().default(false),
    names: z.array(z.string()).optional(),
  }),
  z.strictObject({
    phase: z.literal('changes'),
    confirmed: z.number(),
    newest: z.number().nullable(),
    newestRows: z.number().default(0),
    loadedAt: z.number(),
    names: z.array(z.string()).optional(),
  }),
  z.strictObject({ phase: z.literal('moving'), at: z.number(), loadedAt: z.number() }),
  z.strictObject({ phase: z.literal('whole'), at: z.number() }),
]);

export type Place = z.output<typeof cursorShape>;

export function parseCursor(where: string, text: string | null): Place | null {
  if (text === null) return null;
  try {
    return cursorShape.parse(JSON.parse(text));
  } catch {
    throw new RunError('store', {
      where,
      message: 'The saved place of this object cannot be read.',
      fix: 'Run crm-kpi sync --full; it reads everything again.',
    });
  }
}

export function formatCursor(place: Place): string {
  return JSON.stringify(place);
}
