import type { Goal } from '../model/goal.ts';
import { type Kpi, type Labels, segmentKinds } from '../model/kpi.ts';
import type { Grain } from '../model/period.ts';
import type { Result } from '../model/result.ts';
import type { Workspace } from './wire.ts';

const grainWords: Readonly<Record<Grain, Labels>> = {
  day: { en: 'a single day', es: 'un solo día' },
  week: { en: 'a single week', es: 'una sola semana' },
  month: { en: 'a single month', es: 'un solo mes' },
  quarter: { en: 'a single quarter', es: 'un solo trimestre' },
  year: { en: 'a single year', es: 'un solo año' },
};

/** For people: goals that ask for nothing where somebody reads them, and why. */
export function unpromisedLines(
  shown: readonly Result[],
  { settings, catalog }: Pick<Workspace, 'settings' | 'catalog'>,
): readonly string[] {
  const { language, goals } = settings;
  const head = language === 'es' ? 'Sin objetivo' : 'No target';
  return goals.flatMap((goal) => {
    const kpi = catalog.find(({ id }) => id === goal.kpi);
    if (!kpi) return [];
    const reasons = [...explainPeriods(goal, shown), ...explainSegments(goal, kpi)];
    return reasons.map((reason) => `${head}: ${kpi.label[language]} (${goal.id}): ${reason[language]}.`);
  });
}

function explainPeriods(goal: Goal, shown: readonly Result[]): readonly Labels[] {
  const own = shown.filter(({ kpi, grain }) => kpi === goal.kpi && grain === goal.every);
  const told = new Set(own.filter((result) => result.goal === goal.id).map(({ periodLabel }) => periodLabel));
  const silent = [...new Set(own.map(({ periodLabel }) => periodLabel))].filter((label) => !told.has(label));
  if (silent.length === 0) return [];
  const periods = silent.sort();
  const [and, y] = [periods.join(' and '), periods.join(' y ')];
  if (goal.targets.kind === 'quotas')
    return [
      {
        en: `it takes the quotas of the CRMs, and none stands there for ${and}; a quota counts that covers ${grainWords[goal.every].en} to the day`,
        es: `toma las cuotas de los CRM y no hay ninguna para ${y}; cuenta la cuota que abarca exactamente ${grainWords[goal.every].es}`,
      },
    ];
  return [
    {
      en: `the settings promise nothing for ${and}; add targets for it to the goal`,
      es: `los ajustes no fijan nada para ${y}; añada objetivos a la meta`,
    },
  ];
}

function explainSegments({ segments, targets }: Goal, kpi: Kpi): readonly Labels[] {
  const reasons: Labels[] = [];
  const known = ['company', 'connection', ...kpi.dimensions];
  const lacking = segments.filter((kind) => isBuiltIn(kind) && !known.includes(kind));
  if (lacking.length > 0)
    reasons.push({
      en: `it is not counted by ${lacking.join(' or ')}; it is by ${kpi.dimensions.join(', ') || 'company alone'}`,
      es: `no se cuenta por ${lacking.join(' ni ')}; sí por ${kpi.dimensions.join(', ') || 'company'}`,
    });
  const below = segments.filter((kind) => kind !== 'company' && !lacking.includes(kind));
  const isGiven = targets.kind === 'list' || targets.kind === 'quotas';
  if (below.length > 0 && !isGiven && addsUp(kpi))
    reasons.push({
      en: `parts of a sum need targets of their own: give those of ${below.join(', ')} with by: or a file`,
      es: `las partes de una suma necesitan objetivos propios: indique los de ${below.join(', ')} con by: o un archivo`,
    });
  return reasons;
}

function isBuiltIn(kind: string): boolean {
  return segmentKinds.some((known) => known === kind);
}

/** A mean of money has a denominator, and holds for its parts as it is. */
function addsUp({ unit, sql, derive }: Kpi): boolean {
  const divides = derive ? derive.den !== null : /\bas\s+den\b/i.test(sql);
  return (unit === 'count' || unit === 'money') && !divides;
}
