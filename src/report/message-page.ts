import { html } from 'hono/html';
import type { Html } from './chart-frame.ts';
import { type PageBody, themeAttribute } from './layout.ts';
import type { PageContext, Theme } from './page-context.ts';
import { linkTo } from './page-context.ts';
import { styleVersion } from './style.ts';
import { textWithCode } from './text-with-code.ts';
import type { Words } from './words.ts';

/** A page that only says something. */
export function messagePage(
  context: PageContext,
  { title, text, more = '' }: { title: string; text: Html | string; more?: Html | string },
): PageBody {
  return {
    title,
    main: html`<h1>${title}</h1><p>${typeof text === 'string' ? textWithCode(text) : text}</p>${more}<p><a href="${linkTo(context, '/', { period: null, segment: null, status: null, grain: null })}">${context.format.say.error.back}</a></p>`,
  };
}

export interface LoginForm {
  readonly say: Words;
  readonly csrf: string;
  /** Where to go afterwards: a path of ours. */
  readonly next: string;
  readonly problem: string | null;
  readonly language: string;
  readonly theme: Theme | null;
}

export function loginPage({ say, csrf, next, problem, language, theme }: LoginForm) {
  return html`<!doctype html>
<html lang="${language}"${themeAttribute(theme)}><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${say.login.title} · crm-kpi</title><link rel="stylesheet" href="/style.css?v=${styleVersion}"><link rel="icon" href="/icon.svg" type="image/svg+xml"></head><body><main class="login panel"><p class="brand">crm-kpi</p><h1>${say.login.title}</h1>${problem === null ? '' : html`<p class="alert" role="alert">${problem}</p>`}<form method="post" action="/login"><input type="hidden" name="csrf" value="${csrf}"><input type="hidden" name="next" value="${next}"><label>${say.login.password}<input type="password" name="password" autocomplete="current-password" required autofocus></label><button>${say.login.submit}</button></form></main></body></html>`;
}
