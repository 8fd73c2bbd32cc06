import type { Action, NewAction } from '../model/action.ts';
import type { ActionType, Finding, FindingTeam } from '../model/finding.ts';
import { formatValue } from '../model/format.ts';
import type { Kpi, Labels, Language } from '../model/kpi.ts';
import type { StoredResult } from '../model/result-store.ts';
import { addDays } from '../model/zone.ts';
import { newcombe } from '../statistics/intervals.ts';
import { namedHours, nameProblem } from './problem-name.ts';
import { type Precondition, type Remedy, remediesFor } from './remedies.ts';

/** Days until it should be done, by effort: the hypothesis is about as long. */
const daysByEffort = { S: 30, M: 60, L: 90 } as const;
/** Teams smaller than this prove nothing about each other. */
const fewestInTeam = 20;
/** As many cases make automating worth it; findings list no more. */
const countedCases = 20;

export interface ProposeInput {
  readonly findings: readonly Finding[];
  readonly actions: readonly Action[];
  /** Latest results of the company and of segments, where a finding belongs to a goal. */
  readonly results: readonly StoredResult[];
  readonly kpis: readonly Kpi[];
  readonly currency: string;
  readonly today: string;
  /** Propose again what was rejected or is done. */
  readonly again: boolean;
}

/** One action for each finding that has none: the first remedy whose precondition holds. */
export function proposeActions(input: ProposeInput): readonly NewAction[] {
  const taken = new Set(
    input.actions
      .filter(({ state }) => !input.again || !['rejected', 'done'].includes(state))
      .map(({ finding }) => finding),
  );
  return input.findings.filter(({ id }) => !taken.has(id)).map((finding) => proposeFor(finding, input));
}

function proposeFor(finding: Finding, input: ProposeInput): NewAction {
  const gap = teamGap(finding.teams);
  const remedy = chooseRemedy(finding, gap);
  const days = daysByEffort[remedy.effort];
  return {
    finding: finding.id,
    detector: finding.detector,
    type: remedy.type,
    effort: remedy.effort,
    title: fill(remedy.title, nameProblem(finding, input.kpis)),
    reason: reasonOf(finding, remedy, gap),
    hypothesis: hypothesisOf(finding, days, input),
    kpi: finding.kpi,
    goal: finding.goal,
    segment: finding.segment,
    subject: finding.subject,
    owner: null,
    dueOn: addDays(input.today, days),
  };
}

interface TeamGap {
  readonly best: FindingTeam;
  readonly worst: FindingTeam;
}

/** The teams with the smallest and the largest share of the problem, where their difference is evident. */
export function teamGap(teams: readonly FindingTeam[]): TeamGap | null {
  const large = teams.filter(({ den }) => den >= fewestInTeam).sort((a, b) => a.num / a.den - b.num / b.den);
  const [best, worst] = [large[0], large.at(-1)];
  if (!best || !worst || best === worst) return null;
  const { low } = newcombe(best.num / best.den, best.den, worst.num / worst.den, worst.den);
  return low > 0 ? { best, worst } : null;
}

function chooseRemedy(finding: Finding, gap: TeamGap | null): Remedy {
  const remedies = remediesFor(finding.detector);
  const holds: Readonly<Record<Precondition, boolean>> = {
    people_differ: gap !== null,
    counted: finding.records.length >= countedCases,
    hours: namedHours(finding) !== null,
    some_people: true,
    shared: true,
  };
  const remedy = remedies.find(({ when }) => holds[when]) ?? remedies.at(-1);
  if (!remedy) throw new Error(`no remedy for ${finding.detector}`);
  return remedy;
}

function fill(template: Labels, what: Labels): Labels {
  return { en: template.en.replace('{what}', what.en), es: template.es.replace('{what}', what.es) };
}

const types: Readonly<Record<ActionType, Labels>> = {
  training: { en: 'Training', es: 'Formación' },
  configuration: { en: 'Configuration', es: 'Configuración' },
  automation: { en: 'Automation', es: 'Automatización' },
  content: { en: 'Content', es: 'Contenido' },
  staffing: { en: 'Staffing', es: 'Personal' },
};

export function typeLabel(type: ActionType, language: Language): string {
  return types[type][language];
}

function reasonOf(finding: Finding, { when }: Remedy, gap: TeamGap | null): Labels {
  const share = ({ num, den }: FindingTeam) => `${((100 * num) / den).toFixed(0)} % (${num}/${den})`;
  if (when === 'people_differ' && gap) {
    const { best, worst } = gap;
    const [high, low] = [
      `${worst.name ?? worst.id} ${share(worst)}`,
      `${best.name ?? best.id} ${share(best)}`,
    ];
    return {
      en: `Teams differ on the same process: ${high} against ${low}.`,
      es: `Los equipos difieren en el mismo proceso: ${high} frente a ${low}.`,
    };
  }
  if (when === 'counted') return countedReason(finding);
  if (when === 'some_people')
    return { en: 'It is some people, not the process.', es: 'Son algunas personas, no el proceso.' };
  const hours = namedHours(finding);
  if (when === 'hours' && hours) {
    return { en: `The hours are named: ${hours.en}.`, es: `Las horas están identificadas: ${hours.es}.` };
  }
  return { en: 'Everyone shares the gap.', es: 'Es un problema de todos.' };
}

function countedReason({ evidence, records }: Finding): Labels {
  const { count } = evidence;
  if (typeof count === 'number')
    return { en: `It repeats: ${count} times.`, es: `Se repite: ${count} veces.` };
  return {
    en: `It repeats: ${records.length} cases or more.`,
    es: `Se repite: ${records.length} casos o más.`,
  };
}

/** From where the KPI stands to its target; without a goal, that the finding goes. */
function hypothesisOf(finding: Finding, days: number, { results, kpis, currency }: ProposeInput): Labels {
  const kpi = kpis.find(({ id }) => id === finding.kpi);
  const result = newestResult(finding, results);
  const target = result?.target;
  if (!kpi || !result || result.value === null || typeof target !== 'number') {
    return {
      en: `The finding is closed in ${days} days.`,
      es: `El hallazgo queda cerrado en ${days} días.`,
    };
  }
  const text = (value: number, language: Language) =>
    formatValue(value, { unit: kpi.unit, currency, language });
  const name = (language: Language) => kpi.label[language];
  return {
    en: `${name('en')} from ${text(result.value, 'en')} to ${text(target, 'en')} in ${days} days.`,
    es: `${name('es')} de ${text(result.value, 'es')} a ${text(target, 'es')} en ${days} días.`,
  };
}

function newestResult(
  { kpi, goal, segment }: Finding,
  results: readonly StoredResult[],
): StoredResult | undefined {
  return results
    .filter((result) => result.kpi === kpi && result.goal === goal && result.complete)
    .filter(({ segment: of }) => of.kind === segment.kind && of.id === segment.id)
    .sort((a, b) => (a.periodStart < b.periodStart ? -1 : 1))
    .at(-1);
}
