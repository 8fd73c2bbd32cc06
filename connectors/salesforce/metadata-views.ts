import type { ResultSchema } from '../../src/model/connector.ts';
import type { XmlElements } from './xml.ts';

const texts = {
  en: { all: 'All current', mine: 'My KPIs', offTarget: 'Off target', byKpi: 'By KPI' },
  es: { all: 'Todos los actuales', mine: 'Mis KPI', offTarget: 'Fuera de objetivo', byKpi: 'Por KPI' },
} as const;

export function listViews(target: ResultSchema): XmlElements[] {
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
