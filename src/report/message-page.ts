import { html } from 'hono/html';
import type { PageBody } from './layout.ts';
import type { PageContext } from './page-context.ts';
import { linkTo } from './page-context.ts';
import { styleVersion } from './style.ts';
import type { Words } from './words.ts';

/** A page that only says something. */
export function messagePage(
  context: PageContext,
  { title, text }: { title: string; text: string },
): PageBody {
  return {
    title,
    main: html`<h1>${title}</h1><p>${text}</p><p><a href="${linkTo(context, '/', { period: null, segment: null, status: null, grain: null })}">${context.format.say.error.back}</a></p>`,
  };
}

export interface LoginForm {
  readonly say: Words;
  readonly csrf: string;
  /** Where to go afterwards: a path of ours. */
  readonly next: string;
  readonly problem: string | null;
  readonly language: string;
}

export function loginPage({ say, csrf, next, problem, language }: LoginForm) {
  return html`<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${say.login.title} · crm-kpi</title><link rel="stylesheet" href="/style.css?v=${styleVersion}"><link rel="icon" href="/icon.svg" type="image/svg+xml"></head><body><main class="narrow panel"><h1>${say.login.title}</h1>${problem === null ? '' : html`<p class="alert" role="alert">${problem}</p>`}<form method="post" action="/login"><input type="hidden" name="csrf" value="${csrf}"><input type="hidden" name="next" value="${next}"><label>${say.login.password}<input type="password" name="password" autocomplete="current-password" required autofocus></label><button>${say.login.submit}</button></form></main></body></html>`;
}
