import { writeMetadataXml } from './xml.ts';
import type { ZipEntry } from './zip.ts';

/** Where a package goes. */
export interface Place {
  /** With the namespace, where the org has one. */
  readonly objectName: string;
  readonly apiVersion: string;
}

/** Full names by metadata type. */
export type Members = Readonly<Record<string, readonly string[]>>;

/** The manifest and the files that it names. */
export function writePackage(
  apiVersion: string,
  { members, files }: { readonly members: Members; readonly files: readonly ZipEntry[] },
): ZipEntry[] {
  return [{ path: 'package.xml', content: manifest(members, apiVersion) }, ...files];
}

/** A package that adds nothing and removes what it names. */
export function writeRemoval(apiVersion: string, members: Members): ZipEntry[] {
  return [
    { path: 'package.xml', content: manifest({}, apiVersion) },
    { path: 'destructiveChanges.xml', content: manifest(members, null) },
  ];
}

function manifest(members: Members, apiVersion: string | null): string {
  return writeMetadataXml('Package', {
    types: Object.entries(members).map(([name, list]) => ({ members: list, name })),
    ...(apiVersion === null ? {} : { version: apiVersion }),
  });
}
