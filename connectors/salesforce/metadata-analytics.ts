import type { ResultField, ResultSchema } from '../../src/model/connector.ts';
import { dashboardXml } from './metadata-dashboard.ts';
import { readersGroup } from './metadata-sharing.ts';
import { type Place, writePackage } from './package.ts';
import { writeMetadataXml, type XmlElements } from './xml.ts';
import type { ZipEntry } from './zip.ts';

export const reportFolder = 'KPI_Reports';
export const dashboardFolder = 'KPI_Dashboards';
export const dashboardName = `${dashboardFolder}/KPI_Overview`;

const texts = {
  en: {
    folder: 'KPI results (crm-kpi)',
    attainment: 'Attainment by KPI',
    status: 'Results by status',
    trend: 'Attainment over time',
    shortfall: 'Off target and at risk',
    people: 'Results by person',
  },
  es: {
    folder: 'Resultados de KPI (crm-kpi)',
    attainment: 'Cumplimiento por KPI',
    status: 'Resultados por estado',
    trend: 'Evolución del cumplimiento',
    shortfall: 'Fuera de objetivo y en riesgo',
    people: 'Resultados por persona',
  },
} as const;

/** In the description of each report: a folder that was renamed is known by what lies in it. */
export const ownReportMark = 'crm-kpi: results of KPIs against goals';

/** Names of the folders as we give them. */
export const ownFolderNames: readonly string[] = Object.values(texts).map((text) => text.folder);

interface ReportSpec {
  readonly name: string;
  readonly title: string;
  readonly groupBy: readonly string[];
  readonly columns: readonly string[];
  /** Averaged per group. */
  readonly average?: string;
  readonly only: Readonly<Record<string, string>>;
}

/**
 * A dashboard shows everybody who may open it what its running user sees, so the reports behind it hold results of the
 * company alone. A report shows its reader what that reader may see: the one by person needs no such limit.
 */
function reportSpecs(language: ResultSchema['language']): readonly ReportSpec[] {
  const text = texts[language];
  const company = { segment_kind: 'company' };
  const figures = ['period_label', 'value_text', 'target', 'status'];
  return [
    {
      name: 'KPI_Attainment',
      title: text.attainment,
      groupBy: ['label'],
      columns: figures,
      average: 'attainment',
      only: { ...company, current: '1' },
    },
    {
      name: 'KPI_By_Status',
      title: text.status,
      groupBy: ['status'],
      columns: ['label', 'period_label', 'value_text', 'target'],
      only: { ...company, current: '1' },
    },
    {
      name: 'KPI_Trend',
      title: text.trend,
      groupBy: ['period_start'],
      columns: ['label', ...figures],
      average: 'attainment',
      only: company,
    },
    {
      name: 'KPI_Off_Target',
      title: text.shortfall,
      groupBy: ['label'],
      columns: [...figures, 'variance'],
      only: { ...company, current: '1', status: 'off_target,at_risk' },
    },
    {
      name: 'KPI_By_Person',
      title: text.people,
      groupBy: ['segment_name'],
      columns: ['label', ...figures],
      average: 'attainment',
      only: { segment_kind: 'owner', current: '1' },
    },
  ];
}

export const reportNames: readonly string[] = reportSpecs('en').map(({ name }) => `${reportFolder}/${name}`);

/** Needed by the reports; without them there is nothing to report on. */
const needed = [
  'kpi',
  'label',
  'segment_kind',
  'segment_name',
  'status',
  'attainment',
  'period_start',
  'current',
];

/** null: the result object has not the fields that reports are made of. */
export function analyticsPackage(
  place: Place,
  target: ResultSchema,
  { shared }: { readonly shared: boolean },
): ZipEntry[] | null {
  const fields = new Map(target.fields.map((field) => [field.name, field]));
  if (needed.some((name) => !fields.has(name))) return null;
  const specs = reportSpecs(target.language);
  const title = texts[target.language].folder;
  return writePackage(place.apiVersion, {
    members: { Report: [reportFolder, ...reportNames], Dashboard: [dashboardFolder, dashboardName] },
    files: [
      { path: `reports/${reportFolder}-meta.xml`, content: folderXml('ReportFolder', title, everyone) },
      ...specs.map((spec) => ({
        path: `reports/${reportFolder}/${spec.name}.report`,
        content: reportXml(spec, { objectName: place.objectName, fields }),
      })),
      {
        path: `dashboards/${dashboardFolder}-meta.xml`,
        content: folderXml('DashboardFolder', title, shared ? readers : null),
      },
      { path: `dashboards/${dashboardName}.dashboard`, content: dashboardXml(reportFolder, target.language) },
    ],
  });
}

/** Who opens a report sees what he or she may see anyway. */
const everyone = { accessLevel: 'View', sharedTo: 'AllInternalUsers', sharedToType: 'Organization' };
const readers = { accessLevel: 'View', sharedTo: readersGroup, sharedToType: 'Group' };

function folderXml(root: string, name: string, share: XmlElements | null): string {
  return writeMetadataXml(root, { ...(share ? { folderShares: share } : {}), name });
}

interface ReportPlace {
  readonly objectName: string;
  readonly fields: ReadonlyMap<string, ResultField>;
}

function reportXml(spec: ReportSpec, { objectName, fields }: ReportPlace): string {
  const pathOf = (name: string) => {
    const field = fields.get(name);
    return field ? [`${objectName}.${field.apiName}`] : [];
  };
  // The record that tells freshness is no result.
  const criteria = [
    ...Object.entries(spec.only).flatMap(([name, value]) =>
      pathOf(name).map((column) => ({ column, operator: 'equals', value })),
    ),
    ...pathOf('kpi').map((column) => ({ column, operator: 'notEqual', value: '_status' })),
  ];
  const average = spec.average ? pathOf(spec.average) : [];
  return writeMetadataXml('Report', {
    columns: [
      ...spec.columns.flatMap(pathOf).map((field) => ({ field })),
      ...average.map((field) => ({ aggregateTypes: 'Average', field })),
    ],
    description: ownReportMark,
    filter: { criteriaItems: criteria },
    format: 'Summary',
    groupingsDown: spec.groupBy.flatMap(pathOf).map((field) => ({
      dateGranularity: spec.name === 'KPI_Trend' ? 'Month' : 'Day',
      field,
      sortOrder: 'Asc',
    })),
    name: spec.title,
    reportType: `CustomEntity$${objectName}`,
    scope: 'organization',
    showDetails: true,
    timeFrameFilter: { dateColumn: 'CUST_CREATED_DATE', interval: 'INTERVAL_CUSTOM' },
  });
}
