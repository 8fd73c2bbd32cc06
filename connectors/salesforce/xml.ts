/** Elements of a metadata file: text, nested elements, or a list of either for repeated elements. */
export interface XmlElements {
  readonly [name: string]: XmlContent | readonly XmlContent[] | undefined;
}
type XmlContent = string | number | boolean | XmlElements;

/** A file of the Metadata API: elements in alphabetical order with fullName first, as retrieves write them. */
export function writeMetadataXml(root: string, elements: XmlElements): string {
  const body = writeElements(elements, '    ');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="http://soap.sforce.com/2006/04/metadata">\n${body}</${root}>\n`;
}

function writeElements(elements: XmlElements, indent: string): string {
  const names = Object.keys(elements).sort(byMetadataOrder);
  return names.map((name) => writeRepeated(name, elements[name], indent)).join('');
}

function byMetadataOrder(left: string, right: string): number {
  if (left === right) return 0;
  if (left === 'fullName') return -1;
  if (right === 'fullName') return 1;
  return left < right ? -1 : 1;
}

function writeRepeated(name: string, content: XmlElements[string], indent: string): string {
  if (content === undefined) return '';
  const list: readonly XmlContent[] = isList(content) ? content : [content];
  return list.map((item) => writeElement(name, item, indent)).join('');
}

function isList(content: XmlContent | readonly XmlContent[]): content is readonly XmlContent[] {
  return Array.isArray(content);
}

function writeElement(name: string, content: XmlContent, indent: string): string {
  if (typeof content !== 'object') return `${indent}<${name}>${escapeXml(String(content))}</${name}>\n`;
  return `${indent}<${name}>\n${writeElements(content, `${indent}    `)}${indent}</${name}>\n`;
}

function escapeXml(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&apos;');
}
