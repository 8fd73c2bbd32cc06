import type { InstallPlan, InstallStep, ResultSchema } from '../../src/model/connector.ts';
import { RunError } from '../../src/model/errors.ts';
import { upsertBoard } from './board.ts';
import { boardFlag } from './catalog.ts';
import { HubspotError } from './explain.ts';
import { ownsProperty, refuseForeign } from './ownership.ts';
import { createProperties, planProperties } from './property-plan.ts';
import { findPropertyRoom, type PropertyRoom } from './property-room.ts';
import { asModel } from './requests.ts';
import { groupName, keyProperty, marker, type PropertyDraft } from './result-properties.ts';
import type { Session } from './session.ts';
import { anyAnswer } from './shapes.ts';

/** Two properties are all that it takes: the free tier has room for few. */
const boardProperties: readonly PropertyDraft[] = [
  {
    name: keyProperty,
    label: 'KPI key',
    type: 'string',
    fieldType: 'text',
    description: `Written by ${marker}.`,
    hasUniqueValue: true,
  },
  {
    name: boardFlag,
    label: 'KPI board',
    type: 'bool',
    fieldType: 'booleancheckbox',
    description: `Written by ${marker}: marks the record that is no customer.`,
    options: [
      { value: 'true', label: 'Yes', displayOrder: 0, hidden: false },
      { value: 'false', label: 'No', displayOrder: 1, hidden: false },
    ],
  },
];

/** One company that shows the results, where the account has no custom objects. */
export async function planBoard(session: Session, reason: string): Promise<InstallPlan> {
  const known = (await session.properties('companies')) ?? new Map();
  for (const { name } of boardProperties) {
    const property = known.get(name);
    if (property && !ownsProperty(property)) throw refuseForeign(session, `the company property ${name}`);
  }
  const plan = planProperties(session, { object: 'companies', drafts: boardProperties, known });
  const change = plan.missing.length > 0 ? 'create' : 'none';
  const room = plan.missing.length > 0 ? await findPropertyRoom(session) : null;
  if (room && room.left < plan.missing.length) throw noRoom(session, room, plan.missing.length);
  const steps: readonly InstallStep[] = [
    { change, what: `property group companies.${groupName}`, note: reason },
    ...plan.steps,
    {
      change,
      what: 'company CRM KPI board',
      ...(change === 'create' && { note: 'a new company can start workflows of this account' }),
    },
  ];
  async function* apply(): AsyncGenerator<InstallStep> {
    if (plan.missing.length > 0) {
      await createGroup(session);
      await createProperties(session, { object: 'companies', group: groupName, plan });
      await upsertBoard(session, {});
    }
    yield* steps;
  }
  return { steps, apply };
}

function noRoom(session: Session, { left }: PropertyRoom, needed: number): RunError {
  return new RunError('config', {
    where: `${session.name} properties of companies`,
    message: `The account has room for ${left} more ${left === 1 ? 'property' : 'properties'}; the board needs ${needed}.`,
    fix: 'Delete custom properties that nobody uses (Settings > Properties), then run crm-kpi install again.',
  });
}

async function createGroup({ api }: Session): Promise<void> {
  const body = { name: groupName, label: 'CRM KPI', displayOrder: -1 };
  const request = api.build.propertyGroups.create('companies', body);
  try {
    await api.call({ what: `property group ${groupName} of companies`, request, shape: anyAnswer });
  } catch (error) {
    if (!(error instanceof HubspotError) || error.status !== 409) throw error;
  }
}

/** Makes what is missing as far as there is room; names of those that can be written. `left` null: not known. */
export async function ensureProperties(
  session: Session,
  drafts: readonly PropertyDraft[],
  left: number | null,
): Promise<ReadonlySet<string>> {
  const known = (await session.properties('companies')) ?? new Map();
  const usable = new Set<string>([...known.values()].filter(ownsProperty).map(({ name }) => name));
  let room = left ?? Number.POSITIVE_INFINITY;
  for (const draft of drafts) {
    if (known.has(draft.name) || usable.has(draft.name)) continue;
    if (room < 1) return usable;
    if (!(await tryCreate(session, draft))) return usable;
    usable.add(draft.name);
    room -= 1;
  }
  return usable;
}

export function summaryProperty(language: ResultSchema['language']): PropertyDraft {
  return {
    name: 'crmkpi_summary',
    label: language === 'es' ? 'Resumen de KPI' : 'KPI summary',
    type: 'string',
    fieldType: 'textarea',
    description: `Written by ${marker}.`,
  };
}

export function figureProperties(figure: {
  readonly kpi: string;
  readonly label: string;
}): readonly PropertyDraft[] {
  const description = `Written by ${marker}.`;
  const name = `crmkpi_${figure.kpi.toLowerCase()}`;
  return [
    { name, label: figure.label, type: 'number', fieldType: 'number', description },
    {
      name: `${name}_status`,
      label: `${figure.label}: status`,
      type: 'string',
      fieldType: 'text',
      description,
    },
  ];
}

/** The account's limit of properties is met by doing without: the digest holds every figure anyway. */
async function tryCreate(session: Session, draft: PropertyDraft): Promise<boolean> {
  const { api } = session;
  const request = api.build.properties.create('companies', asModel({ ...draft, groupName }));
  session.forgetProperties('companies');
  try {
    await api.call({ what: `property ${draft.name} of companies`, request, shape: anyAnswer });
    return true;
  } catch (error) {
    if (!(error instanceof HubspotError) || error.status >= 429 || error.status === 401) throw error;
    const fields = { connection: session.name, property: draft.name, problem: error.message };
    session.log.warn(fields, 'board.property_left_out');
    return error.status === 409;
  }
}
