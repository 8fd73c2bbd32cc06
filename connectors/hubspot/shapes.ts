import { z } from 'zod';

/** Ids come as strings, in places as numbers. */
export const id = z.union([z.string(), z.number()]).transform(String);
export const optionalText = z.string().nullish().catch(null);
const bool = z.union([z.boolean(), z.string()]).transform((value) => String(value) === 'true');
export const optionalBool = bool.optional().catch(undefined);

/** Values are strings; a number or a boolean is taken as its text. */
const propertyValue = z
  .union([z.string(), z.number(), z.boolean()])
  .nullable()
  .transform((value) => (value === null ? null : String(value)))
  .catch(null);

export const next = z
  .object({ next: z.object({ after: id }).nullish() })
  .nullish()
  .catch(null);

const historyItem = z.object({
  value: propertyValue.optional(),
  timestamp: z.union([z.string(), z.number()]),
});

const linkList = z.object({
  results: z.array(z.object({ id, type: optionalText })).default([]),
  paging: next.optional(),
});

export const recordShape = z.object({
  id,
  properties: z.record(z.string(), propertyValue).nullish().transform(orEmpty),
  propertiesWithHistory: z.record(z.string(), z.array(historyItem)).nullish().catch(null),
  associations: z.record(z.string(), linkList).nullish().catch(null),
  createdAt: optionalText,
  updatedAt: optionalText,
  archived: optionalBool,
  archivedAt: optionalText,
});
export type HubspotRecord = z.output<typeof recordShape>;
export const oneRecord = recordShape;
export type HistoryItem = z.output<typeof historyItem>;

export const recordPage = z.object({ results: z.array(recordShape).default([]), paging: next.optional() });
export type RecordPage = z.output<typeof recordPage>;
export const searchPage = z.object({
  total: z.coerce.number(),
  results: z.array(recordShape).default([]),
  paging: next.optional(),
});

const batchError = z.object({
  category: optionalText,
  subCategory: optionalText,
  context: z.record(z.string(), z.unknown()).nullish().catch(null),
  errors: z
    .array(z.object({ code: optionalText, context: z.record(z.string(), z.unknown()).nullish().catch(null) }))
    .nullish()
    .catch(null),
  message: optionalText,
});
export type BatchError = z.output<typeof batchError>;

export const batchAnswer = z.object({
  results: z.array(recordShape.extend({ objectWriteTraceId: optionalText, new: optionalBool })).default([]),
  errors: z.array(batchError).nullish().transform(orNone),
});
export type BatchAnswer = z.output<typeof batchAnswer>;

/** 204 without a body, or whatever comes with it. */
export const anyAnswer = z.unknown();

export const associationAnswer = z.object({
  results: z
    .array(
      z.object({
        from: z.object({ id }),
        to: z.array(
          z.object({
            toObjectId: id,
            associationTypes: z
              .array(z.object({ category: optionalText, typeId: z.coerce.number(), label: optionalText }))
              .nullish()
              .transform(orNone),
          }),
        ),
        paging: next.optional(),
      }),
    )
    .default([]),
  errors: z.array(batchError).nullish().transform(orNone),
});

const ownerShape = z.object({
  id,
  email: optionalText,
  type: optionalText,
  firstName: optionalText,
  lastName: optionalText,
  userId: id.nullish().catch(null),
  userIdIncludingInactive: id.nullish().catch(null),
  teams: z
    .array(z.object({ id, name: optionalText, primary: optionalBool }))
    .nullish()
    .transform(orNone),
  createdAt: optionalText,
  updatedAt: optionalText,
  archived: optionalBool,
});
export type OwnerRecord = z.output<typeof ownerShape>;
export const ownerPage = z.object({ results: z.array(ownerShape).default([]), paging: next.optional() });

const stageShape = z.object({
  id,
  label: optionalText,
  displayOrder: z.coerce.number().optional().catch(undefined),
  metadata: z.record(z.string(), z.unknown()).nullish().transform(orEmpty),
  createdAt: optionalText,
  updatedAt: optionalText,
});
const pipelineShape = z.object({
  id,
  label: optionalText,
  displayOrder: z.coerce.number().optional().catch(undefined),
  stages: z.array(stageShape).nullish().transform(orNone),
});
export type PipelineRecord = z.output<typeof pipelineShape>;
export type StageRecord = z.output<typeof stageShape>;
export const pipelineList = z.object({ results: z.array(pipelineShape).default([]) });

const propertyShape = z.object({
  name: z.string(),
  label: optionalText,
  type: optionalText,
  fieldType: optionalText,
  description: optionalText,
  groupName: optionalText,
  hasUniqueValue: optionalBool,
  hubspotDefined: optionalBool,
  options: z
    .array(z.object({ value: z.string(), label: optionalText }))
    .nullish()
    .transform(orNone),
});
export type PropertyRecord = z.output<typeof propertyShape>;
export const propertyList = z.object({ results: z.array(propertyShape).default([]) });

const schemaShape = z.object({
  id: id.optional(),
  objectTypeId: id,
  name: z.string(),
  description: optionalText,
  properties: z.array(propertyShape).nullish().transform(orNone),
});
export type SchemaRecord = z.output<typeof schemaShape>;
export const schemaList = z.object({ results: z.array(schemaShape).default([]) });

export const accountShape = z.object({
  portalId: id.nullish().catch(null),
  accountType: optionalText,
  timeZone: optionalText,
  companyCurrency: optionalText,
  /** Absent: not told. */
  additionalCurrencies: z.array(z.string()).nullish().catch(null),
  uiDomain: optionalText,
});
export type AccountDetails = z.output<typeof accountShape>;

function orEmpty<T>(value: Record<string, T> | null | undefined): Record<string, T> {
  return value ?? {};
}

export function orNone<T>(value: T[] | null | undefined): T[] {
  return value ?? [];
}
