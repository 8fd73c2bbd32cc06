import { describe, expect, it } from 'vitest';
import { widenQuery } from '../../src/evaluate/widen-query.ts';

const plain =
  "select source_id, 'deal' as object, id, closed_on as day, 1 as num from deal where outcome = 'won'";

describe('a query of one table', () => {
  it('hands on the columns of its records', () => {
    const wide = widenQuery(plain, 'deal');
    expect(wide?.add('owner_id')).toBe('record_owner_id');
    expect(wide?.sql()).toBe(
      "select source_id, 'deal' as object, id, closed_on as day, 1 as num , owner_id as record_owner_id from deal where outcome = 'won'",
    );
  });

  it('does so beside the periods, and where a comparison is called distinct', () => {
    const joined = `${plain.replace('from deal', 'from deal d join period p on d.created_at < p.until_at')} and type is distinct from 'renewal'`;
    expect(widenQuery(joined, 'deal')).not.toBeNull();
  });
});

describe('a query whose rows are not records of the table one by one', () => {
  it.each([
    ['joins another table', plain.replace('from deal', 'from deal join account a on a.id = account_id')],
    ['unites two', `${plain} union all ${plain}`],
    ['groups', `${plain} group by id`],
    ['counts', plain.replace('1 as num', 'count(*) as num')],
    ['names its parts', `with won as (${plain}) select * from won`],
    ['takes its id from another column', plain.replace(' id,', ' account_id as id,')],
    ['reads something else', plain.replace('from deal', 'from deal_state')],
  ])('is left as it is: it %s', (_, sql) => {
    expect(widenQuery(sql, 'deal')).toBeNull();
  });
});
