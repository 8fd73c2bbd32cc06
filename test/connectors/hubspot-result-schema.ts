import type { ResultField, ResultSchema } from '../../src/model/connector.ts';
import type { ResultChange, ResultRecord } from '../../src/model/result.ts';

const kinds: Readonly<Record<string, ResultField['kind']>> = {
  key: 'key',
  kpi: 'text',
  label: 'text',
  period_label: 'text',
  period_end: 'date',
  segment_name: 'text',
  user: 'user',
  value: 'number',
  status: 'pick',
  data_as_of: 'instant',
  current: 'bool',
  explanation: 'longtext',
};

export const schema: ResultSchema = {
  language: 'en',
  fields: Object.entries(kinds).map(([name, kind]) => ({
    name,
    apiName: `${name}__c`,
    label: name,
    kind,
    ...(kind === 'pick'
      ? { values: ['on_target', 'at_risk'].map((value) => ({ value, label: value })) }
      : {}),
  })),
};

export function change(
  key: string,
  fields: ResultRecord = {},
  kind: ResultChange['change'] = 'create',
): ResultChange {
  const [kpi = '', period = ''] = key.split('|');
  const whole = {
    key,
    kpi,
    label: `KPI ${kpi}`,
    period_label: period,
    period_end: '2026-03-01',
    segment_name: 'Company',
    user: null,
    value: 0.18,
    status: 'at_risk',
    data_as_of: Date.parse('2026-03-02T00:00:00Z'),
    current: true,
    explanation: `KPI ${kpi}, Company, ${period}: 18 %.`,
  };
  const given = kind === 'create' || kind === 'update' ? { ...whole, ...fields } : fields;
  return { key, change: kind, fields: given, remoteId: null };
}
