import { type Stats, statSync } from 'node:fs';

/** null: there is nothing at this path, or nothing that this user may see. */
export function statOrNull(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}
