import { html } from 'hono/html';
import type { Html } from './chart-frame.ts';
import { linkTo, type PageContext, type Theme } from './page-context.ts';
import { styleVersion } from './style.ts';
import type { Words } from './words.ts';
import { words } from './words.ts';

export interface PageBody {
  readonly title: string;
  readonly main: Html;
}

const places = [
  'overview',
  'findings',
  'review',
  'operations',
  'reports',
] as const satisfies readonly (keyof Words['nav'])[];

/** A whole page: the head, the way about, the content. */
export function layout(context: PageContext, { title, main }: PageBody): Html {
  const { format, theme, accounts } = context;
  const { say } = format;
  return html`<!doctype html>
<html lang="${format.language}"${themeAttribute(theme)}><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${title} · crm-kpi</title><link rel="stylesheet" href="/style.css?v=${styleVersion}"><link rel="icon" href="/icon.svg" type="image/svg+xml"></head>
<body class="page"><a class="skip" href="#main">${say.nav.skip}</a>
<header class="bar"><div><a class="brand" href="${linkTo(context, '/')}">crm-kpi</a><nav aria-label="${say.nav.main}"><ul>${places.map(
    (place) => {
      const path = place === 'overview' ? '/' : `/${place}`;
      const current = context.path === path ? html` aria-current="page"` : '';
      return html`<li><a href="${linkTo(context, path)}"${current}>${say.nav[place]}</a></li>`;
    },
  )}</ul></nav></div></header>
<main id="main">${main}</main>
<footer class="foot"><span>${accounts.join(' · ')}</span>${displayChoice(context)}</footer></body></html>`;
}

export function themeAttribute(theme: Theme | null): Html | string {
  return theme === null ? '' : html` data-theme="${theme}"`;
}

function displayChoice(context: PageContext): Html {
  const { format, theme, csrf, path } = context;
  const { nav } = format.say;
  const choice = (text: string, changes: Record<string, string | null>, isCurrent: boolean, lang?: string) =>
    html`<li><a href="${linkTo(context, path, changes)}"${lang ? html` lang="${lang}" hreflang="${lang}"` : ''}${isCurrent ? html` aria-current="true"` : ''}>${text}</a></li>`;
  return html`<nav aria-label="${nav.display}"><ul>${(['en', 'es'] as const).map((language) =>
    choice(words[language].language, { language }, language === format.language, language),
  )}</ul></nav><nav aria-label="${nav.theme}"><ul>${choice(nav.light, { theme: 'light' }, theme === 'light')}${choice(nav.dark, { theme: 'dark' }, theme === 'dark')}${choice(nav.system, { theme: null }, theme === null)}</ul></nav>${csrf === null ? '' : html`<form method="post" action="/logout"><input type="hidden" name="csrf" value="${csrf}"><button class="link">${nav.signOut}</button></form>`}`;
}
