import type { ResultSchema } from '../../src/model/connector.ts';
import { type Place, writePackage } from './package.ts';
import { writeMetadataXml } from './xml.ts';
import type { ZipEntry } from './zip.ts';

export const readersGroup = 'KPI_Readers';
export const companyRule = 'KPI_Company_Results';

const texts = {
  en: { group: 'KPI readers (crm-kpi)', rule: 'KPI results of the company' },
  es: { group: 'Lectores de KPI (crm-kpi)', rule: 'Resultados de KPI de la empresa' },
} as const;

/** Names of the group as we give them: one of another name is somebody else's. */
export const readersGroupNames: readonly string[] = Object.values(texts).map((text) => text.group);

/**
 * The object is private and a person's results are that person's. Results of the whole company belong to the
 * integration user, so a rule shares them with a public group, which is empty until the admin fills it.
 */
export function sharingPackage(place: Place, target: ResultSchema): ZipEntry[] | null {
  const { objectName, apiVersion } = place;
  const text = texts[target.language];
  const kind = target.fields.find((field) => field.name === 'segment_kind');
  if (!kind) return null;
  const rule = {
    fullName: companyRule,
    accessLevel: 'Read',
    criteriaItems: { field: kind.apiName, operation: 'equals', value: 'company' },
    // The integration user has no role, as a rule.
    includeRecordsOwnedByAll: true,
    label: text.rule,
    sharedTo: { group: readersGroup },
  };
  return writePackage(apiVersion, {
    members: { Group: [readersGroup], SharingCriteriaRule: [`${objectName}.${companyRule}`] },
    files: [
      {
        path: `groups/${readersGroup}.group`,
        content: writeMetadataXml('Group', { doesIncludeBosses: true, name: text.group }),
      },
      {
        path: `sharingRules/${objectName}.sharingRules`,
        content: writeMetadataXml('SharingRules', { sharingCriteriaRules: rule }),
      },
    ],
  });
}
