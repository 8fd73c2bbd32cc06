import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { connectors } from '../../connectors/index.ts';

describe('the registry', () => {
  it('holds one entry for every folder of connectors', () => {
    const folders = readdirSync(new URL('../../connectors/', import.meta.url), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    expect(Object.keys(connectors).sort()).toEqual(folders.sort());
  });

  it.each(Object.keys(connectors))('loads %s under its own id', async (id) => {
    const connector = await connectors[id]?.load();
    expect(connector?.id).toBe(id);
  });
});
