import { adminObjects, currencyObjects } from './admin.ts';
import { companyObjects } from './company.ts';
import { pick } from './fields.ts';
import { marketingObjects } from './marketing.ts';
import { defineObject, type ObjectSpec, type SObject } from './object.ts';
import { salesObjects } from './sales.ts';
import { serviceObjects } from './service.ts';

/** Objects whose amounts, or the amounts of their children, have a currency of their own. */
const withCurrency = [
  'Account',
  'Contact',
  'Lead',
  'Opportunity',
  'OpportunityHistory',
  'Campaign',
  'Case',
  'Contract',
  'ForecastingQuota',
  'Product2',
];

/** The objects of a new org; with several currencies, each amount names its own. */
export function standardObjects(currencies: readonly string[]): SObject[] {
  const several = currencies.length > 1;
  const all = {
    ...adminObjects,
    ...salesObjects,
    ...serviceObjects,
    ...marketingObjects,
    ...companyObjects,
    ...(several ? currencyObjects : {}),
  };
  return Object.entries(all).map(([name, spec]) =>
    defineObject(name, several ? addCurrency(name, spec, currencies) : spec),
  );
}

function addCurrency(name: string, spec: ObjectSpec, currencies: readonly string[]): ObjectSpec {
  if (name === 'User') {
    return { ...spec, fields: { ...spec.fields, DefaultCurrencyIsoCode: pick(currencies.join('|')) } };
  }
  if (!withCurrency.includes(name)) return spec;
  const code = pick(currencies.join('|'), { restricted: true });
  return { ...spec, fields: { ...spec.fields, CurrencyIsoCode: code } };
}
