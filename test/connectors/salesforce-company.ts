import { type SalesforceSandbox, startSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import type { ResultSchema } from '../../src/model/connector.ts';
import type { ResultChange } from '../../src/model/result.ts';

export const now = Date.parse('2026-11-20T10:00:00Z');

/** A made-up company's org. */
export function start(
  options: { size?: number; without?: readonly string[] } = {},
): Promise<SalesforceSandbox> {
  return startSandbox({
    port: 0,
    data: null,
    seed: 1,
    size: options.size ?? 60,
    now,
    currency: 'EUR',
    timeZone: 'Europe/Madrid',
    tier: null,
    without: options.without ?? [],
  });
}

export const target: ResultSchema = {
  language: 'en',
  fields: [
    { name: 'key', apiName: 'Key__c', label: 'Key', kind: 'key' },
    { name: 'kpi', apiName: 'KPI__c', label: 'KPI', kind: 'text' },
    { name: 'value', apiName: 'Value__c', label: 'Value', kind: 'number' },
    { name: 'period_start', apiName: 'Period_Start__c', label: 'Start', kind: 'date' },
    { name: 'data_as_of', apiName: 'Data_As_Of__c', label: 'As of', kind: 'instant' },
    { name: 'current', apiName: 'Current__c', label: 'Current', kind: 'bool' },
    { name: 'user', apiName: 'User__c', label: 'Person', kind: 'user' },
    {
      name: 'status',
      apiName: 'Status__c',
      label: 'Status',
      kind: 'pick',
      values: [
        { value: 'on_target', label: 'On target' },
        { value: 'off_target', label: 'Off target' },
      ],
    },
    { name: 'definition_version', apiName: 'Definition_Version__c', label: 'Definition', kind: 'text' },
    { name: 'explanation', apiName: 'Explanation__c', label: 'Explanation', kind: 'longtext' },
  ],
};

export function result(key: string, user: string | null = null): ResultChange {
  const fields = {
    kpi: 'win_rate',
    value: 0.18,
    period_start: '2026-10-01',
    data_as_of: now,
    current: true,
    user,
    status: 'off_target',
    definition_version: 'ab12cd34',
    explanation: 'Nine of fifty.',
  };
  return { key, change: 'create', fields, remoteId: null };
}
