import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JobFailure } from '../../connectors/salesforce/bulk-job.ts';
import { cellAt, scanLines } from '../../connectors/salesforce/bulk-lines.ts';
import { createLineReader } from '../../connectors/salesforce/bulk-records.ts';

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function readCells(text: string | Uint8Array, size = 7): Promise<string[][]> {
  const rows: string[][] = [];
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  for await (const lines of scanLines(inPieces(bytes, size))) {
    for (let line = 0; line < lines.count; line += 1)
      rows.push(Array.from({ length: lines.width }, (_, cell) => cellAt(lines, line * lines.width + cell)));
  }
  return rows;
}

const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

describe('lines of a result', () => {
  it('are whole whatever the cells hold and wherever the chunks end', async () => {
    const cell = fc.oneof(
      fc.string({ unit: fc.constantFrom('a', 'ñ', '€', '😀', '"', ',', '\n', '\r', ' ') }),
      fc.constantFrom('', 'N/A', '5.0'),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        async (rows, size, end) => {
          const text = rows.map((row) => row.map(quoted).join(',') + end).join('');
          expect(await readCells(text, size)).toEqual(rows);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('go over the ends of the pieces in which they are scanned', async () => {
    const rows = Array.from({ length: 3_000 }, (_, line) => [`${line}`, `ñ"${line}"\n`.repeat(12), '']);
    const text = rows.map((row) => `${row.map(quoted).join(',')}\n`).join('');
    expect(text.length).toBeGreaterThan(300_000);
    expect(await readCells(text, 16_384)).toEqual(rows);
  });

  it('may come without quotes, with empty lines between them and without an end of the last', async () => {
    expect(await readCells('Id,Name\n\n1,\r\n\r\n"2",b')).toEqual([
      ['Id', 'Name'],
      ['1', ''],
      ['2', 'b'],
    ]);
    expect(await readCells('Id,Name\n1,')).toEqual([
      ['Id', 'Name'],
      ['1', ''],
    ]);
    expect(await readCells('')).toEqual([]);
  });

  it('lose NUL bytes, at which SQLite would end a text', async () => {
    expect(await readCells('"a\0b"\n')).toEqual([['ab']]);
  });

  it.each([
    ['a quote that is never closed', '"a"\n"b'],
    ['text behind a closing quote', '"a"\n"b"c\n'],
    ['another number of values', '"a","b"\n"c"\n'],
    ['a line without end', `"a"\n"${'x'.repeat(1_100_000)}`],
  ])('are refused for %s', async (_, text) => {
    await expect(readCells(text, 65_536)).rejects.toThrow(JobFailure);
  });
});

describe('a record of a line', () => {
  const plan = {
    select: ['Amount', 'IsWon', 'RecordType.DeveloperName', 'RecordType.Owner.Name', 'NextStep'],
    types: new Map([
      ['Amount', 'currency'],
      ['IsWon', 'boolean'],
    ]),
  };
  const read = async (text: string) => {
    let record: Readonly<Record<string, unknown>> = {};
    for await (const lines of scanLines(inPieces(new TextEncoder().encode(text), 9))) {
      const header = Array.from({ length: lines.width }, (_, cell) => cellAt(lines, cell));
      record = createLineReader(plan, header)(lines, 1);
    }
    return record;
  };

  it('has the values that REST would have given, whatever the order and case of the columns', async () => {
    const header = 'nextstep,Id,amount,RecordType.Developername,RecordType.Owner.Name,ISWON';
    const record = await read(`${header}\n"say ""hello""",006A,5.0,,Ann,true\n`);
    const { Id, Amount, IsWon, NextStep, RecordType, Name } = record;
    expect({ Id, Amount, IsWon, NextStep, Name }).toEqual({
      ...{ Id: '006A', Amount: 5, IsWon: true, NextStep: 'say "hello"', Name: undefined },
    });
    const type = RecordType as Readonly<Record<string, unknown>>;
    expect(type.DeveloperName).toBeNull();
    expect((type.Owner as Readonly<Record<string, unknown>>).Name).toBe('Ann');
  });

  it('is not made of results with other columns', async () => {
    await expect(read('Id,Amount\n1,2\n')).rejects.toThrow('2 columns of 6');
  });
});
