import type { ResultField, ResultSchema } from '../../src/model/connector.ts';
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
    all: 'All current',
    mine: 'My KPIs',
    offTarget: 'Off target',
    byKpi: 'By KPI',
  },
  es: {
    object: 'Resultado de KPI',
    plural: 'Resultados de KPI',
    name: 'Número',
    about: 'Resultados de KPI frente a objetivos, calculados y mantenidos por',
    writer: 'Conector de KPI',
    reader: 'Lector de KPI',
    all: 'Todos los actuales',
    mine: 'Mis KPI',
    offTarget: 'Fuera de objetivo',
    byKpi: 'Por KPI',
  },
} as const;

/** The files that make the result object, its tab, list views and permission sets. */
export function resultPackage(objectName: string, target: ResultSchema, apiVersion: string): ZipEntry[] {
  const members = [
    ['CustomObject', [objectName]],
    ['CustomTab', [objectName]],
    ['PermissionSet', [connectorPermissionSet, readerPermissionSet]],
  ] as const;
  return [
    {
      path: 'package.xml',
      content: writeMetadataXml('Package', {
        types: members.map(([name, list]) => ({ members: list, name })),
        version: apiVersion,
      }),
    },
    { path: `objects/${objectName}.object`, content: objectXml(target) },
    {
      path: `tabs/${objectName}.tab`,
      content: writeMetadataXml('CustomTab', { customObject: true, motif: 'Custom20: Airplane' }),
    },
    ...[connectorPermissionSet, readerPermissionSet].map((name) => ({
      path: `permissionsets/${name}.permissionset`,
      content: permissionSetXml(name, objectName, target),
    })),
  ];
}

/** Private: who sees whose figures is for the role hierarchy and the permission sets to say. */
function objectXml(target: ResultSchema): string {
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
    listViews: listViews(target),
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

function listViews(target: ResultSchema): XmlElements[] {
  const text = texts[target.language];
  const has = (name: string) => target.fields.find((field) => field.name === name)?.apiName;
  const columns = [
    'NAME',
    ...['label', 'segment_name', 'period_label', 'value_text', 'target', 'status', 'evidence'].flatMap(
      (name) => has(name) ?? [],
    ),
  ];
  const current = has('current');
  const status = has('status');
  const onlyCurrent = current ? [{ field: current, operation: 'equals', value: '1' }] : [];
  const view = (fullName: string, label: string, scope: 'Everything' | 'Mine', filters: XmlElements[]) => ({
    fullName,
    columns,
    filterScope: scope,
    filters,
    label,
  });
  const kpi = has('kpi');
  return [
    view('All_Current', text.all, 'Everything', onlyCurrent),
    { ...view('By_KPI', text.byKpi, 'Everything', []), columns: [...(kpi ? [kpi] : []), ...columns] },
    view('My_KPIs', text.mine, 'Mine', onlyCurrent),
    ...(status
      ? [
          view('Off_Target', text.offTarget, 'Everything', [
            ...onlyCurrent,
            { field: status, operation: 'equals', value: 'off_target' },
          ]),
        ]
      : []),
  ];
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
