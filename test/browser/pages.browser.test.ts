import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeWorkspace, runCli } from '../acceptance/cli.ts';
import { type Look, launchBrowser, looks, openPage } from './browser.ts';
import { carryOutPlan } from './plan.ts';
import { type Company, openCompany, secretsOf, serve } from './workspace.ts';

/** Of a company with a plan under way, whose newest run has failed in part. */
const pages = {
  overview: '/',
  'overview of an owner': '/?owner=OWNER',
  'KPI that is a share': '/kpi/win_rate',
  'KPI of durations': '/kpi/case_resolution_hours',
  'KPI that is a state, in money': '/kpi/open_pipeline',
  'KPI of a cohort that nobody knows yet': '/kpi/win_rate_cohort',
  'KPI without data': '/kpi/nps',
  records: '/kpi/win_rate/records?limit=50',
  'findings, plan and effects': '/findings',
  review: '/review',
  operations: '/operations',
  reports: '/reports',
  'a report that stands alone':
    '/files/report.html?segments=company&segments=team&kpi=win_rate&kpi=revenue_won',
  'a missing page': '/nowhere',
} as const;

const token = 'a-token-for-those-who-look';
const emptySettings = `timeZone: Europe/Madrid
currency: EUR
connections:
  own: { connector: csv, path: ./*.csv, object: deal }
serve: { token: "\${TOKEN}" }
`;

let company: Company;
let dashboard: Awaited<ReturnType<typeof serve>>;
let empty: Awaited<ReturnType<typeof serve>>;
let browser: Browser;
let owner = '';
const stack = new AsyncDisposableStack();

beforeAll(async () => {
  company = stack.use(await openCompany({ size: 1000 }));
  await carryOutPlan(company.workspace);
  const env = { ...secretsOf(company), ACCESS_TOKEN: 'pat-wrong' };
  expect((await runCli(['run'], { cwd: company.workspace.folder, env })).code).toBe(2);
  dashboard = stack.use(await serve(company.workspace.folder, secretsOf(company)));
  const nothing = stack.use(await makeWorkspace(emptySettings, { TOKEN: token }));
  empty = stack.use(await serve(nothing.folder, { TOKEN: token }));
  browser = await launchBrowser();
  stack.defer(() => browser.close());
  const results = await company.workspace.json<{ segment: { id?: string } }[]>(
    'results',
    '--segment',
    'owner',
  );
  owner = results.find(({ segment }) => segment.id !== '(none)')?.segment.id ?? '';
}, 240_000);

afterAll(() => stack.disposeAsync());

describe.each(Object.entries(pages))('%s', (_, path) => {
  it.each(looks)('is accessible and fits: $language, $theme, $device', { timeout: 60_000 }, async (look) => {
    await using page = await openPage(browser, look);
    const glue = path.includes('?') ? '&' : '?';
    const { language } = look;
    const address = `${path.replace('OWNER', owner)}${glue}language=${language}&in=${language}`;
    await inspect(page, { url: dashboard.url, address, look });
  });
});

describe.each(looks)('without data: $language, $theme, $device', (look) => {
  it('the login is accessible and fits', { timeout: 60_000 }, async () => {
    await using page = await openPage(browser, look);
    await inspect(page, { url: empty.url, address: `/?language=${look.language}`, look });
    expect(await page.locator('input[type=password]').count()).toBe(1);
  });

  it('the overview says what to do', { timeout: 60_000 }, async () => {
    await using page = await openPage(browser, look);
    await page.setExtraHTTPHeaders({ authorization: `Bearer ${token}` });
    await inspect(page, { url: empty.url, address: `/?language=${look.language}`, look });
    expect(await page.locator('code').allTextContents()).toEqual(['crm-kpi run']);
  });
});

interface Place {
  readonly url: string;
  readonly address: string;
  readonly look: Look;
}

/** No violation of axe's rules, no request to elsewhere, nothing wider than the screen, and every folded part open. */
async function inspect(page: Page, { url, address, look }: Place): Promise<void> {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(url)) errors.push(`asks ${request.url()}`);
  });
  await page.goto(new URL(address, url).href);
  expect(await page.locator('html').getAttribute('lang')).toBe(look.language);
  await page.evaluate('for (const part of document.querySelectorAll("details")) part.open = true');
  expect(await findViolations(page)).toEqual([]);
  expect(errors).toEqual([]);
  const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
  expect(await page.evaluate(overflow)).toBe(0);
  expect(await page.evaluate(cutTexts)).toEqual([]);
}

async function findViolations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
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
}

/** Texts of charts that reach out of their chart, and figures that lie over what stands beside them. */
const cutTexts = `(() => {
  const outside = [];
  for (const chart of document.querySelectorAll('svg.chart')) {
    const frame = chart.getBoundingClientRect();
    if (frame.width === 0) continue;
    for (const text of chart.querySelectorAll('text')) {
      const box = text.getBoundingClientRect();
      if (box.left < frame.left - 2 || box.right > frame.right + 2) outside.push(text.textContent);
    }
  }
  for (const score of document.querySelectorAll('.score')) {
    const facts = score.nextElementSibling?.getBoundingClientRect();
    const figure = score.querySelector('strong data')?.getBoundingClientRect();
    const apart = !facts || !figure || figure.right <= facts.left || figure.bottom <= facts.top;
    if (!apart) outside.push(score.textContent);
  }
  return outside;
})()`;

describe('effects', () => {
  it('are drawn for each finished action, with the goal where one can be held against them', async () => {
    await using page = await openPage(browser, { device: 'desktop', theme: 'light' });
    for (const path of ['/findings', '/review']) {
      await page.goto(new URL(path, dashboard.url).href);
      expect(await page.locator('svg.effect').count(), path).toBe(4);
      expect(await page.locator('svg.effect text.goal').allTextContents(), path).toEqual([
        'Target 20.0 %',
        'Target 24.0 h',
      ]);
    }
  });
});

describe('by keyboard', () => {
  it('skips to the content, and chooses a filter without a mouse', { timeout: 60_000 }, async () => {
    await using page = await openPage(browser, { device: 'desktop', theme: 'light' });
    await page.goto(dashboard.url);
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').getAttribute('href')).toBe('#main');
    await page.locator('select[name=status]').focus();
    await page.keyboard.type('Exc');
    await page.getByRole('button', { name: 'Apply' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/status=exceeded/);
    expect(await page.locator('ul.goals .status').allTextContents()).not.toContain('Off target');
  });
});
