import type { ActionType, Effort } from '../model/finding.ts';
import type { Labels } from '../model/kpi.ts';
import { adoptionRemedies } from './remedies-adoption.ts';
import { processRemedies } from './remedies-process.ts';

/**
 * What must hold for a remedy. `people_differ`: the best and the worst team differ with evidence. `counted`: as many
 * cases as make automating worth it. `hours`: the finding names them. `some_people`: it is about them, not about the
 * process. `shared`: everyone has the gap.
 */
export type Precondition = 'people_differ' | 'counted' | 'hours' | 'some_people' | 'shared';

/** One thing that may be done; `{what}` is the finding's subject or segment. */
export interface Remedy {
  readonly type: ActionType;
  readonly when: Precondition;
  readonly effort: Effort;
  readonly title: Labels;
}

const remedies: Readonly<Record<string, readonly Remedy[]>> = {
  ...processRemedies,
  ...adoptionRemedies,
  // A KPI that gets worse is treated like one that is off target.
  adverse_trend: processRemedies.off_target_kpi ?? [],
};

/** For detectors of one's own. */
const anyProblem: readonly Remedy[] = [
  {
    type: 'training',
    when: 'people_differ',
    effort: 'M',
    title: {
      en: 'Workshop on {what}: the best team shows the others how it works',
      es: 'Taller sobre {what}: el mejor equipo enseña a los demás cómo trabaja',
    },
  },
  {
    type: 'configuration',
    when: 'shared',
    effort: 'M',
    title: {
      en: 'Change the process in the CRM around {what}, with those who work in it',
      es: 'Cambiar el proceso en el CRM alrededor de {what}, con quienes trabajan en él',
    },
  },
];

/** In the order in which their preconditions are tried; the last one always holds. */
export function remediesFor(detector: string): readonly Remedy[] {
  return remedies[detector] ?? anyProblem;
}

export function knownDetectors(): readonly string[] {
  return Object.keys(remedies);
}
