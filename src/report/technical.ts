import { html } from 'hono/html';
import type { Translate } from '../model/phrases.ts';
import type { Html } from './chart-frame.ts';
import type { Format } from './format.ts';
import { textWithCode } from './text-with-code.ts';

/** A technical sentence in the language of the page. */
export type Teller = (text: string) => Html | string;

/** A sentence that nobody has translated stays English, and says so to whoever reads aloud. */
export function createTeller({ language }: Format, translate: Translate): Teller {
  if (language === 'en') return textWithCode;
  return (text) => {
    const spanish = text === '' ? '' : translate(text);
    return spanish === null ? html`<span lang="en">${textWithCode(text)}</span>` : textWithCode(spanish);
  };
}
