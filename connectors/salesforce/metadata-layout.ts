import type { ResultSchema } from '../../src/model/connector.ts';
import { writeMetadataXml, type XmlElements } from './xml.ts';

const texts = {
  en: { result: 'Result', reason: 'How it came about', details: 'Details' },
  es: { result: 'Resultado', reason: 'Cómo se obtuvo', details: 'Detalles' },
} as const;

const result = [
  ['label', 'segment_name', 'period_label', 'user', 'status', 'evidence', 'trend'],
  ['value_text', 'value', 'target', 'attainment', 'variance', 'previous_value', 'baseline', 'forecast'],
] as const;

/** A new object has a layout of this name, which every profile is given: ours takes its place. */
export function layoutName(objectName: string, label: string): string {
  return `${objectName}-${label} Layout`;
}

/** The result first, then the sentence that explains it, then everything else. */
export function layoutXml(target: ResultSchema): string {
  const text = texts[target.language];
  const shown = new Set<string>([...result.flat(), 'explanation']);
  const rest = target.fields.filter((field) => !shown.has(field.name)).map((field) => field.apiName);
  const half = Math.ceil(rest.length / 2);
  const namesOf = (names: readonly string[]) =>
    names.flatMap((name) => target.fields.find((field) => field.name === name)?.apiName ?? []);
  return writeMetadataXml('Layout', {
    layoutSections: [
      section(text.result, 'TwoColumnsTopToBottom', [namesOf(result[0]), namesOf(result[1])]),
      section(text.reason, 'OneColumn', [namesOf(['explanation'])]),
      section(text.details, 'TwoColumnsTopToBottom', [
        ['Name', ...rest.slice(0, half)],
        ['OwnerId', ...rest.slice(half)],
      ]),
    ],
    showEmailCheckbox: false,
    showHighlightsPanel: false,
    showInteractionLogPanel: false,
    showRunAssignmentRulesCheckbox: false,
    showSubmitAndAttachButton: false,
  });
}

function section(label: string, style: string, columns: readonly (readonly string[])[]): XmlElements {
  return {
    customLabel: true,
    detailHeading: true,
    editHeading: true,
    label,
    layoutColumns: columns.map((names) => ({
      layoutItems: names.map((field) => ({ behavior: field === 'Name' ? 'Readonly' : 'Edit', field })),
    })),
    style,
  };
}
