import { formatResult } from '../model/format.ts';
import type { Kpi, Language } from '../model/kpi.ts';
import { resultKey } from '../model/result.ts';
import type { StoredResult } from '../model/result-store.ts';
import { textOf, words } from '../report/words.ts';
import type { CommandContext } from './context.ts';
import { formatTable } from './table.ts';

export interface Printable {
  readonly kpi: Kpi;
  readonly result: StoredResult;
  readonly language: Language;
  /** What it was when it became official, and what moved it since. */
  readonly restated: string | null;
  readonly json: {
    readonly definition: string;
    readonly formula: string;
    readonly rule: string | null;
    readonly notes: readonly string[];
    readonly inputs?: readonly {
      readonly kpi: string;
      readonly num: number | null;
      readonly den: number | null;
      readonly n: number;
    }[];
    readonly result: {
      readonly reason: string | null;
      readonly num: number | null;
      readonly den: number | null;
    };
    readonly facts: readonly {
      readonly at: string;
      readonly num: number | null;
      readonly den: number | null;
      readonly object: string;
      readonly id: string;
      readonly url: string | null;
    }[];
    readonly factsTotal: number;
    readonly exclusions: readonly { readonly reason: string; readonly n: number }[];
    readonly keptFrom: string | null;
    readonly changes: {
      readonly since: string;
      readonly recordsTotal: number;
      readonly left: { readonly n: number; readonly records: readonly unknown[] };
    } | null;
  };
}

const texts = {
  en: {
    sum: 'sum',
    counted: (n: number, missing: number) =>
      `${n} records count, ${missing} left out because a figure is missing.`,
    restated: 'Restated',
    input: (kpi: string, sums: string, n: number) => `  ${kpi}: ${sums}, ${n} records`,
    goal: 'Goal',
    evidence: 'evidence',
    flags: 'Flags',
    excluded: 'Does not count',
    changed: (n: number, since: string) => `${n} of the records came or changed since ${since}`,
    left: (n: number, gone: number) =>
      `At least ${n} records that counted then no longer do (${gone} deleted or merged in the CRM)`,
    keptFrom: (day: string) =>
      `Older records were let go (setting retention): the figure stands as it was computed, and all of its records are there from ${day} on only`,
    headings: ['When', '>Num', '>Den', 'Record'],
    shown: (some: number, all: number) => `${some} of ${all} records shown; --limit shows more.`,
    key: 'Key in the CRM',
  },
  es: {
    sum: 'suma',
    counted: (n: number, missing: number) =>
      `cuentan ${n} registros; ${missing} quedan fuera porque falta un dato.`,
    restated: 'Corregido',
    input: (kpi: string, sums: string, n: number) => `  ${kpi}: ${sums}, ${n} registros`,
    goal: 'Objetivo',
    evidence: 'evidencia',
    flags: 'Avisos',
    excluded: 'No cuentan',
    changed: (n: number, since: string) => `${n} de los registros son nuevos o han cambiado desde ${since}`,
    left: (n: number, gone: number) =>
      `Al menos ${n} registros que entonces contaban ya no cuentan (${gone} eliminados o fusionados en el CRM)`,
    keptFrom: (day: string) =>
      `Los registros más antiguos se eliminaron (ajuste retention): la cifra sigue como se calculó, y solo desde el ${day} están todos sus registros`,
    headings: ['Cuándo', '>Num', '>Den', 'Registro'],
    shown: (some: number, all: number) => `Se muestran ${some} de ${all} registros; --limit muestra más.`,
    key: 'Clave en el CRM',
  },
} as const;

export function printExplanation(
  { out, note }: CommandContext,
  { kpi, result, json, language, restated }: Printable,
): void {
  const say = texts[language];
  out(`${kpi.label[language]} (${kpi.id}), ${result.periodLabel}: ${formatResult(result, language)}`);
  out(json.definition);
  out(json.formula);
  const { num, den } = json.result;
  const parts = den === null ? `${say.sum} ${plain(num)}` : `${plain(num)} / ${plain(den)}`;
  out(`${parts}; ${say.counted(result.n, result.nMissing)}`);
  for (const input of json.inputs ?? []) out(inputLine(input, say));
  if (restated !== null) out(`${say.restated}: ${restated}.`);
  if (json.result.reason !== null) out(`${capitalised(json.result.reason)}.`);
  if (result.status) {
    const { status, evidenceShort } = words[language];
    const evidence = result.evidence ? `; ${say.evidence}: ${evidenceShort[result.evidence]}` : '';
    const rule = json.rule ? ` (${json.rule})` : '';
    out(`${say.goal} ${result.goal}: ${status[result.status]}${rule}${evidence}.`);
  }
  if (result.flags.length > 0)
    out(`${say.flags}: ${result.flags.map((flag) => textOf(words[language].flag, flag)).join('; ')}.`);
  for (const note of json.notes) out(note);
  if (json.exclusions.length > 0)
    out(`${say.excluded}: ${json.exclusions.map(({ reason, n }) => `${n} ${reason}`).join('; ')}.`);
  if (json.keptFrom !== null) out(`${say.keptFrom(json.keptFrom)}.`);
  if (json.changes) out(`${say.changed(json.changes.recordsTotal, json.changes.since)}.`);
  if (json.changes && json.changes.left.n > 0)
    out(`${say.left(json.changes.left.n, json.changes.left.records.length)}.`);
  const rows = json.facts.map(({ at, num, den, object, id, url }) => [
    at,
    plain(num),
    den === null ? '' : plain(den),
    url ?? `${object} ${id}`,
  ]);
  out('');
  out(formatTable(say.headings, rows));
  if (json.factsTotal > json.facts.length) note(say.shown(json.facts.length, json.factsTotal));
  note(`${say.key}: ${resultKey(result)}`);
}

type Input = NonNullable<Printable['json']['inputs']>[number];

/** What one of the KPIs that it is computed from came to. */
function inputLine({ kpi, num, den, n }: Input, say: (typeof texts)[Language]): string {
  return say.input(kpi, den === null ? plain(num) : `${plain(num)} / ${plain(den)}`, n);
}

const digits = 4;

/** No more digits than anyone checks. */
function plain(value: number | null): string {
  return value === null ? '–' : String(Number(value.toFixed(digits)));
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
