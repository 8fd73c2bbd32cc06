import type { Labels } from '../model/kpi.ts';
import type { Bench } from './bench.ts';
import { type Found, joinFound, type Reading, silent } from './detector.ts';

/** Looks where enough is told, and says where it is not. */
export async function findReadable(
  bench: Bench,
  reading: Reading,
  find: (bench: Bench) => Promise<Found>,
): Promise<Found> {
  const seen = readable(bench, reading);
  const reasons = silent(...seen.silences);
  return seen.blind ? reasons : joinFound([reasons, await find(seen.bench)]);
}

export interface Readable {
  /** Passes over rows of connections that do not tell enough. */
  readonly bench: Bench;
  /** No connection is left. */
  readonly blind: boolean;
  readonly silences: readonly Labels[];
}

/** What can be judged of a rule, and where it cannot. */
export function readable(bench: Bench, { of, tables = [], columns = [] }: Reading): Readable {
  const delivering = bench.delivering(of);
  const lacks = delivering
    .map((source) => ({
      source,
      tables: tables.filter((table) => !bench.delivering(table).includes(source)),
      columns: columns.filter((column) => !bench.columns.told(source, column)),
    }))
    .filter((lack) => lack.tables.length + lack.columns.length > 0);
  if (lacks.length === 0) return { bench, blind: false, silences: [] };
  const left = new Set(lacks.map(({ source }) => source));
  return {
    blind: left.size === delivering.length,
    silences: lacks.map(silenceOf),
    bench: {
      ...bench,
      delivering: (table) => bench.delivering(table).filter((source) => !left.has(source)),
      each: (sql, visit) =>
        bench.each(sql, (row) => {
          if (!left.has(String(row[0]))) visit(row);
        }),
    },
  };
}

interface Lack {
  readonly source: string;
  readonly tables: readonly string[];
  readonly columns: readonly string[];
}

function silenceOf({ source, tables, columns }: Lack): Labels {
  if (tables.length > 0) {
    const names = tables.join(', ');
    return {
      en: `No ${names} from ${source}: left out of \`objects\`, not permitted, or unknown to this kind of CRM.`,
      es: `De ${source} no llega ${names}: falta en \`objects\`, no está permitido o este tipo de CRM no lo tiene.`,
    };
  }
  const names = columns.join(', ');
  return {
    en: `Of ${source} these columns are not read, because no KPI under \`kpis\` needs them: ${names}.`,
    es: `De ${source} no se leen estas columnas, porque ningún KPI de \`kpis\` las necesita: ${names}.`,
  };
}
