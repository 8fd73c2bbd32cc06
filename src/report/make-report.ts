import type { Kpi } from '../model/kpi.ts';
import type { ReportFormat, ReportRequest } from '../model/report.ts';
import { toCsv } from './csv-file.ts';
import type { Desk } from './desk.ts';
import { type ReportContent, readReport, reportedResults } from './document.ts';
import { toExcel } from './excel-file.ts';
import { createFormat, type Format } from './format.ts';
import { type PdfMaker, toPdf } from './pdf-file.ts';
import { reportDocument } from './report-page.ts';
import { sheetColumns } from './sheet-columns.ts';

export interface ReportFile {
  readonly body: Buffer;
  readonly contentType: string;
}

const contentTypes: Readonly<Record<ReportFormat, string>> = {
  html: 'text/html; charset=utf-8',
  pdf: 'application/pdf',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
};

/** One selection as a file: for the command, the page, a mail on schedule. */
export async function makeReport(
  desk: Desk,
  request: ReportRequest,
  as: { readonly format: ReportFormat; readonly pdf: PdfMaker },
): Promise<ReportFile> {
  const content = await readReport(desk, request);
  const format = createFormat(request.language, desk.settings.calendar.timeZone);
  return writeReport(content, { ...as, text: format, catalog: desk.catalog });
}

export interface WriteOptions {
  readonly format: ReportFormat;
  readonly pdf: PdfMaker;
  readonly text: Format;
  readonly catalog: readonly Kpi[];
}

export async function writeReport(content: ReportContent, options: WriteOptions): Promise<ReportFile> {
  return { body: await writeBody(content, options), contentType: contentTypes[options.format] };
}

async function writeBody(
  content: ReportContent,
  { format, pdf, text, catalog }: WriteOptions,
): Promise<Buffer> {
  const results = reportedResults(content);
  const columns = sheetColumns(catalog, text);
  switch (format) {
    case 'csv':
      return toCsv(columns, results);
    case 'xlsx':
      return toExcel(columns, results, content.title ?? text.say.reports.heading);
    case 'html':
      return Buffer.from(String(await reportDocument(content, text)));
    case 'pdf':
      return toPdf(String(await reportDocument(content, text, 'light')), pdf);
  }
}
