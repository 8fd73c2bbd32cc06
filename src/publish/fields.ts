import type { ResultField, ResultSchema } from '../model/connector.ts';
import { statuses } from '../model/goal.ts';
import type { Language } from '../model/kpi.ts';
import { grains } from '../model/period.ts';
import { words } from './words.ts';

type FieldDefinition = readonly [
  apiName: string,
  kind: ResultField['kind'],
  en: string,
  es: string,
  values?: readonly string[],
];

/** The fields of a result record in the CRM; users rely on these names. */
const definitions: readonly FieldDefinition[] = [
  ['Key__c', 'key', 'Key', 'Clave'],
  ['KPI__c', 'text', 'KPI', 'KPI'],
  ['Label__c', 'text', 'KPI name', 'Nombre del KPI'],
  ['Domain__c', 'text', 'Domain', 'Ámbito'],
  ['Period_Start__c', 'date', 'Period start', 'Inicio del periodo'],
  ['Period_End__c', 'date', 'Period end (exclusive)', 'Fin del periodo (excluido)'],
  ['Period_Label__c', 'text', 'Period', 'Periodo'],
  ['Grain__c', 'pick', 'Grain', 'Granularidad', grains],
  ['Segment_Kind__c', 'text', 'Segment kind', 'Tipo de segmento'],
  ['Segment_Name__c', 'text', 'Segment', 'Segmento'],
  ['User__c', 'user', 'Person', 'Persona'],
  ['Value__c', 'number', 'Value', 'Valor'],
  ['Value_Text__c', 'text', 'Value (text)', 'Valor (texto)'],
  ['Unit__c', 'text', 'Unit', 'Unidad'],
  ['Currency__c', 'text', 'Currency', 'Moneda'],
  ['Numerator__c', 'number', 'Numerator', 'Numerador'],
  ['Denominator__c', 'number', 'Denominator', 'Denominador'],
  ['Count__c', 'number', 'Records', 'Registros'],
  ['Target__c', 'number', 'Target', 'Objetivo'],
  ['Baseline__c', 'number', 'Baseline', 'Línea base'],
  ['Previous_Value__c', 'number', 'Previous value', 'Valor anterior'],
  ['Variance__c', 'number', 'Variance', 'Desviación'],
  ['Attainment__c', 'number', 'Attainment', 'Cumplimiento'],
  ['Status__c', 'pick', 'Status', 'Estado', statuses],
  ['Evidence__c', 'pick', 'Evidence', 'Evidencia', ['clear', 'within_noise', 'unknown']],
  ['Trend__c', 'pick', 'Trend', 'Tendencia', ['rising', 'falling', 'none']],
  ['Forecast__c', 'number', 'Forecast', 'Previsión'],
  ['Stage__c', 'pick', 'Stage', 'Fase', ['preliminary', 'official', 'restated']],
  ['Restated_Value__c', 'number', 'Restated value', 'Valor revisado'],
  ['Definition_Version__c', 'text', 'Definition version', 'Versión de la definición'],
  ['Goal_Version__c', 'text', 'Goal version', 'Versión del objetivo'],
  ['Data_As_Of__c', 'instant', 'Data as of', 'Datos a fecha de'],
  ['Current__c', 'bool', 'Current', 'Vigente'],
  ['Explanation__c', 'longtext', 'Explanation', 'Explicación'],
];

/** Canonical name of a field: `Period_Start__c` -> `period_start`. */
export function fieldName(apiName: string): string {
  return apiName.replace(/__c$/, '').toLowerCase();
}

export function resultSchema(language: Language): ResultSchema {
  return {
    language,
    fields: definitions.map(([apiName, kind, en, es, values]) => ({
      name: fieldName(apiName),
      apiName,
      kind,
      label: language === 'es' ? es : en,
      ...(values && {
        values: values.map((value) => ({ value, label: words[language].values[value] ?? value })),
      }),
    })),
  };
}
