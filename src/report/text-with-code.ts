import { html } from 'hono/html';
import type { Html } from './chart-frame.ts';

/** What stands between backticks is what people type. */
export function textWithCode(text: string): Html | string {
  if (!text.includes('`')) return text;
  return html`${text.split('`').map((part, place) => (place % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}
