import type { SandboxAnswer } from '../../../src/sandbox/server.ts';
import { type Call, refuseWithheld, requireAnyScope } from './call.ts';
import { requireType } from './object-type.ts';
import type { ObjectType, Pipeline } from './portal.ts';
import { invalid, notFound } from './refusal.ts';
import { findStage } from './rules.ts';

function openPipelines(call: Call): { readonly type: ObjectType; readonly pipelines: readonly Pipeline[] } {
  const type = requireType(call.portal, call.params.type ?? '');
  const { spec } = type;
  requireAnyScope(
    call,
    [...spec.read, ...(spec.read.includes(spec.schemaScope) ? [] : [`${spec.schemaScope}.read`])],
    spec.tier,
  );
  refuseWithheld(call, [spec.name], spec.read);
  const pipelines = call.portal.pipelines.get(spec.name);
  if (!pipelines) throw invalid(`${spec.name} have no pipelines`);
  return { type, pipelines };
}

export function listPipelines(call: Call): SandboxAnswer {
  return { status: 200, body: { results: openPipelines(call).pipelines } };
}

export function getPipeline(call: Call): SandboxAnswer {
  return { status: 200, body: pickPipeline(call) };
}

function pickPipeline(call: Call): Pipeline {
  const pipeline = openPipelines(call).pipelines.find(({ id }) => id === call.params.pipeline);
  if (!pipeline) throw notFound();
  return pipeline;
}

export function listStages(call: Call): SandboxAnswer {
  return { status: 200, body: { results: pickPipeline(call).stages } };
}

export function getStage(call: Call): SandboxAnswer {
  const stage = findStage(call.portal, openPipelines(call).type, call.params.stage);
  if (!stage) throw notFound();
  return { status: 200, body: stage };
}

export function auditPipeline(call: Call): SandboxAnswer {
  const pipeline = pickPipeline(call);
  const entry = {
    portalId: call.portal.id,
    identifier: pipeline.id,
    action: 'CREATE',
    timestamp: pipeline.createdAt,
    fromUserId: 9_000_001,
    rawObject: pipeline,
  };
  return { status: 200, body: { results: [entry] } };
}
