import { fileURLToPath } from 'node:url';
import { type Device, launchBrowser, openPage } from './browser.ts';
import { openCompany, secretsOf, serve } from './workspace.ts';

/** The pictures of the README, of the company that the demo shows: `node test/browser/take-screenshots.ts`. */
const pictures: readonly {
  readonly file: string;
  readonly path: string;
  readonly device: Device;
  readonly theme: 'light' | 'dark';
}[] = [
  { file: 'dashboard-overview.png', path: '/', device: 'desktop', theme: 'light' },
  { file: 'dashboard-kpi.png', path: '/kpi/case_resolution_hours', device: 'desktop', theme: 'dark' },
  { file: 'dashboard-phone.png', path: '/?language=es', device: 'phone', theme: 'light' },
];

const docs = fileURLToPath(new URL('../../docs/', import.meta.url));

await using company = await openCompany();
await using dashboard = await serve(company.workspace.folder, secretsOf(company));
const browser = await launchBrowser();
for (const { file, path, device, theme } of pictures) {
  const page = await openPage(browser, { device, theme });
  await page.goto(new URL(path, dashboard.url).href);
  await page.screenshot({ path: `${docs}${file}` });
  await page.context().close();
}
await browser.close();
