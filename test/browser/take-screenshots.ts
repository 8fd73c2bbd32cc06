import { fileURLToPath } from 'node:url';
import { type Device, launchBrowser, openPage } from './browser.ts';
import { carryOutPlan } from './plan.ts';
import { openCompany, secretsOf, serve } from './workspace.ts';

/** The pictures of the README, of the company that the demo shows: `node test/browser/take-screenshots.ts`. */
const pictures: readonly {
  readonly file: string;
  readonly path: string;
  readonly device: Device;
  readonly theme: 'light' | 'dark';
  /** The part of the page to begin with. */
  readonly from?: string;
}[] = [
  { file: 'dashboard-overview.png', path: '/', device: 'desktop', theme: 'light' },
  { file: 'dashboard-kpi.png', path: '/kpi/case_resolution_hours', device: 'desktop', theme: 'dark' },
  { file: 'dashboard-effects.png', path: '/findings', device: 'desktop', theme: 'light', from: '#effects' },
  { file: 'dashboard-phone.png', path: '/?language=es', device: 'phone', theme: 'light' },
];

const docs = fileURLToPath(new URL('../../docs/', import.meta.url));

await using company = await openCompany();
await carryOutPlan(company.workspace);
await using dashboard = await serve(company.workspace.folder, secretsOf(company));
const browser = await launchBrowser();
for (const { file, path, device, theme, from } of pictures) {
  await using page = await openPage(browser, { device, theme });
  await page.goto(new URL(path, dashboard.url).href);
  if (from !== undefined) await page.locator(from).evaluate((node) => node.scrollIntoView());
  await page.screenshot({ path: `${docs}${file}` });
}
await browser.close();
