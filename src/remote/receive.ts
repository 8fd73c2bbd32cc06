import type { HttpAnswer, HttpStream } from '../model/http.ts';
import type { Deadline } from './deadline.ts';

/** One answer: what the policy judges, and what the caller gets. */
export interface Received<T> {
  readonly answer: HttpAnswer;
  readonly result: T;
  /** Lets go of a result that the caller will not get. */
  discard(): Promise<void>;
}

/** Takes an answer in, as a whole or as a stream; owns the deadline from here on. */
export type Receive<T> = (
  response: Response,
  deadline: Deadline,
  explain: (error: unknown) => unknown,
) => Promise<Received<T>>;

export const receiveWhole: Receive<HttpAnswer> = async (response, deadline) => {
  using _ = deadline;
  const answer = { status: response.status, headers: readHeaders(response), text: await response.text() };
  return { answer, result: answer, discard: async () => {} };
};

export const receiveStream: Receive<HttpStream> = async (response, deadline, explain) => {
  const { status } = response;
  // A refusal is short, and the policy has to read it.
  if (status >= 300 || response.body === null) {
    const { answer } = await receiveWhole(response, deadline, explain);
    return {
      answer,
      result: { status, headers: answer.headers, chunks: oneChunk(answer.text) },
      discard: async () => {},
    };
  }
  const reader = response.body.getReader();
  const first = await readFirst(reader, deadline);
  const headers = readHeaders(response);
  const chunks = readChunks({ reader, first, deadline, explain });
  return {
    answer: { status, headers, text: '' },
    result: { status, headers, chunks },
    async discard() {
      deadline[Symbol.dispose]();
      await reader.cancel();
    },
  };
};

type Reader = ReadableStreamDefaultReader<Uint8Array>;
type Part = Awaited<ReturnType<Reader['read']>>;

async function readFirst(reader: Reader, deadline: Deadline): Promise<Part> {
  try {
    const part = await reader.read();
    deadline.pause();
    return part;
  } catch (error) {
    deadline[Symbol.dispose]();
    throw error;
  }
}

async function* readChunks(source: {
  reader: Reader;
  first: Part;
  deadline: Deadline;
  explain: (error: unknown) => unknown;
}): AsyncGenerator<Uint8Array, void> {
  const { reader, deadline } = source;
  let part = source.first;
  try {
    while (!part.done) {
      yield part.value;
      deadline.restart();
      part = await reader.read();
      deadline.pause();
    }
  } catch (error) {
    throw source.explain(error);
  } finally {
    deadline[Symbol.dispose]();
    // Rejects when the stream broke, which the caller has been told already.
    await reader.cancel().catch(() => {});
  }
}

async function* oneChunk(text: string): AsyncGenerator<Uint8Array, void> {
  if (text !== '') yield new TextEncoder().encode(text);
}

function readHeaders(response: Response): Readonly<Record<string, string>> {
  return Object.fromEntries(response.headers);
}
