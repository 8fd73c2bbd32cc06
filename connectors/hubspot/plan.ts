import type { TableName } from '../../src/model/entities.ts';
import { boardFlag, type ObjectSpec } from './catalog.ts';
import type { EntitySource } from './entities.ts';
import { type FieldPlan, mappedProperties, propertyFor } from './fields.ts';

/** How one object type is read here: the catalogue's way, with the settings' additions. */
export interface ReadPlan {
  readonly spec: ObjectSpec;
  readonly table: TableName;
  readonly fields: FieldPlan | undefined;
  /** Set where a canonical table is fed from another object of the organisation. */
  readonly entity: EntitySource | null;
  readonly properties: readonly string[];
  readonly history: readonly (readonly [property: string, column: string])[];
  /** Records last changed before this instant are ignored. */
  readonly sinceMs: number | null;
}

export function planRead(
  spec: ObjectSpec,
  options: { readonly fields: FieldPlan | undefined; readonly sinceMs: number | null },
): ReadPlan {
  const { fields, sinceMs } = options;
  const own = spec.table === 'account' ? [boardFlag] : [];
  const all = [spec.modified, ...spec.properties, ...own, ...mappedProperties(fields)];
  const history = spec.history.map(
    ([property, column]) => [propertyFor(fields, column, property), column] as const,
  );
  return {
    spec,
    table: spec.table,
    fields,
    entity: null,
    properties: [...new Set(all)],
    history,
    // Customers and their links are needed whatever their age.
    sinceMs: spec.table === 'account' ? null : sinceMs,
  };
}

export function historyProperties(plan: Pick<ReadPlan, 'history'>): readonly string[] {
  return [...new Set(plan.history.map(([property]) => property))];
}
