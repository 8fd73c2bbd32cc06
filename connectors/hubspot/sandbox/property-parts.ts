import { makeOptions, type PropertyPart } from './property.ts';

/** A standard property; `readOnly`: HubSpot computes or sets it. */
export type StandardProperty = PropertyPart & { readonly readOnly?: boolean };

export const text = (name: string): StandardProperty => ({ name, type: 'string' });
export const number = (name: string): StandardProperty => ({ name, type: 'number' });
export const bool = (name: string): StandardProperty => ({ name, type: 'bool' });
export const instant = (name: string): StandardProperty => ({ name, type: 'datetime' });
export const pick = (name: string, values: Parameters<typeof makeOptions>[0]): StandardProperty => ({
  name,
  type: 'enumeration',
  options: makeOptions(values),
});
export const set = (property: StandardProperty): StandardProperty => ({ ...property, readOnly: true });
export const html = (name: string): StandardProperty => ({ name, type: 'string', fieldType: 'html' });
