import type { Org } from '../org.ts';
import type { SObject } from '../schema/object.ts';
import type { Component } from './component.ts';
import type { Element } from './xml.ts';

/** What a deployment would leave behind; taken over only if all of it is sound. */
export interface Draft {
  readonly org: Org;
  readonly objects: Map<string, SObject>;
  readonly components: Map<string, Component>;
  /** Changes of rows, made when the draft is taken over. */
  readonly effects: (() => void)[];
  readonly successes: object[];
  readonly failures: object[];
}

/** One file of the package. */
export interface Source {
  readonly type: string;
  readonly fullName: string;
  readonly fileName: string;
  readonly text: string;
  readonly root: Element;
}
export interface Place {
  readonly type: string;
  readonly fullName: string;
  readonly fileName: string;
}

export const createDraft = (org: Org): Draft => ({
  org,
  objects: new Map(org.objects),
  components: new Map(org.components),
  effects: [],
  successes: [],
  failures: [],
});

export const keyOf = (type: string, fullName: string): string => `${type}:${fullName.toLowerCase()}`;

export function fail(
  draft: Draft,
  place: Place,
  problem: string,
  problemType: 'Error' | 'Warning' = 'Error',
): void {
  draft.failures.push({
    ...describe(place),
    problem,
    problemType,
    lineNumber: 1,
    columnNumber: 1,
    created: false,
    changed: false,
    deleted: false,
    success: problemType === 'Warning',
  });
}

/** Notes a component as deployed; the same text as before changes nothing. */
export function succeed(draft: Draft, place: Place, source: string): void {
  const key = keyOf(place.type, place.fullName);
  const before = draft.components.get(key);
  const exists = before !== undefined;
  draft.components.set(key, { type: place.type, fullName: place.fullName, source });
  draft.successes.push({
    ...describe(place),
    problem: null,
    problemType: null,
    created: !exists,
    changed: before?.source !== source,
    deleted: false,
    success: true,
  });
}

export function removed(draft: Draft, place: Place): void {
  draft.successes.push({
    ...describe(place),
    problem: null,
    created: false,
    changed: true,
    deleted: true,
    success: true,
  });
}

const describe = ({ type, fullName, fileName }: Place) => ({ fullName, componentType: type, fileName });

export function draftObject(draft: Draft, name: string): SObject | undefined {
  return draft.objects.get(name.toLowerCase());
}

/** `Object.Field`, or a longer path that starts so. */
export function hasField(draft: Draft, path: string): boolean {
  const [object = '', field = ''] = path.split('.');
  return draftObject(draft, object)?.fields.has(field.toLowerCase()) ?? false;
}
