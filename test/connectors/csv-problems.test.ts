import { describe, expect, it } from 'vitest';
import { collect, makeFolder, readAll } from './csv-folder.ts';

describe('problems of a file', () => {
  const failure = async (text: string | Uint8Array, object?: string) => {
    await using files = await makeFolder({ 'a.csv': text });
    // Awaited here: the folder goes when this function ends.
    return await readAll(await files.open(object ? { object } : {})).then(
      () => {
        throw new Error('It was read.');
      },
      (error: { kind: string; where: string; message: string; fix: string }) => error,
    );
  };

  it('are told all at once, with line, column, value, rule and fix', async () => {
    const error = await failure(
      'id,score,answered_at\n1,"4,5",2026-01-31\n2,3,31/01/2026\n2,3,2026-01-31T10:00\n3\n',
    );
    expect(error).toMatchObject({ kind: 'config', where: 'surveys a.csv:2' });
    expect(error.message).toMatch(/a\.csv:2 score is "4,5", must be a number/);
    expect(error.message).toMatch(/a\.csv:3 answered_at is "31\/01\/2026", must be an instant/);
    expect(error.message).toMatch(/a\.csv:4 answered_at is "2026-01-31T10:00", must be an instant/);
    expect(error.message).toMatch(/a\.csv:4 id "2" stands a second time/);
    expect(error.message).toMatch(/a\.csv:5 1 fields stand under 3 column names/);
    expect(error.message.match(/Fix: /g)).toHaveLength(5);
  });

  it('end after twenty', async () => {
    const error = await failure(`score\n${'x\n'.repeat(50)}`);
    expect(error.message.match(/Fix: /g)).toHaveLength(20);
  });

  it('suggest the column that was meant', async () => {
    const error = await failure('id,scor,answerd at\n1,2,3\n');
    expect(error.message).toMatch(
      /a\.csv:1 column "scor" is not a column of survey_answer.\n {4}Fix: did you mean score\?/,
    );
    expect(error.message).toMatch(/did you mean answered_at\?/);
  });

  it('refuse two columns for the same thing, and what only the reader can say', async () => {
    expect((await failure('id,amount,amount_minor\n', 'deal')).message).toMatch(
      /gives amount_minor a second time/,
    );
    expect((await failure('id,deleted_at\n')).message).toMatch(/"deleted_at" is not a column/);
  });

  it.each([
    ['is empty', '', /the file is empty/],
    ['is not UTF-8', Buffer.from('comment\nma\xF1ana\n', 'latin1'), /not UTF-8/],
    ['has an open quote', 'comment\na\n"b\nc', /a\.csv:3 a quote is not closed/],
    ['has text behind a quote', 'comment\n"b"c\n', /a\.csv:2 text follows a closing quote/],
    ['has a bad date', 'kind,day\ncost,2026-02-30\n', /day is "2026-02-30", must be a date/, 'entry'],
    [
      'has a bad currency',
      'amount,currency\n1,EURO\n',
      /currency is "EURO", must be a currency code/,
      'deal',
    ],
    ['has a fraction for a count', 'sent\n1.5\n', /sent is "1.5", must be a whole number/, 'email_stat'],
  ])('name a file that %s', async (_, text, message, object?: string) => {
    expect((await failure(text, object)).message).toMatch(message);
  });

  it('keep a bad file from changing anything', async () => {
    await using files = await makeFolder({ 'a.csv': `score\n${'1\n'.repeat(2000)}`, 'b.csv': 'score\nx\n' });
    const connection = await files.open();
    const [stream] = await connection.streams();
    if (!stream) throw new Error('no stream');
    const batches = connection.read(stream, null, { signal: new AbortController().signal });
    await expect(batches[Symbol.asyncIterator]().next()).rejects.toMatchObject({ where: 'surveys b.csv:2' });
  });

  it('are shown by check, file by file', async () => {
    await using files = await makeFolder({ 'a.csv': 'score\n1\n2\n', 'b.csv': 'score\nx\n' });
    const checks = await collect((await files.open()).check());
    expect(checks).toMatchObject([
      { check: 'file a.csv', ok: true, message: '2 rows for survey_answer', fix: null },
      {
        check: 'file b.csv',
        ok: false,
        severity: 'error',
        message: 'b.csv:2 score is "x", must be a number.',
      },
    ]);
  });
});
