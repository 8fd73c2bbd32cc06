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

/** A page of a browser of its own: no cookies, the light or dark of the device. */
export async function openPage(
  browser: Browser,
  { device, theme }: { readonly device: Device; readonly theme: 'light' | 'dark' },
): Promise<Page & AsyncDisposable> {
  const context = await browser.newContext({
    viewport: devices[device],
    colorScheme: theme,
    deviceScaleFactor: 1,
    // axe is put into the page as a script, which our pages otherwise refuse.
    bypassCSP: true,
  });
  return context.newPage();
}
