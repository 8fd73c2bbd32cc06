import { mkdirSync } from 'node:fs';
import { launchBrowser, openPage } from '/work/main/test/browser/browser.ts';
import { openCompany, secretsOf, serve } from '/work/main/test/browser/workspace.ts';
mkdirSync('/tmp/dash2-shots', { recursive: true });
await using company = await openCompany({ size: 1000 });
console.log(company.workspace.folder, JSON.stringify(secretsOf(company)));
await using dashboard = await serve(company.workspace.folder, secretsOf(company));
const browser = await launchBrowser();
const pages: Record<string,string> = { overview: '/', owner:'', kpi: '/kpi/win_rate', hours: '/kpi/case_resolution_hours', records: '/kpi/win_rate/records?limit=20', findings: '/findings', operations: '/operations', reports: '/reports', report: '/files/report.html?segments=company&segments=team' };
for (const [name, path] of Object.entries(pages)) {
  if (path === '') continue;
  for (const [language, theme, device] of [['en','light','desktop'],['es','dark','desktop'],['es','light','phone']] as const) {
    const page = await openPage(browser, { device, theme });
    await page.goto(new URL(`${path}${path.includes('?') ? '&' : '?'}language=${language}&in=${language}`, dashboard.url).href);
    await page.screenshot({ path: `/tmp/dash2-shots/${name}-${language}-${theme}-${device}.png`, fullPage: true });
    await page.context().close();
  }
}
console.log('done', dashboard.url);
await browser.close();
if (process.argv[2] === 'stay') await new Promise((r) => setTimeout(r, 1500_000));
