import type { ResultSchema } from '../../src/model/connector.ts';
import { ownReportMark, reportFolder } from './metadata-analytics.ts';
import { type Place, writePackage } from './package.ts';
import { writeMetadataXml, type XmlElements } from './xml.ts';
import type { ZipEntry } from './zip.ts';

const texts = {
  en: {
    field: 'Records behind it',
    deals: 'Deals of a period',
    dealsOfPerson: 'Deals of a person',
    cases: 'Cases of a period',
    casesOfPerson: 'Cases of a person',
  },
  es: {
    field: 'Registros que hay detrás',
    deals: 'Oportunidades de un periodo',
    dealsOfPerson: 'Oportunidades de una persona',
    cases: 'Casos de un periodo',
    casesOfPerson: 'Casos de una persona',
  },
} as const;

/** What results of a domain are made of, as reports of Salesforce know it. */
interface Subject {
  readonly reportType: string;
  readonly date: string;
  readonly owner: string;
  readonly columns: readonly string[];
}

const deals: Subject = {
  reportType: 'Opportunity',
  date: 'CLOSE_DATE',
  owner: 'FULL_NAME',
  columns: ['OPPORTUNITY_NAME', 'STAGE_NAME', 'AMOUNT', 'CLOSE_DATE', 'FULL_NAME'],
};
const cases: Subject = {
  reportType: 'CaseList',
  date: 'CREATED_DATEONLY',
  owner: 'OWNER',
  columns: ['CASE_NUMBER', 'SUBJECT', 'STATUS', 'PRIORITY', 'CREATED_DATEONLY', 'OWNER'],
};

const reports = [
  { name: 'KPI_Deals', title: 'deals', subject: deals, byPerson: false },
  { name: 'KPI_Deals_Person', title: 'dealsOfPerson', subject: deals, byPerson: true },
  { name: 'KPI_Cases', title: 'cases', subject: cases, byPerson: false },
  { name: 'KPI_Cases_Person', title: 'casesOfPerson', subject: cases, byPerson: true },
] as const;

export const recordReports: readonly string[] = reports.map(({ name }) => name);

/** The report of the records behind a result; null: none tells them. */
export function recordReportOf(domain: string, byPerson: boolean): string | null {
  const subject = domain === 'sales' || domain === 'customers' ? deals : domain === 'service' ? cases : null;
  return reports.find((one) => one.subject === subject && one.byPerson === byPerson)?.name ?? null;
}

export const linkField = { name: 'records', apiName: 'Records__c' } as const;

/** The result object with its own link beside the fields that every CRM has. */
export function withLink(target: ResultSchema): ResultSchema {
  const label = texts[target.language].field;
  return { ...target, fields: [...target.fields, { ...linkField, label, kind: 'text' }] };
}

/**
 * Reports whose filters a link fills in: from, before, person (Salesforce Help: Filter Reports via URL Parameters). Into
 * the folder that is there by then.
 */
export function recordsPackage({ apiVersion }: Place, target: ResultSchema): ZipEntry[] {
  return writePackage(apiVersion, {
    members: { Report: reports.map(({ name }) => `${reportFolder}/${name}`) },
    files: reports.map(({ name, title, subject, byPerson }) => ({
      path: `reports/${reportFolder}/${name}.report`,
      content: reportXml(texts[target.language][title], subject, byPerson),
    })),
  });
}

function reportXml(name: string, { reportType, date, owner, columns }: Subject, byPerson: boolean): string {
  const criteria: XmlElements[] = [
    { column: date, operator: 'greaterOrEqual', value: '2000-01-01' },
    { column: date, operator: 'lessThan', value: '2100-01-01' },
    ...(byPerson ? [{ column: owner, operator: 'equals', value: '' }] : []),
  ];
  return writeMetadataXml('Report', {
    columns: columns.map((field) => ({ field })),
    description: ownReportMark,
    filter: { criteriaItems: criteria },
    format: 'Tabular',
    name,
    reportType,
    scope: 'organization',
    showDetails: true,
    timeFrameFilter: { dateColumn: date, interval: 'INTERVAL_CUSTOM' },
  });
}
