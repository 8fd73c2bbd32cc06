import type { Kpi, Labels } from '../../model/kpi.ts';

const dayMs = 86_400_000;
const hourMs = 3_600_000;

/** How a KPI's records add up, in words. */
export function formulaOf(kpi: Kpi): Labels {
  const parts = [basis(kpi), ...conditions(kpi)];
  return { en: parts.map(({ en }) => en).join(' '), es: parts.map(({ es }) => es).join(' ') };
}

function basis(kpi: Kpi): Labels {
  if (kpi.derive) {
    const { num, den } = kpi.derive;
    const text = den === null ? num : `(${num}) / (${den})`;
    return { en: `${text}, of other KPIs' sums.`, es: `${text}, de las sumas de otros KPI.` };
  }
  if (kpi.unit === 'hours' || kpi.unit === 'months') return durations(kpi);
  if (kpi.unit === 'ratio' || kpi.unit === 'points' || /\bas den\b/i.test(kpi.sql))
    return {
      en: 'Sum of the numerators over the sum of the denominators of the records that count; never a mean of rates.',
      es: 'Suma de los numeradores entre la suma de los denominadores de los registros que cuentan; nunca una media de tasas.',
    };
  return { en: 'Sum over the records that count.', es: 'Suma de los registros que cuentan.' };
}

function durations({ kind }: Kpi): Labels {
  if (kind === 'cohort')
    return {
      en: 'Kaplan-Meier median: what still goes on counts as at least as long as it has gone on so far.',
      es: 'Mediana de Kaplan-Meier: lo que sigue en curso cuenta como al menos tan largo como lo que lleva.',
    };
  return {
    en: 'Median of the durations of the records that count (p90 and mean beside it).',
    es: 'Mediana de las duraciones de los registros que cuentan (junto con p90 y media).',
  };
}

function conditions({ kind, maturesMs, windowDays, complete, money }: Kpi): readonly Labels[] {
  const found: Labels[] = [];
  if (kind === 'snapshot')
    found.push({
      en: "The state at the period's end, or now while it is open; never summed over time.",
      es: 'El estado al final del periodo, o ahora si sigue abierto; nunca se suma en el tiempo.',
    });
  if (maturesMs)
    found.push({
      en: `A record counts once it has been observed for ${span(maturesMs, 'en')}.`,
      es: `Un registro cuenta tras ${span(maturesMs, 'es')} de observación.`,
    });
  if (windowDays)
    found.push({
      en: `Of the ${windowDays} days before the period's end.`,
      es: `De los ${windowDays} días anteriores al final del periodo.`,
    });
  if (complete === 'cost')
    found.push({
      en: 'No value unless every day has a cost.',
      es: 'Sin valor si no hay coste para todos los días.',
    });
  if (money.length > 0)
    found.push({
      en: "Amounts are converted record by record at the day's rate, then added.",
      es: 'Los importes se convierten registro a registro al cambio del día y luego se suman.',
    });
  return found;
}

function span(ms: number, language: 'en' | 'es'): string {
  const days = language === 'es' ? 'días' : 'days';
  const hours = language === 'es' ? 'horas' : 'hours';
  return ms % dayMs === 0 ? `${ms / dayMs} ${days}` : `${ms / hourMs} ${hours}`;
}
