import type { EntityRow } from '../../src/model/entities.ts';
import type { Api } from './client.ts';
import { type PipelineRecord, pipelineList, type StageRecord } from './shapes.ts';
import { parseFlag, parseNumber, toBit } from './values.ts';

/** What a stage means. */
export interface StageMeaning {
  readonly closed: boolean;
  /** null: closed, and its metadata do not tell how. */
  readonly won: boolean | null;
  readonly probability: number | null;
}

export interface StageBook {
  /** undefined: a stage that the pipelines no longer have. */
  meaning(pipeline: string | null, stage: string | null): StageMeaning | undefined;
  readonly pipelines: readonly PipelineRecord[];
}

const waitingLabels = /waiting on (the )?(contact|customer)|espera (de|del) (contacto|cliente)/i;

export async function fetchPipelines(api: Api, objectType: string): Promise<readonly PipelineRecord[]> {
  const { value } = await api.call({
    what: `pipelines of ${objectType}`,
    request: api.build.pipelines.getAll(objectType),
    shape: pipelineList,
  });
  return value.results;
}

export function createStageBook(pipelines: readonly PipelineRecord[]): StageBook {
  const exact = new Map<string, StageMeaning>();
  const anywhere = new Map<string, StageMeaning>();
  for (const pipeline of pipelines) {
    for (const stage of pipeline.stages) {
      const meaning = meaningOf(stage);
      exact.set(`${pipeline.id}:${stage.id}`, meaning);
      anywhere.set(stage.id, meaning);
    }
  }
  return {
    pipelines,
    meaning: (pipeline, stage) => exact.get(`${pipeline}:${stage}`) ?? anywhere.get(stage ?? ''),
  };
}

/** Metadata are strings: deals `isClosed`, `probability`; tickets `ticketState`. */
function meaningOf(stage: StageRecord): StageMeaning {
  const { isClosed, probability, ticketState } = stage.metadata;
  const share = parseNumber(textOf(probability));
  const flagged = parseFlag(textOf(isClosed));
  const closed =
    flagged ?? (ticketState === undefined ? share === 0 || share === 1 : ticketState === 'CLOSED');
  const won = closed && share === null && ticketState === undefined ? null : closed && share === 1;
  return { closed, won, probability: share };
}

function textOf(value: unknown): string | null {
  return value === undefined || value === null ? null : String(value);
}

/** Stages that HubSpot no longer lists keep their rows: history still names them. */
export function toStageRows(
  object: 'deal' | 'ticket',
  pipelines: readonly PipelineRecord[],
): readonly EntityRow<'stage'>[] {
  return pipelines.flatMap((pipeline) =>
    pipeline.stages.map((stage, index) => {
      const meaning = meaningOf(stage);
      return {
        id: `${object}:${pipeline.id}:${stage.id}`,
        object,
        pipeline: pipeline.id,
        key: stage.id,
        label: stage.label ?? stage.id,
        position: stage.displayOrder ?? index,
        is_closed: toBit(meaning.closed),
        is_won: object === 'deal' ? toBit(meaning.won) : null,
        probability: meaning.probability,
        is_paused: toBit(object === 'ticket' && waitingLabels.test(stage.label ?? '')),
      };
    }),
  );
}
