/** An element: its children in order, or its text. */
export interface Element {
  readonly name: string;
  readonly children: readonly Element[];
  readonly text: string;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Reads the small XML that metadata files are; null: not well-formed. */
export function parseXml(source: string): Element | null {
  const pattern =
    /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<(\/?)([\w:.-]+)((?:"[^"]*"|'[^']*'|[^>"'])*?)(\/?)>|([^<]+)/g;
  const root = { name: '', children: [] as Element[], text: '' };
  const open = [root];
  for (const [, closing, name, , empty, text] of source.matchAll(pattern)) {
    const top = open.at(-1);
    if (!top) return null;
    if (text !== undefined) top.text += decode(text);
    if (name === undefined) continue;
    if (closing) {
      if (top.name !== name || open.length === 1) return null;
      open.pop();
      continue;
    }
    const element = { name, children: [] as Element[], text: '' };
    top.children.push(element);
    if (!empty) open.push(element);
  }
  return open.length === 1 ? (root.children[0] ?? null) : null;
}

function decode(text: string): string {
  return text.replace(/&(#x?[0-9a-fA-F]+|\w+);/g, (whole, entity: string) => {
    if (!entity.startsWith('#')) return entities[entity] ?? whole;
    const code = entity[1] === 'x' ? Number.parseInt(entity.slice(2), 16) : Number(entity.slice(1));
    return String.fromCodePoint(code);
  });
}

export const all = (element: Element, name: string): readonly Element[] =>
  element.children.filter((child) => child.name === name);

/** Text of the first child of that name; empty: there is none. */
export const textOf = (element: Element | undefined, name: string): string =>
  element?.children.find((child) => child.name === name)?.text.trim() ?? '';
