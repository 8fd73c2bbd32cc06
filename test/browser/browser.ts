import { type Browser, chromium, type Page } from 'playwright-core';
import { findBrowser } from '../../src/report/pdf-file.ts';

/** The machine's own Chromium, quiet: it asks nobody for anything. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = process.env.CRM_KPI_BROWSER || findBrowser(process.env.PATH ?? '');
  if (!executablePath) throw new Error('no Chromium on this machine: apt install chromium');
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export const devices = {
  desktop: { width: 1280, height: 900 },
  phone: { width: 390, height: 844 },
} as const;

export type Device = keyof typeof devices;

export interface Look {
  readonly language: 'en' | 'es';
  readonly theme: 'light' | 'dark';
  readonly device: Device;
}

/** Every way in which a page is seen. */
export const looks: readonly Look[] = (['en', 'es'] as const).flatMap((language) =>
  (['light', 'dark'] as const).flatMap((theme) =>
    (['desktop', 'phone'] as const).map((device) => ({ language, theme, device })),
  ),
);

/** A page of a browser of its own: no cookies, the light or dark of the device. Goes with all of it. */
export async function openPage(
  browser: Browser,
  { device, theme }: Pick<Look, 'device' | 'theme'>,
): Promise<Page & AsyncDisposable> {
  const context = await browser.newContext({
    viewport: devices[device],
    colorScheme: theme,
    deviceScaleFactor: 1,
    // axe is put into the page as a script, which our pages otherwise refuse.
    bypassCSP: true,
  });
  const page = await context.newPage();
  return Object.assign(page, { [Symbol.asyncDispose]: () => context.close() });
}
