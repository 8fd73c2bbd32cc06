import type { ObjectType, Pipeline, PipelineStage, Portal } from './portal.ts';
import { makeProperty, type Option } from './property.ts';
import { toIso } from './read-value.ts';
import { pipelinePropertyOf, stagePropertyOf } from './rules.ts';

interface StagePart {
  readonly id: string;
  readonly label: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export function makePipeline(
  part: { readonly id: string; readonly label: string; readonly stages: readonly StagePart[] },
  at: number,
): Pipeline {
  const common = { archived: false, createdAt: toIso(at), updatedAt: toIso(at) };
  const stages: PipelineStage[] = part.stages.map((stage, displayOrder) => ({
    ...stage,
    displayOrder,
    ...common,
  }));
  return { id: part.id, label: part.label, displayOrder: 0, ...common, stages };
}

export function dealStage(id: string, label: string, probability: number): StagePart {
  const isClosed = probability === 0 || probability === 1;
  const text = Number.isInteger(probability) ? probability.toFixed(1) : `${probability}`;
  return { id, label, metadata: { isClosed: `${isClosed}`, probability: text } };
}

function ticketStage(id: string, label: string): StagePart {
  const isClosed = id === '4';
  return { id, label, metadata: { ticketState: isClosed ? 'CLOSED' : 'OPEN', isClosed: `${isClosed}` } };
}

/** Pipelines of a new portal. */
export function standardPipelines(at: number): Map<string, Pipeline[]> {
  const deals = [
    dealStage('appointmentscheduled', 'Appointment Scheduled', 0.2),
    dealStage('qualifiedtobuy', 'Qualified To Buy', 0.4),
    dealStage('presentationscheduled', 'Presentation Scheduled', 0.6),
    dealStage('decisionmakerboughtin', 'Decision Maker Bought-In', 0.8),
    dealStage('contractsent', 'Contract Sent', 0.9),
    dealStage('closedwon', 'Closed Won', 1),
    dealStage('closedlost', 'Closed Lost', 0),
  ];
  const tickets = [
    ticketStage('1', 'New'),
    ticketStage('2', 'Waiting on contact'),
    ticketStage('3', 'Waiting on us'),
    ticketStage('4', 'Closed'),
  ];
  const leads = ['New', 'Attempting', 'Connected', 'Qualified', 'Unqualified'].map((label) => ({
    id: `${label.toLowerCase()}-stage-id`,
    label,
    metadata: { isClosed: `${label === 'Qualified' || label === 'Unqualified'}` },
  }));
  return new Map([
    ['deals', [makePipeline({ id: 'default', label: 'Sales Pipeline', stages: deals }, at)]],
    ['tickets', [makePipeline({ id: '0', label: 'Support Pipeline', stages: tickets }, at)]],
    ['leads', [makePipeline({ id: 'lead-pipeline-id', label: 'Lead Pipeline', stages: leads }, at)]],
  ]);
}

/** Brings the properties of an object in line with its pipelines: options of the stage, times in each stage. */
export function definePipelineProperties(portal: Portal, object: string): void {
  const type = portal.types.get(object);
  const pipelines = portal.pipelines.get(object);
  const stageName = type && stagePropertyOf(type);
  if (!type || !pipelines || !stageName) return;
  const stages = pipelines.flatMap((pipeline) => pipeline.stages);
  setOptions(type, pipelinePropertyOf(type), pipelines);
  setOptions(type, stageName, stages);
  if (object !== 'leads') for (const stage of stages) defineStageTimes(portal, type, stage);
}

function setOptions(
  type: ObjectType,
  name: string,
  items: readonly { readonly id: string; readonly label: string }[],
) {
  const property = type.properties.get(name);
  if (!property) return;
  const options: Option[] = items.map(({ id, label }, displayOrder) => ({
    label,
    value: id,
    displayOrder,
    hidden: false,
  }));
  type.properties.set(name, { ...property, options });
}

function defineStageTimes(portal: Portal, type: ObjectType, stage: PipelineStage): void {
  const groupName = [...type.groups.keys()][0] ?? '';
  const origin = { groupName, hubspotDefined: true, readOnly: true, at: portal.startedAt };
  const parts = [
    { name: `hs_v2_date_entered_${stage.id}`, type: 'datetime', label: `Date entered "${stage.label}"` },
    { name: `hs_v2_date_exited_${stage.id}`, type: 'datetime', label: `Date exited "${stage.label}"` },
    { name: `hs_v2_latest_time_in_${stage.id}`, type: 'number', label: `Latest time in "${stage.label}"` },
    {
      name: `hs_v2_cumulative_time_in_${stage.id}`,
      type: 'number',
      label: `Cumulative time in "${stage.label}"`,
    },
  ] as const;
  for (const part of parts) type.properties.set(part.name, makeProperty(part, origin));
}
