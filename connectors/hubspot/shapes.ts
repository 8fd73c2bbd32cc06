import { z } from 'zod';
import { isLoose, type Loose, toHistories, toValues } from './record-values.ts';

/** Ids come as strings, in places as numbers. */
export const id = z.union([z.string(), z.number()]).transform(String);
/** Text; a number stands for its text, anything else for nothing. */
export const optionalText = z
  .string()
  .nullish()
  .catch(({ value }) => (typeof value === 'number' ? String(value) : null));

/** A list; absent or null: an empty one. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.array(item).nullish().transform(orNone);
}

const bool = z.union([z.boolean(), z.string()]).transform((value) => String(value) === 'true');
export const optionalBool = bool.optional().catch(undefined);

/** The token of the next page, or else what the address of that page says. */
const nextPage = z.object({ after: id.nullish(), link: optionalText }).transform(({ after, link }) => {
  const token = after ?? URL.parse(link ?? '', 'https://api.hubapi.com')?.searchParams.get('after');
  return token ? { after: token } : null;
});
export const next = z.object({ next: nextPage.nullish() }).nullish().catch(null);

const linkList = z.object({
  results: z.array(z.object({ id, type: optionalText })).nullish(),
  paging: next.optional(),
});

export const recordShape = z.object({
  id,
  // By hand: a page has thousands of these.
  properties: z.custom<Loose>(isLoose).nullish().transform(toValues),
  propertiesWithHistory: z.unknown().optional().transform(toHistories),
  associations: z.record(z.string(), linkList).nullish().catch(null),
  createdAt: optionalText,
  updatedAt: optionalText,
  archived: optionalBool,
  archivedAt: optionalText,
});
export type HubspotRecord = z.output<typeof recordShape>;
export const oneRecord = recordShape;

export const recordPage = z.object({ results: listOf(recordShape), paging: next.optional() });
export type RecordPage = z.output<typeof recordPage>;
/** Where the total is not told, `counted` is false and a page with a next one stands for more than can be paged through. */
export const searchPage = z
  .object({ total: z.unknown().optional(), results: listOf(recordShape), paging: next.optional() })
  .transform(({ total, ...page }) => {
    const told = total === null || total === '' ? Number.NaN : Number(total);
    const least = page.paging?.next ? Number.MAX_SAFE_INTEGER : page.results.length;
    return { ...page, total: Number.isFinite(told) ? told : least, counted: Number.isFinite(told) };
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
  results: listOf(recordShape.extend({ objectWriteTraceId: optionalText, new: optionalBool })),
  errors: listOf(batchError),
});
export type BatchAnswer = z.output<typeof batchAnswer>;

/** 204 without a body, or whatever comes with it. */
export const anyAnswer = z.unknown();

export const associationAnswer = z.object({
  results: listOf(
    z.object({
      from: z.object({ id }),
      to: listOf(
        z.object({
          toObjectId: id,
          associationTypes: listOf(
            z.object({ category: optionalText, typeId: z.coerce.number(), label: optionalText }),
          ),
        }),
      ),
      paging: next.optional(),
    }),
  ),
  errors: listOf(batchError),
});

const ownerShape = z.object({
  id,
  email: optionalText,
  type: optionalText,
  firstName: optionalText,
  lastName: optionalText,
  userId: id.nullish().catch(null),
  userIdIncludingInactive: id.nullish().catch(null),
  teams: listOf(z.object({ id, name: optionalText, primary: optionalBool })),
  createdAt: optionalText,
  updatedAt: optionalText,
  archived: optionalBool,
});
export type OwnerRecord = z.output<typeof ownerShape>;
export const ownerPage = z.object({ results: listOf(ownerShape), paging: next.optional() });

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
  stages: listOf(stageShape),
});
export type PipelineRecord = z.output<typeof pipelineShape>;
export type StageRecord = z.output<typeof stageShape>;
export const pipelineList = z.object({ results: listOf(pipelineShape) });

const propertyShape = z.object({
  name: z.string(),
  label: optionalText,
  type: optionalText,
  fieldType: optionalText,
  description: optionalText,
  groupName: optionalText,
  hasUniqueValue: optionalBool,
  hubspotDefined: optionalBool,
  options: listOf(z.object({ value: id, label: optionalText })),
});
export type PropertyRecord = z.output<typeof propertyShape>;
export const propertyList = z.object({ results: listOf(propertyShape) });

const schemaShape = z.object({
  id: id.optional(),
  objectTypeId: id,
  name: z.string(),
  description: optionalText,
  properties: listOf(propertyShape),
});
export type SchemaRecord = z.output<typeof schemaShape>;
export const schemaList = z.object({ results: listOf(schemaShape) });

/** An answer that tells none of what an account is was given by something else than HubSpot. */
export const accountShape = z
  .object({
    portalId: id.nullish().catch(null),
    accountType: optionalText,
    timeZone: optionalText,
    companyCurrency: optionalText,
    /** Absent: not told. */
    additionalCurrencies: z.array(z.string()).nullish().catch(null),
    uiDomain: optionalText,
  })
  .refine(({ portalId, timeZone, companyCurrency }) => Boolean(portalId ?? timeZone ?? companyCurrency));
export type AccountDetails = z.output<typeof accountShape>;

function orEmpty<T>(value: Record<string, T> | null | undefined): Record<string, T> {
  return value ?? {};
}

export function orNone<T>(value: T[] | null | undefined): T[] {
  return value ?? [];
}
