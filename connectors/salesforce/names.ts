import type { ResultSchema } from '../../src/model/connector.ts';

/** In an org with a namespace each custom name has its prefix; one that is given stays. */
export function qualifyName(namespace: string | null, name: string): string {
  const isCustom = /__c$/.test(name);
  if (namespace === null || !isCustom || /^\w+?__\w+__c$/.test(name)) return name;
  return `${namespace}__${name}`;
}

export function qualifyTarget(namespace: string | null, target: ResultSchema): ResultSchema {
  if (namespace === null) return target;
  const fields = target.fields.map((field) => ({ ...field, apiName: qualifyName(namespace, field.apiName) }));
  return { ...target, fields };
}
