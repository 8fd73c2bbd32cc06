import type { TableName } from '../../src/model/entities.ts';
import { boardFlag, type ObjectSpec } from './catalog.ts';
import type { EntitySource } from './entities.ts';
import { type FieldPlan, mappedProperties, propertyFor } from './fields.ts';
import { isNeeded } from './optional-properties.ts';

/** How one object type is read here: the catalogue's way, with the settings' additions. */
export interface ReadPlan {
  readonly spec: ObjectSpec;
  readonly table: TableName;
  readonly fields: FieldPlan | undefined;
  /** Set where a canonical table is fed from another object of the organisation. */
  readonly entity: EntitySource | null;
  readonly properties: readonly string[];
  readonly history: readonly (readonly [property: string, column: string])[];
  /** Columns that are left as they are stored, as what feeds them is not there now. */
  readonly dropped?: readonly string[];
  /** Records last changed before this instant are ignored. */
  readonly sinceMs: number | null;
}

export function planRead(
  spec: ObjectSpec,
  options: {
    readonly fields: FieldPlan | undefined;
    readonly sinceMs: number | null;
    /** Columns that are needed; undefined: all. */
    readonly wanted: ReadonlySet<string> | undefined;
  },
): ReadPlan {
  const { fields, sinceMs, wanted } = options;
  const own = spec.table === 'account' ? [boardFlag] : [];
  const needed = spec.properties.filter((property) => isNeeded(spec.table, property, wanted));
  const all = [spec.modified, ...needed, ...own, ...mappedProperties(fields)];
  const history = spec.history
    .filter(([property]) => isNeeded(spec.table, property, wanted))
    .map(([property, column]) => [propertyFor(fields, column, property), column] as const);
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
