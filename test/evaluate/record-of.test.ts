import { expect, it } from 'vitest';
import { loadCatalog } from '../../src/evaluate/catalog.ts';
import { recordOf } from '../../src/evaluate/record-of.ts';
import { recordKinds } from '../../src/model/kpi.ts';
import { createQueryChecker } from '../../src/store/facts.ts';
import { recordGroups, watchedTables } from '../../src/store/record-groups.ts';
import { shippedKpis } from './workspace.ts';

it('most shipped KPIs follow records one by one; those that cannot are known', async () => {
  const catalog = await loadCatalog({ folders: [shippedKpis], check: createQueryChecker() });
  const whole = catalog.filter((kpi) => !kpi.derive && recordOf(kpi) === null).map(({ id }) => id);
  expect(whole).toEqual(
    ['active_user_rate', 'campaign_setup_rate', 'field_fill_rate', 'training_coverage'].filter((id) =>
      catalog.some((kpi) => kpi.id === id),
    ),
  );
});

it('every kind of record has its tables, and all of them are watched', () => {
  expect(Object.keys(recordGroups).sort()).toEqual([...recordKinds].sort());
  for (const tables of Object.values(recordGroups))
    for (const table of Object.keys(tables)) expect(watchedTables, table).toHaveProperty(table);
});
