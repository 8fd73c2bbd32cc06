/** A sentence in English and in Spanish; `{}` stands for whatever it names, in the same order in both. */
export type Phrase = readonly [english: string, spanish: string];

/** Null: the text is not known. */
export type Translate = (text: string) => string | null;

/** Sentences by what they say: whole texts first, then sentence by sentence; what they name is translated as well. */
export function createTranslator(phrases: readonly Phrase[]): Translate {
  const known = phrases.map(([english, spanish]) => ({ pattern: patternOf(english), spanish }));
  const whole = (text: string): string | null => {
    for (const { pattern, spanish } of known) {
      const parts = pattern.exec(text)?.slice(1);
      if (parts)
        return fill(
          spanish,
          parts.map((part) => whole(part) ?? part),
        );
    }
    return null;
  };
  return (text) => {
    const found = whole(text);
    if (found !== null) return found;
    const sentences = text.split(/(?<=[.!?]) (?=\p{Lu})/u).map(whole);
    return sentences.length > 1 && sentences.every((sentence) => sentence !== null)
      ? sentences.join(' ')
      : null;
  };
}

function patternOf(english: string): RegExp {
  const escaped = english.split('{}').map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('(.+?)')}$`, 'su');
}

function fill(spanish: string, parts: readonly string[]): string {
  let place = 0;
  return spanish.replaceAll('{}', () => parts[place++] ?? '');
}
