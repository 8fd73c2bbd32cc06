import type { Held, Standing } from '../improve/benchmarks.ts';
import type { InternalStanding } from '../improve/internal-benchmark.ts';
import { formatValue } from '../model/format.ts';
import type { Kpi, Labels, Language } from '../model/kpi.ts';
import type { Settings } from '../model/settings.ts';
import { formatTable } from './table.ts';

type Scale = Pick<Settings, 'currency' | 'language'>;

const words: Readonly<
  Record<Standing | InternalStanding['standing'] | 'different' | 'team' | 'connection' | 'dated', Labels>
> = {
  above: { en: 'above', es: 'por encima' },
  near: { en: 'near', es: 'parecido' },
  below: { en: 'below', es: 'por debajo' },
  different: { en: 'not comparable', es: 'no comparable' },
  dated: { en: 'dated', es: 'antiguo' },
  better: { en: 'better', es: 'mejor' },
  worse: { en: 'worse', es: 'peor' },
  no_evidence: { en: 'no evidence', es: 'sin evidencia' },
  too_few: { en: 'too few records', es: 'muy pocos registros' },
  team: { en: 'team against the others', es: 'cada equipo frente a los demás' },
  connection: { en: 'connection against the others', es: 'cada conexión frente a las demás' },
};

export function standingLabel(word: string, language: Language): string {
  return word in words ? words[word as keyof typeof words][language] : word;
}

const headings: Readonly<Record<Language, readonly string[]>> = {
  en: ['KPI', '>Ours', '>Benchmark', 'Verdict', 'Whose', 'Source', 'Measured'],
  es: ['KPI', '>Nuestro', '>Referencia', 'Veredicto', 'De quién', 'Fuente', 'Medido'],
};

export function benchmarkTable(
  held: readonly { readonly kpi: Kpi; readonly held: Held }[],
  { currency, language }: Scale,
): string {
  const rows = held.map(({ kpi, held: one }) => {
    const format = (value: number | null) => formatValue(value, { unit: kpi.unit, currency, language });
    const figure = one.low === one.high ? format(one.low) : `${format(one.low)} – ${format(one.high)}`;
    const verdict =
      one.comparability === 'different' ? words.different : one.standing ? words[one.standing] : null;
    const about = [one.segment[language], one.statistic, one.note?.[language]].filter(Boolean).join('; ');
    const when = one.measuredOn ?? one.publishedOn ?? '–';
    return [
      kpi.label[language],
      format(one.value),
      figure,
      verdict?.[language] ?? '–',
      about,
      one.source,
      one.dated ? `${when} (${words.dated[language]})` : when,
    ];
  });
  return formatTable(headings[language], rows);
}

const internalHeadings: Readonly<Record<Language, readonly string[]>> = {
  en: ['Segment', '>Value', '>Others', '>Difference, 95 %', 'Verdict', '>Records'],
  es: ['Segmento', '>Valor', '>Los demás', '>Diferencia, 95 %', 'Veredicto', '>Registros'],
};

export function internalTable(
  standings: readonly InternalStanding[],
  { kpi, currency, language }: Scale & { readonly kpi: Kpi },
): string {
  const format = (value: number | null) => formatValue(value, { unit: kpi.unit, currency, language });
  const rows = standings.map(({ segment, value, rest, size, standing, n }) => [
    segment.name ?? segment.id ?? '',
    format(value),
    format(rest),
    size ? `${format(size.effect)} [${format(size.low)}, ${format(size.high)}]` : '',
    words[standing][language],
    String(n),
  ]);
  return formatTable(internalHeadings[language], rows);
}
