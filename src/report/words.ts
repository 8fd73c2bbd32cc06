import type { Language } from '../model/kpi.ts';
import { enFigures } from './words-en.ts';
import { enPages } from './words-en-pages.ts';
import { esFigures } from './words-es.ts';
import { esPages } from './words-es-pages.ts';

/** The same keys with texts of another language. */
type Widened<T> = T extends string
  ? string
  : T extends (...values: infer A) => string
    ? (...values: A) => string
    : { readonly [K in keyof T]: Widened<T[K]> };

export type FigureWords = Widened<typeof enFigures>;
export type PageWords = Widened<typeof enPages>;
export type Words = FigureWords & PageWords;

/** Every text of the pages and reports. */
export const words: Readonly<Record<Language, Words>> = {
  en: { ...enFigures, ...enPages },
  es: { ...esFigures, ...esPages },
};

/** A text by a key that comes from the store; the key itself where there is none. */
export function textOf(texts: Readonly<Record<string, string>>, key: string): string {
  return Object.hasOwn(texts, key) ? (texts[key] ?? key) : key;
}
