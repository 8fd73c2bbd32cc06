import { RunError } from '../../src/model/errors.ts';
import { groupName, keyProperty, marker } from './result-properties.ts';
import type { Session } from './session.ts';
import type { PropertyRecord, SchemaRecord } from './shapes.ts';

/** Made by this program; descriptions can be edited or left out, so our key property is taken as a sign too. */
export function ownsSchema(schema: SchemaRecord): boolean {
  if (schema.description?.includes(marker)) return true;
  return schema.properties.some((one) => one.name === keyProperty || ownsProperty(one));
}

/** Where definitions come without their description, a name that only this program gives is the sign. */
export function ownsProperty(property: Pick<PropertyRecord, 'name' | 'description'>): boolean {
  return property.description?.includes(marker) ?? property.name.startsWith(`${groupName}_`);
}

/** What this program did not make is never touched. */
export function refuseForeign(session: Session, what: string): RunError {
  return new RunError('config', {
    where: `${session.name} ${what}`,
    message: `HubSpot already has ${what}, and crm-kpi did not make it.`,
    fix: 'Rename or remove it in HubSpot (Settings > Data Management), then run crm-kpi install again.',
  });
}

export function notInstalled(session: Session, what: string): RunError {
  return new RunError('config', {
    where: `connections.${session.name}.publish`,
    message: `HubSpot does not have ${what} yet, so results cannot be written.`,
    fix: `Run crm-kpi install ${session.name}`,
  });
}
