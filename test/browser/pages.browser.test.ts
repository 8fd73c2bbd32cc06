import axe from 'axe-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openPage } from './browser.ts';
import { type Company, openCompany, secretsOf, serve } from './workspace.ts';

const pages = {
  overview: '/',
  'overview of an owner': '/?owner=OWNER',
  KPI: '/kpi/win_rate',
  'KPI of durations': '/kpi/case_resolution_hours',
  records: '/kpi/win_rate/records?limit=50',
  findings: '/findings',
  operations: '/operations',
  reports: '/reports',
  'a report that stands alone': '/files/report.html?segments=company&segments=team',
  'a missing page': '/nowhere',
} as const;

let company: Company;
let dashboard: Awaited<ReturnType<typeof serve>>;
let browser: Awaited<ReturnType<typeof launchBrowser>>;
let owner = '';

beforeAll(async () => {
  company = await openCompany({ size: 1000 });
  dashboard = await serve(company.workspace.folder, secretsOf(company));
  browser = await launchBrowser();
  const results = await company.workspace.json<{ segment: { id?: string } }[]>(
    'results',
    '--segment',
    'owner',
  );
  owner = results.find(({ segment }) => segment.id !== '(none)')?.segment.id ?? '';
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await dashboard?.[Symbol.asyncDispose]();
  await company?.[Symbol.asyncDispose]();
});

/** Every pair of language, theme and device. */
const looks = [
  { language: 'en', theme: 'light', device: 'desktop' },
  { language: 'en', theme: 'dark', device: 'phone' },
  { language: 'es', theme: 'dark', device: 'desktop' },
  { language: 'es', theme: 'light', device: 'phone' },
] as const;

describe.each(Object.entries(pages))('%s', (_, path) => {
  it.each(looks)('is accessible and fits: $language, $theme, $device', { timeout: 60_000 }, async (look) => {
    const { language, theme, device } = look;
    const page = await openPage(browser, { device, theme });
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith(dashboard.url)) errors.push(`asks ${request.url()}`);
    });
    const glue = path.includes('?') ? '&' : '?';
    const address = `${path.replace('OWNER', owner)}${glue}language=${language}&in=${language}`;
    await page.goto(new URL(address, dashboard.url).href);
    expect(await page.locator('html').getAttribute('lang')).toBe(language);
    for (const details of await page.locator('details').all())
      await details.evaluate((node) => node.setAttribute('open', ''));
    await page.evaluate(axe.source);
    const violations = await page.evaluate(async () => {
      const tester = (globalThis as unknown as { axe: typeof axe }).axe;
      const found = await tester.run({ resultTypes: ['violations'] });
      return found.violations.map(
        ({ id, nodes }) =>
          `${id}: ${nodes
            .slice(0, 3)
            .map(({ html }) => html)
            .join(' | ')}`,
      );
    });
    expect(violations).toEqual([]);
    expect(errors).toEqual([]);
    const overflow = await page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    expect(overflow).toBe(0);
    await page.context().close();
  });
});

describe('by keyboard', () => {
  it('skips to the content, and chooses a filter without a mouse', { timeout: 60_000 }, async () => {
    const page = await openPage(browser, { device: 'desktop', theme: 'light' });
    await page.goto(dashboard.url);
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').getAttribute('href')).toBe('#main');
    await page.locator('select[name=status]').focus();
    await page.keyboard.type('Exc');
    await page.getByRole('button', { name: 'Apply' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/status=exceeded/);
    expect(await page.locator('ul.goals .status').allTextContents()).not.toContain('Off target');
    await page.context().close();
  });
});
