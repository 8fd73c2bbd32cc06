import { ApiError } from '../errors.ts';

/** A refusal as the API lays it out: the fragment of the query, a caret below it, the place, the reason. */
export function refuse(errorCode: string, place: { text: string; at: number }, reason: string): ApiError {
  const { text, at } = place;
  const from = Math.max(0, at - 40);
  const fragment = text.slice(from, at + 40).replace(/\s/g, ' ');
  const row = text.slice(0, at).split('\n').length;
  const column = at - text.lastIndexOf('\n', Math.max(0, at - 1));
  const caret = `${' '.repeat(at - from)}^`;
  return new ApiError(
    400,
    errorCode,
    `\n${fragment}\n${caret}\nERROR at Row:${row}:Column:${column}\n${reason}`,
  );
}

export const malformed = (message: string) => new ApiError(400, 'MALFORMED_QUERY', message);
