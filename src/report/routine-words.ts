import type { Language } from '../model/kpi.ts';
import type { ChartSignal } from '../statistics/behaviour-chart.ts';

/** What the newest figure says, and how much it would take to say more. */
interface RoutineWords {
  readonly signal: Readonly<Record<ChartSignal, (period: string) => string>>;
  readonly routine: (period: string) => string;
  /** Of states, whose changes are judged. */
  readonly steps: (n: string, low: string, high: string) => string;
  readonly jump: (period: string, change: string) => string;
  readonly steady: (period: string, change: string) => string;
  readonly small: (share: string) => string;
  readonly higher: (period: string, share: string) => string;
  readonly lower: (period: string, share: string) => string;
  readonly alike: (period: string, share: string) => string;
  readonly trendFew: (needed: string, have: string) => string;
  readonly trendSeasonal: string;
  readonly trendRecords: (least: string) => string;
  /** One that would stand alone, but not among all that were tested. */
  readonly trendChance: (n: string, p: string) => string;
  readonly trendNone: (n: string, p: string) => string;
  readonly leftOut: (least: string) => string;
  readonly compareFew: (needed: string) => string;
  readonly compareRecords: (before: string, after: string, needed: string) => string;
  readonly compareCounts: (before: string, after: string, needed: string) => string;
  readonly compareMoney: string;
  readonly compareChance: (before: string, after: string) => string;
}

export const routineWords: Readonly<Record<Language, RoutineWords>> = {
  en: {
    signal: {
      outside: (period) => `${period} lies outside the limits: look for a cause.`,
      run: (period) =>
        `Eight periods in a row up to ${period} lie on one side of the mean: the level has moved.`,
      near_limit: (period) =>
        `Three of the last four periods up to ${period} lie nearer to a limit than to the mean: look for a cause.`,
    },
    routine: (period) => `${period} lies within what is routine.`,
    steps: (n, low, high) =>
      `A state rests on the one before, so its changes are judged: ${n} of them set routine at ${low} to ${high} per period.`,
    jump: (period, change) => `The change to ${period}, ${change}, lies outside: look for a cause.`,
    steady: (period, change) => `The change to ${period}, ${change}, is routine.`,
    small: (share) => `It is less than ${share} of the target, too little to act on.`,
    higher: (period, share) => `${period} lies above the ${share} of all periods before it, beyond chance.`,
    lower: (period, share) => `${period} lies below the ${share} of all periods before it, beyond chance.`,
    alike: (period, share) =>
      `${period} does not differ from the ${share} of all periods before it beyond chance.`,
    trendFew: (needed, have) =>
      `A trend takes ${needed} complete official periods with a value; there are ${have} so far.`,
    trendSeasonal: 'A trend of seasonal months takes six months that can be compared with the year before.',
    trendRecords: (least) => `With fewer than ${least} records in the period no trend is told.`,
    trendNone: (n, p) => `No trend over ${n} periods (Mann-Kendall, p ${p}).`,
    trendChance: (n, p) =>
      `The trend over ${n} periods (Mann-Kendall, p ${p}) does not stand among all that were tested (Benjamini-Hochberg, q = 0.10).`,
    leftOut: (least) => `Periods with fewer than ${least} records are left out.`,
    compareFew: (needed) => `To compare with the period before takes ${needed} records in each of the two.`,
    compareRecords: (before, after, needed) =>
      `To tell ${before} from ${after} takes about ${needed} records per period.`,
    compareCounts: (before, after, needed) =>
      `From ${before} to ${after} may be chance: a change in this proportion shows from about ${needed} on.`,
    compareMoney:
      'Sums of money and states are compared with what is routine only, not with the period before.',
    compareChance: (before, after) => `From ${before} to ${after} may be chance.`,
  },
  es: {
    signal: {
      outside: (period) => `${period} queda fuera de los límites: conviene buscar la causa.`,
      run: (period) =>
        `Ocho periodos seguidos hasta ${period} quedan al mismo lado de la media: el nivel ha cambiado.`,
      near_limit: (period) =>
        `Tres de los cuatro últimos periodos hasta ${period} quedan más cerca de un límite que de la media: conviene buscar la causa.`,
    },
    routine: (period) => `${period} queda dentro de lo habitual.`,
    steps: (n, low, high) =>
      `Un estado depende del anterior, por eso se juzgan sus cambios: según ${n} de ellos lo habitual va de ${low} a ${high} por periodo.`,
    jump: (period, change) => `El cambio a ${period}, ${change}, queda fuera: conviene buscar la causa.`,
    steady: (period, change) => `El cambio a ${period}, ${change}, es habitual.`,
    small: (share) => `Es menos del ${share} del objetivo: demasiado poco para actuar.`,
    higher: (period, share) =>
      `${period} queda por encima del ${share} de todos los periodos anteriores, más allá del azar.`,
    lower: (period, share) =>
      `${period} queda por debajo del ${share} de todos los periodos anteriores, más allá del azar.`,
    alike: (period, share) =>
      `${period} no difiere del ${share} de todos los periodos anteriores más allá del azar.`,
    trendFew: (needed, have) =>
      `Una tendencia requiere ${needed} periodos completos y oficiales con valor; por ahora hay ${have}.`,
    trendSeasonal:
      'Una tendencia de meses estacionales requiere seis meses comparables con los del año anterior.',
    trendRecords: (least) => `Con menos de ${least} registros en el periodo no se indica ninguna tendencia.`,
    trendNone: (n, p) => `Sin tendencia en ${n} periodos (Mann-Kendall, p ${p}).`,
    trendChance: (n, p) =>
      `La tendencia en ${n} periodos (Mann-Kendall, p ${p}) no se sostiene entre todas las examinadas (Benjamini-Hochberg, q = 0,10).`,
    leftOut: (least) => `Los periodos con menos de ${least} registros no entran.`,
    compareFew: (needed) =>
      `Para comparar con el periodo anterior hacen falta ${needed} registros en cada uno de los dos.`,
    compareRecords: (before, after, needed) =>
      `Para distinguir ${before} de ${after} hacen falta unos ${needed} registros por periodo.`,
    compareCounts: (before, after, needed) =>
      `De ${before} a ${after} puede ser azar: un cambio en esta proporción se aprecia a partir de unos ${needed}.`,
    compareMoney: 'Los importes y los estados solo se comparan con lo habitual, no con el periodo anterior.',
    compareChance: (before, after) => `De ${before} a ${after} puede ser azar.`,
  },
};
