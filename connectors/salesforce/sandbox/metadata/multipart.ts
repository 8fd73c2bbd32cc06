/** The parts of a multipart/form-data body by name. */
export function parseMultipart(contentType: string, body: Buffer): ReadonlyMap<string, Buffer> {
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  const parts = new Map<string, Buffer>();
  if (!boundary) return parts;
  const mark = Buffer.from(`--${boundary}`);
  let at = body.indexOf(mark);
  while (at >= 0) {
    const next = body.indexOf(mark, at + mark.length);
    if (next < 0) break;
    addPart(parts, body.subarray(at + mark.length, next));
    at = next;
  }
  return parts;
}

function addPart(parts: Map<string, Buffer>, part: Buffer): void {
  const headerEnd = part.indexOf('\r\n\r\n');
  if (headerEnd < 0) return;
  const name = /name="([^"]*)"/i.exec(part.toString('utf8', 0, headerEnd))?.[1];
  // The line end before the next boundary belongs to the boundary.
  if (name) parts.set(name, part.subarray(headerEnd + 4, part.length - 2));
}
