import { type Fields, readText } from './body.ts';
import type { ObjectType, Portal, Values } from './portal.ts';
import type { Property } from './property.ts';
import { findUnique } from './records.ts';
import { invalid, type Problem } from './refusal.ts';
import { pipelinePropertyOf, stagePropertyOf } from './rules.ts';

export interface CheckedValues {
  readonly values: Values;
  readonly problems: readonly Problem[];
}

const maxTextLength = 65_536;

/** Values as they are stored, and what is wrong with them; `ownId`: the record that is written, null for a new one. */
export function checkValues(
  portal: Portal,
  type: ObjectType,
  input: { readonly fields: Fields; readonly ownId: number | null },
): CheckedValues {
  const values: Record<string, string | null> = {};
  const problems: Problem[] = [];
  for (const [name, raw] of Object.entries(input.fields)) {
    const checked = checkValue(portal, type, { name, raw: readText(raw), ownId: input.ownId });
    if ('code' in checked) problems.push(checked);
    else values[name] = checked.value;
  }
  return { values, problems: [...problems, ...checkStage(portal, type, values)] };
}

function checkValue(
  portal: Portal,
  type: ObjectType,
  input: { readonly name: string; readonly raw: string | null; readonly ownId: number | null },
): Problem | { readonly value: string | null } {
  const { name, raw } = input;
  const property = type.properties.get(name);
  const problem = (code: string, message: string): Problem => ({ name, code, message });
  if (!property || property.archived) {
    return problem('PROPERTY_DOESNT_EXIST', `Property "${name}" does not exist`);
  }
  if (property.modificationMetadata.readOnlyValue) {
    return problem('READ_ONLY_VALUE', `"${name}" is a read only property; its value cannot be set.`);
  }
  if (raw === null || raw === '') return { value: null };
  const checked = toStored(portal, property, raw);
  if ('code' in checked) return problem(checked.code, checked.message);
  if (property.hasUniqueValue && isTaken(type, property, checked.value, input.ownId)) {
    return problem('CONFLICTING_UNIQUE_VALUE', `Another record already has the same value for "${name}".`);
  }
  return checked;
}

function isTaken(type: ObjectType, property: Property, value: string, ownId: number | null): boolean {
  const holder = findUnique(type, property.name, value);
  return holder !== undefined && holder.id !== ownId;
}

type Stored = { readonly value: string } | { readonly code: string; readonly message: string };

function toStored(portal: Portal, property: Property, raw: string): Stored {
  switch (property.type) {
    case 'number':
      if (raw.trim() !== '' && Number.isFinite(Number(raw))) return { value: raw.trim() };
      return { code: 'INVALID_INTEGER', message: `${raw} was not a valid number.` };
    case 'bool':
      return oneOf(property, raw.toLowerCase(), ['true', 'false']);
    case 'datetime':
      return toDatetime(raw);
    case 'date':
      return toDate(raw);
    case 'enumeration':
      return toOption(portal, property, raw);
    case 'string':
      if (raw.length <= maxTextLength) return { value: raw };
      return {
        code: 'INVALID_STRING_LENGTH',
        message: `${property.name} exceeds ${maxTextLength} characters.`,
      };
  }
}

function toDatetime(raw: string): Stored {
  const at = /^-?\d+$/.test(raw) ? Number(raw) : Date.parse(raw);
  if (!Number.isNaN(at) && Math.abs(at) <= 8.64e15) return { value: new Date(at).toISOString() };
  return { code: 'INVALID_LONG', message: `${raw} was not a valid long.` };
}

/** Properties guide: a date is `YYYY-MM-DD`, or milliseconds at midnight UTC exactly. */
function toDate(raw: string): Stored {
  if (/^\d{4}-\d{2}-\d{2}$/.test(raw) && !Number.isNaN(Date.parse(raw))) return { value: raw };
  const at = /^-?\d+$/.test(raw) ? Number(raw) : Date.parse(raw);
  if (Number.isNaN(at)) return { code: 'INVALID_LONG', message: `${raw} was not a valid long.` };
  if (at % 86_400_000 !== 0) {
    return { code: 'INVALID_DATE', message: `${raw} is at ${new Date(at).toISOString()}, not midnight!` };
  }
  return { value: new Date(at).toISOString().slice(0, 10) };
}

function toOption(portal: Portal, property: Property, raw: string): Stored {
  if (property.name === 'deal_currency_code') return oneOf(property, raw, [portal.currency]);
  if (property.referencedObjectType === 'OWNER') {
    if (portal.owners.has(raw)) return { value: raw };
    return { code: 'INVALID_OWNER_ID', message: `Owner ${raw} does not exist` };
  }
  if (property.options.length === 0) return { value: raw };
  const allowed = property.options.map(({ value }) => value);
  const chosen = property.fieldType === 'checkbox' ? raw.split(';').filter((value) => value !== '') : [raw];
  const wrong = chosen.find((value) => !allowed.includes(value));
  return wrong === undefined ? { value: raw } : oneOf(property, wrong, allowed);
}

function oneOf(property: Property, value: string, allowed: readonly string[]): Stored {
  if (allowed.includes(value)) return { value };
  const options = allowed.join(', ');
  return {
    code: 'INVALID_OPTION',
    message: `${value} was not one of the allowed options for ${property.name}: [${options}]`,
  };
}

/** A stage has to exist, and to belong to the pipeline that is written with it. */
function checkStage(portal: Portal, type: ObjectType, values: Values): Problem[] {
  const stageName = stagePropertyOf(type);
  const pipelineName = pipelinePropertyOf(type);
  const pipelines = portal.pipelines.get(type.spec.name);
  if (!stageName || !pipelines) return [];
  const pipelineId = values[pipelineName];
  const pipeline = pipelines.find(({ id }) => id === pipelineId);
  if (pipelineId && !pipeline) {
    return [invalidOption(pipelineName, pipelineId, pipelines)];
  }
  const stages = pipeline ? pipeline.stages : pipelines.flatMap((each) => each.stages);
  const stage = values[stageName];
  return stage && !stages.some(({ id }) => id === stage) ? [invalidOption(stageName, stage, stages)] : [];
}

function invalidOption(name: string, value: string, allowed: readonly { readonly id: string }[]): Problem {
  const options = allowed.map(({ id }) => id).join(', ');
  const message = `${value} was not one of the allowed options: [${options}]`;
  return { name, code: 'INVALID_OPTION', message };
}

/** Properties without which no record of an object is created. */
export function checkRequired(type: ObjectType, values: Values): void {
  const required = [...type.spec.required, ...(type.schema?.requiredProperties ?? [])];
  const missing = required.filter((name) => values[name] === undefined || values[name] === null);
  if (missing.length === 0) return;
  throw invalid(
    `Error creating ${type.spec.singular.toUpperCase()}. Some required properties were not set.`,
    { context: { properties: missing } },
  );
}
