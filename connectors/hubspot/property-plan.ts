import type { InstallStep } from '../../src/model/connector.ts';
import { RunError } from '../../src/model/errors.ts';
import { HubspotError } from './explain.ts';
import { asModel } from './requests.ts';
import type { PropertyDraft } from './result-properties.ts';
import type { Session } from './session.ts';
import { anyAnswer, type PropertyRecord } from './shapes.ts';

export interface PropertyPlan {
  readonly steps: readonly InstallStep[];
  readonly missing: readonly PropertyDraft[];
  /** Present, but without some of the options that are written. */
  readonly widened: readonly PropertyDraft[];
}

/** List, create what is missing, stop on a clash of types: an existing property is never bent to ours. */
export function planProperties(
  session: Session,
  want: {
    readonly object: string;
    readonly drafts: readonly PropertyDraft[];
    readonly known: ReadonlyMap<string, PropertyRecord>;
  },
): PropertyPlan {
  const missing: PropertyDraft[] = [];
  const widened: PropertyDraft[] = [];
  const steps: InstallStep[] = [];
  for (const draft of want.drafts) {
    const property = want.known.get(draft.name);
    const what = `property ${want.object}.${draft.name}`;
    if (!property) {
      missing.push(draft);
      steps.push({ change: 'create', what });
      continue;
    }
    refuseClash(session, what, { draft, property });
    const lacks = lackingOptions(draft, property);
    if (lacks.length > 0) widened.push(draft);
    steps.push(
      lacks.length > 0
        ? { change: 'update', what, note: `options ${lacks.join(', ')}` }
        : { change: 'none', what },
    );
  }
  return { steps, missing, widened };
}

function refuseClash(
  session: Session,
  what: string,
  { draft, property }: { readonly draft: PropertyDraft; readonly property: PropertyRecord },
): void {
  if (!property.type || property.type === draft.type) return;
  throw new RunError('config', {
    where: `${session.name} ${what}`,
    message: `It is of type ${property.type} and must be of type ${draft.type}.`,
    fix: 'Delete the property in HubSpot (Settings > Properties) if it is not used, then run crm-kpi install again.',
  });
}

function lackingOptions(draft: PropertyDraft, property: PropertyRecord): readonly string[] {
  if (draft.type !== 'enumeration') return [];
  const known = new Set(property.options.map(({ value }) => value));
  return (draft.options ?? []).map(({ value }) => value).filter((value) => !known.has(value));
}

export async function createProperties(
  session: Session,
  work: { readonly object: string; readonly group: string; readonly plan: PropertyPlan },
): Promise<void> {
  for (const draft of work.plan.missing) await createProperty(session, { ...work, draft });
  for (const draft of work.plan.widened) await widenProperty(session, work.object, draft);
}

/** One at a time: a refusal names its property. Where someone was faster (409), it is there. */
export async function createProperty(
  session: Session,
  {
    object,
    group,
    draft,
  }: { readonly object: string; readonly group: string; readonly draft: PropertyDraft },
): Promise<void> {
  const { api } = session;
  const request = api.build.properties.create(object, asModel({ ...draft, groupName: group }));
  session.forgetProperties(object);
  try {
    await api.call({ what: `property ${draft.name} of ${object}`, request, shape: anyAnswer });
  } catch (error) {
    if (!(error instanceof HubspotError) || error.status !== 409) throw error;
  }
}

async function widenProperty(session: Session, object: string, draft: PropertyDraft): Promise<void> {
  const { api } = session;
  const request = api.build.properties.update(object, draft.name, asModel({ options: draft.options }));
  await api.call({ what: `property ${draft.name} of ${object}`, request, shape: anyAnswer });
}
