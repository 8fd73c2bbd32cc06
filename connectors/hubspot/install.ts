import type { InstallPlan, InstallStep, ResultSchema } from '../../src/model/connector.ts';
import { planBoard } from './board-install.ts';
import { ownsSchema, refuseForeign } from './ownership.ts';
import { createProperties, planProperties } from './property-plan.ts';
import { asModel } from './requests.ts';
import { allProperties, keyProperty, marker, nameProperty, objectName } from './result-properties.ts';
import type { Session } from './session.ts';
import { anyAnswer, type SchemaRecord } from './shapes.ts';
import { findTarget } from './target.ts';

/** What has to be made so that results can be written; asks, and changes nothing. */
export async function planInstall(session: Session, target: ResultSchema): Promise<InstallPlan> {
  const found = await findTarget(session);
  if (found.form === 'board') return planBoard(session, found.reason);
  return found.schema ? planUpgrade(session, target, found.schema) : planObject(session, target);
}

function planObject(session: Session, target: ResultSchema): InstallPlan {
  const drafts = allProperties(target);
  const steps: InstallStep[] = [
    { change: 'create', what: `custom object ${objectName}` },
    ...drafts.map(({ name }) => ({ change: 'create', what: `property ${objectName}.${name}` }) as const),
  ];
  async function* apply(): AsyncGenerator<InstallStep> {
    await createObject(session, target);
    yield* steps;
  }
  return { steps, apply };
}

const labels = {
  en: { singular: 'KPI result', plural: 'KPI results' },
  es: { singular: 'Resultado de KPI', plural: 'Resultados de KPI' },
} as const;

/** One call makes the object with all its properties (developer documentation, "Schemas"). */
async function createObject(session: Session, target: ResultSchema): Promise<void> {
  const { api } = session;
  const hasStatus = target.fields.some(({ name }) => name === 'status');
  const body = {
    name: objectName,
    labels: labels[target.language],
    description: `Results of key figures against goals, written by ${marker}.`,
    primaryDisplayProperty: nameProperty,
    secondaryDisplayProperties: hasStatus ? ['status'] : [],
    searchableProperties: [nameProperty, keyProperty],
    requiredProperties: [nameProperty, keyProperty],
    properties: allProperties(target),
    associatedObjects: [],
  };
  const request = api.build.schemas.create(asModel(body));
  await api.call({ what: `custom object ${objectName}`, request, shape: anyAnswer });
}

async function planUpgrade(
  session: Session,
  target: ResultSchema,
  schema: SchemaRecord,
): Promise<InstallPlan> {
  if (!ownsSchema(schema)) throw refuseForeign(session, `the custom object ${objectName}`);
  const drafts = allProperties(target);
  const known = new Map(schema.properties.map((property) => [property.name, property]));
  const object = schema.objectTypeId;
  const plan = planProperties(session, { object: objectName, drafts, known });
  const steps: readonly InstallStep[] = [
    { change: 'none', what: `custom object ${objectName}` },
    ...plan.steps,
  ];
  async function* apply(): AsyncGenerator<InstallStep> {
    const group = schema.properties.find(({ name }) => name === keyProperty)?.groupName;
    await createProperties(session, { object, group: group ?? `${objectName}_information`, plan });
    yield* steps;
  }
  return { steps, apply };
}
