import { inflateRawSync } from 'node:zlib';

/** The text of one file of a zip archive, by its central directory (APPNOTE.TXT 4.3.12). */
export function readZipped(archive: Buffer, name: string): string {
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  let at = archive.readUInt32LE(end + 16);
  while (archive.readUInt32LE(at) === 0x02014b50) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((place) =>
      archive.readUInt16LE(at + place),
    );
    const found = archive.toString('utf8', at + 46, at + 46 + (nameLength ?? 0));
    if (found === name) {
      const local = archive.readUInt32LE(at + 42);
      const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
      const packed = archive.subarray(start, start + archive.readUInt32LE(at + 20));
      return (archive.readUInt16LE(at + 10) === 0 ? packed : inflateRawSync(packed)).toString('utf8');
    }
    at += 46 + (nameLength ?? 0) + (extraLength ?? 0) + (commentLength ?? 0);
  }
  throw new Error(`${name} is not in the archive`);
}

/** The cells of the first sheet of a workbook: numbers as numbers, texts as texts, rows by rows. */
export function readSheet(workbook: Buffer): readonly (readonly (string | number | null)[])[] {
  const shared = [
    ...readZipped(workbook, 'xl/sharedStrings.xml').matchAll(/<si>.*?<t[^>]*>([\s\S]*?)<\/t>.*?<\/si>/g),
  ].map(([, text]) => unescapeXml(text ?? ''));
  const sheet = readZipped(workbook, 'xl/worksheets/sheet1.xml');
  return [...sheet.matchAll(/<row [^>]*>([\s\S]*?)<\/row>/g)].map(([, row]) => {
    const cells: (string | number | null)[] = [];
    for (const [, attributes = '', value] of (row ?? '').matchAll(
      /<c ([^>]*?)(?:\/>|>(?:<v>([^<]*)<\/v>)?<\/c>)/g,
    )) {
      const column = columnOf(/r="([A-Z]+)/.exec(attributes)?.[1] ?? 'A');
      while (cells.length < column) cells.push(null);
      cells.push(
        value === undefined
          ? null
          : attributes.includes('t="s"')
            ? (shared[Number(value)] ?? null)
            : Number(value),
      );
    }
    return cells;
  });
}

function columnOf(letters: string): number {
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}

function unescapeXml(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}
