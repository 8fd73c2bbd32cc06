import type { ResultSchema } from '../../src/model/connector.ts';
import { writeMetadataXml, type XmlElements } from './xml.ts';

const texts = {
  en: {
    title: 'KPIs against goals',
    gauge: 'Attainment, average (1 = on target)',
    status: 'KPIs by status',
    count: 'KPIs with results',
    trend: 'Attainment by month',
    shortfall: 'Off target and at risk',
  },
  es: {
    title: 'KPI frente a objetivos',
    gauge: 'Cumplimiento medio (1 = en objetivo)',
    status: 'KPI por estado',
    count: 'KPI con resultados',
    trend: 'Cumplimiento por mes',
    shortfall: 'Fuera de objetivo y en riesgo',
  },
} as const;

interface Tile {
  readonly column: number;
  readonly row: number;
  readonly width: number;
  readonly component: XmlElements;
}

/**
 * Runs as a specified user, the deploying one where none is named: dynamic dashboards are few in every edition and do
 * not exist in Professional (Help: Dynamic Dashboards).
 */
export function dashboardXml(folder: string, language: ResultSchema['language']): string {
  const text = texts[language];
  const colours = {
    indicatorHighColor: '#54C254',
    indicatorLowColor: '#C25454',
    indicatorMiddleColor: '#C2C254',
  };
  const gauge = {
    ...component('Gauge', text.gauge, `${folder}/KPI_Attainment`),
    ...colours,
    gaugeMax: 1.5,
    gaugeMin: 0,
    indicatorBreakpoint1: 0.9,
    indicatorBreakpoint2: 1,
  };
  return writeMetadataXml('Dashboard', {
    backgroundEndColor: '#FFFFFF',
    backgroundFadeDirection: 'Diagonal',
    backgroundStartColor: '#FFFFFF',
    dashboardGridLayout: {
      dashboardGridComponents: [
        { column: 0, row: 0, width: 4, component: gauge },
        { column: 4, row: 0, width: 5, component: component('Bar', text.status, `${folder}/KPI_By_Status`) },
        {
          column: 9,
          row: 0,
          width: 3,
          component: component('Metric', text.count, `${folder}/KPI_By_Status`),
        },
        { column: 0, row: 6, width: 12, component: component('Line', text.trend, `${folder}/KPI_Trend`) },
        {
          column: 0,
          row: 12,
          width: 12,
          component: component('FlexTable', text.shortfall, `${folder}/KPI_Off_Target`),
        },
      ].map(placeTile),
      numberOfColumns: 12,
      rowHeight: 36,
    },
    dashboardType: 'SpecifiedUser',
    isGridLayout: true,
    textColor: '#000000',
    title: text.title,
    titleColor: '#000000',
    titleSize: 12,
  });
}

function component(componentType: string, header: string, report: string): XmlElements {
  return {
    autoselectColumnsFromReport: true,
    componentType,
    displayUnits: 'Auto',
    header,
    report,
    sortBy: 'RowLabelAscending',
  };
}

function placeTile({ column, row, width, component: dashboardComponent }: Tile): XmlElements {
  return { colSpan: width, columnIndex: column, dashboardComponent, rowIndex: row, rowSpan: 6 };
}
