import type { ObjectType, PipelineStage, Portal, Values } from './portal.ts';

/** What HubSpot itself sets when a record changes. */
export function applyRules(portal: Portal, type: ObjectType, before: Values, written: Values): Values {
  if (type.spec.name === 'deals') return dealRules(portal, before, written);
  if (type.spec.name === 'tickets') return ticketRules(portal, before, written);
  if (type.spec.name === 'tasks') return taskRules(portal, before, written);
  return {};
}

/** The name of the property that holds the stage; null where the object has no pipelines. */
export function stagePropertyOf(type: ObjectType): 'dealstage' | 'hs_pipeline_stage' | null {
  if (type.spec.name === 'deals') return 'dealstage';
  return type.properties.has('hs_pipeline_stage') ? 'hs_pipeline_stage' : null;
}

export function pipelinePropertyOf(type: ObjectType): 'pipeline' | 'hs_pipeline' {
  return type.spec.name === 'deals' ? 'pipeline' : 'hs_pipeline';
}

export function findStage(
  portal: Portal,
  type: ObjectType,
  stage: string | null | undefined,
): PipelineStage | undefined {
  if (!stage) return undefined;
  for (const pipeline of portal.pipelines.get(type.spec.name) ?? []) {
    const found = pipeline.stages.find(({ id }) => id === stage);
    if (found) return found;
  }
  return undefined;
}

export function isClosedStage(stage: PipelineStage | undefined): boolean {
  return stage?.metadata.isClosed === 'true' || stage?.metadata.ticketState === 'CLOSED';
}

/** A record without a stage goes to the first one of the first pipeline. */
function defaultStage(portal: Portal, type: 'deals' | 'tickets', before: Values, written: Values): Values {
  const [pipelineName, stageName] =
    type === 'deals' ? (['pipeline', 'dealstage'] as const) : (['hs_pipeline', 'hs_pipeline_stage'] as const);
  const pipelines = portal.pipelines.get(type) ?? [];
  const stage = written[stageName] ?? before[stageName];
  const holder = pipelines.find(({ stages }) => stages.some(({ id }) => id === stage));
  const named = pipelines.find(({ id }) => id === (written[pipelineName] ?? before[pipelineName]));
  const pipeline = holder ?? named ?? pipelines[0];
  if (!pipeline) return {};
  return { [pipelineName]: pipeline.id, [stageName]: stage ?? pipeline.stages[0]?.id ?? null };
}

function dealRules(portal: Portal, before: Values, written: Values): Values {
  const stage = defaultStage(portal, 'deals', before, written);
  const move = moveOf(portal, 'deals', before.dealstage, stage.dealstage);
  // "Default deal properties": the close date is rewritten when a deal is won or lost.
  const closes = move === 'closes' && written.closedate === undefined;
  return { ...stage, ...(closes ? { closedate: nowText(portal) } : {}) };
}

function ticketRules(portal: Portal, before: Values, written: Values): Values {
  const stage = defaultStage(portal, 'tickets', before, written);
  const move = moveOf(portal, 'tickets', before.hs_pipeline_stage, stage.hs_pipeline_stage);
  if (move === 'closes' && written.closed_date === undefined)
    return { ...stage, closed_date: nowText(portal) };
  if (move === 'reopens') return { ...stage, closed_date: null, hs_ticket_reopened_at: nowText(portal) };
  return stage;
}

function taskRules(portal: Portal, before: Values, written: Values): Values {
  if (written.hs_task_status === undefined || written.hs_task_status === before.hs_task_status) return {};
  if (written.hs_task_completion_date !== undefined) return {};
  return { hs_task_completion_date: written.hs_task_status === 'COMPLETED' ? nowText(portal) : null };
}

function moveOf(
  portal: Portal,
  object: 'deals' | 'tickets',
  from: string | null | undefined,
  to: string | null | undefined,
): 'closes' | 'reopens' | 'none' {
  const type = portal.types.get(object);
  if (!type || to === undefined || to === from) return 'none';
  const wasClosed = isClosedStage(findStage(portal, type, from));
  const isClosed = isClosedStage(findStage(portal, type, to));
  if (wasClosed === isClosed) return 'none';
  return isClosed ? 'closes' : 'reopens';
}

function nowText(portal: Portal): string {
  return new Date(portal.now()).toISOString();
}
