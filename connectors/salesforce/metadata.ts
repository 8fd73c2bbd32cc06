import type { ResultField, ResultSchema } from '../../src/model/connector.ts';
import { layoutName, layoutXml } from './metadata-layout.ts';
import { linkField } from './metadata-records.ts';
import { listViews } from './metadata-views.ts';
import { type Place, writePackage } from './package.ts';
import { writeMetadataXml, type XmlElements } from './xml.ts';
import type { ZipEntry } from './zip.ts';

export const connectorPermissionSet = 'KPI_Connector';
export const readerPermissionSet = 'KPI_Reader';
/** Stands in the descriptions of what we install: how we know it again. */
export const ownMark = 'crm-kpi';

const texts = {
  en: {
    object: 'KPI result',
    plural: 'KPI results',
    name: 'Number',
    about: 'Results of KPIs against goals, computed and kept up to date by',
    writer: 'KPI connector',
    reader: 'KPI reader',
  },
  es: {
    object: 'Resultado de KPI',
    plural: 'Resultados de KPI',
    name: 'Número',
    about: 'Resultados de KPI frente a objetivos, calculados y mantenidos por',
    writer: 'Conector de KPI',
    reader: 'Lector de KPI',
  },
} as const;

export interface CoreParts {
  /** Only new objects get list views and a layout: afterwards they are the admin's to change. */
  readonly isNew: boolean;
  readonly withLayout: boolean;
}

/** The files that make the result object, its tab, list views, page layout and permission sets. */
export function resultPackage(place: Place, target: ResultSchema, parts: CoreParts): ZipEntry[] {
  const { objectName } = place;
  const layout = layoutName(objectName, texts[target.language].object);
  const withLayout = parts.isNew && parts.withLayout;
  const sets = [connectorPermissionSet, readerPermissionSet];
  return writePackage(place.apiVersion, {
    members: {
      CustomObject: [objectName],
      CustomTab: [objectName],
      ...(withLayout ? { Layout: [layout] } : {}),
      PermissionSet: sets,
    },
    files: [
      { path: `objects/${objectName}.object`, content: objectXml(target, parts.isNew) },
      {
        path: `tabs/${objectName}.tab`,
        content: writeMetadataXml('CustomTab', { customObject: true, motif: 'Custom20: Airplane' }),
      },
      ...(withLayout ? [{ path: `layouts/${layout}.layout`, content: layoutXml(target) }] : []),
      ...sets.map((name) => ({
        path: `permissionsets/${name}.permissionset`,
        content: permissionSetXml(name, objectName, target),
      })),
    ],
  });
}

/** Private: who sees whose figures is for the role hierarchy and the permission sets to say. */
function objectXml(target: ResultSchema, isNew: boolean): string {
  const text = texts[target.language];
  return writeMetadataXml('CustomObject', {
    deploymentStatus: 'Deployed',
    description: `${text.about} ${ownMark}.`,
    enableBulkApi: true,
    enableReports: true,
    enableSearch: true,
    enableSharing: true,
    enableStreamingApi: true,
    fields: target.fields.map((field) => fieldXml(field, target)),
    label: text.object,
    ...(isNew ? { listViews: listViews(target) } : {}),
    nameField: { displayFormat: 'KPI-{000000}', label: text.name, type: 'AutoNumber' },
    pluralLabel: text.plural,
    sharingModel: 'Private',
  });
}

function fieldXml(field: ResultField, target: ResultSchema): XmlElements {
  return {
    fullName: field.apiName,
    description: `${ownMark}: ${field.name}`,
    label: field.label.slice(0, 40),
    ...fieldType(field, target),
  };
}

function fieldType(field: ResultField, target: ResultSchema): XmlElements {
  if (field.name === linkField.name) return { type: 'Url' };
  switch (field.kind) {
    case 'key':
      return { type: 'Text', length: 255, externalId: true, unique: true, caseSensitive: true };
    case 'text':
      return { type: 'Text', length: 255 };
    case 'longtext':
      return { type: 'LongTextArea', length: 32768, visibleLines: 4 };
    case 'number':
      return { type: 'Number', precision: 18, scale: 6 };
    case 'date':
      return { type: 'Date' };
    case 'instant':
      return { type: 'DateTime' };
    case 'bool':
      return { type: 'Checkbox', defaultValue: false };
    case 'pick':
      return { type: 'Picklist', valueSet: valueSetOf(field) };
    case 'user':
      return { type: 'Lookup', referenceTo: 'User', ...relationOf(field, target) };
  }
}

function valueSetOf(field: ResultField): XmlElements {
  const value = (field.values ?? []).map(({ value, label }) => ({ fullName: value, default: false, label }));
  return { restricted: true, valueSetDefinition: { sorted: false, value } };
}

/** Relationship names are unique among all lookups to User. */
function relationOf(field: ResultField, target: ResultSchema): XmlElements {
  const first = target.fields.find((other) => other.kind === 'user');
  const name = first === field ? 'KPI_Results' : `KPI_Results_${field.apiName.replace(/__c$/, '')}`;
  return {
    deleteConstraint: 'SetNull',
    relationshipLabel: texts[target.language].plural,
    relationshipName: name,
  };
}

/** A permission set is replaced as a whole, so all of it is sent each time. */
function permissionSetXml(name: string, objectName: string, target: ResultSchema): string {
  const text = texts[target.language];
  const writes = name === connectorPermissionSet;
  return writeMetadataXml('PermissionSet', {
    description: permissionSetMark(objectName),
    fieldPermissions: target.fields.map((field) => ({
      editable: writes,
      field: `${objectName}.${field.apiName}`,
      readable: true,
    })),
    label: writes ? text.writer : text.reader,
    objectPermissions: {
      allowCreate: writes,
      allowDelete: writes,
      allowEdit: writes,
      allowRead: true,
      modifyAllRecords: writes,
      object: objectName,
      viewAllRecords: writes,
    },
    tabSettings: { tab: objectName, visibility: 'Visible' },
  });
}

export function permissionSetMark(objectName: string): string {
  return `${ownMark}: ${objectName}`;
}
