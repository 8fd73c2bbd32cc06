import type { Call, Handler } from './call.ts';
import type { Bucket } from './limits.ts';

/** Where an area of the API lives: its first version, aliases, and the dated one. */
export type Family = readonly string[];

export interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  readonly bucket: Bucket;
  readonly handle: Handler;
}

export interface RouteOptions {
  readonly bucket?: Bucket;
  /** Dated versions that have it; default: all that the family has. */
  readonly dated?: readonly string[];
}

/** Live dated versions; each is supported for 18 months. */
const datedVersions = ['2026-03', '2026-09'];

/** One route under every path of its family. `:name` is a parameter, `:dated` a dated version. */
export function routesOf(
  family: Family,
  [method, suffix, handle]: readonly [method: string, suffix: string, handle: Handler],
  options: RouteOptions = {},
): Route[] {
  const { bucket = 'calls', dated = datedVersions } = options;
  return family.map((base) => ({ method, pattern: compile(`${base}${suffix}`, dated), bucket, handle }));
}

function compile(path: string, dated: readonly string[]): RegExp {
  const versions = dated.length > 0 ? dated.join('|') : '(?!)';
  const source = path.replace(':dated', `(?:${versions})`).replaceAll(/:([a-zA-Z]+)/g, '(?<$1>[^/]+)');
  return new RegExp(`^${source}/?$`);
}

export type Found =
  | { readonly route: Route; readonly params: Call['params'] }
  | { readonly route: null; readonly otherMethod: boolean };

export function findRoute(routes: readonly Route[], method: string, path: string): Found {
  let otherMethod = false;
  for (const route of routes) {
    const match = route.pattern.exec(path);
    if (!match) continue;
    if (route.method !== method) otherMethod = true;
    else return { route, params: decodeParams(match.groups ?? {}) };
  }
  return { route: null, otherMethod };
}

function decodeParams(groups: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decode(value)]));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
