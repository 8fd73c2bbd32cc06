import { describe, expect, it } from 'vitest';
import { RunError } from '../../src/model/errors.ts';
import { monthOf, monthsUntil, openDesk, quietNight } from '../report/company.ts';
import { openDashboard } from './dashboard.ts';

const history = monthsUntil('2026-10', 14).map((label) => monthOf(label));
const paths = [
  '/',
  '/kpi/win_rate',
  '/kpi/win_rate/records?period=2026-10',
  '/findings',
  '/review',
  '/operations',
  '/reports',
];

describe('the dashboard', () => {
  it.each(paths)('answers %s in English and Spanish, without any script', async (path) => {
    await using fixture = await openDesk({ results: history });
    const { ask } = openDashboard(fixture);
    const glue = path.includes('?') ? '&' : '?';
    const [english, spanish] = [await ask(path), await ask(`${path}${glue}language=es`)];
    expect([english.status, spanish.status]).toEqual([200, 200]);
    const [en, es] = [await english.text(), await spanish.text()];
    expect(en).toContain('<html lang="en">');
    expect(es).toContain('<html lang="es">');
    expect(en).not.toMatch(/<script|\son\w+=|\sstyle=|javascript:/i);
    expect(english.headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    expect(english.headers.get('cache-control')).toBe('no-store');
    expect(english.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('shows value, target, baseline, status, evidence and movement of a goal', async () => {
    await using fixture = await openDesk({ results: history });
    const text = await (await openDashboard(fixture).ask('/')).text();
    expect(text).toContain('<data value="0.18">18.0 %</data>');
    expect(text).toContain('at least 20.0 %');
    expect(text).toContain('<data value="0.15">15.0 %</data>');
    expect(text).toMatch(/class="status at_risk"><svg[^>]*aria-hidden="true">.*?<\/svg>At risk</);
    expect(text).toContain('may be chance');
    expect(text).toContain('Head of sales');
  });

  it('writes numbers and months as the language does', async () => {
    await using fixture = await openDesk({ results: history });
    const text = await (await openDashboard(fixture).ask('/?language=es')).text();
    expect(text).toContain('18,0 %');
    expect(text).toContain('octubre de 2026');
    expect(text).toContain('En riesgo');
  });

  it('keeps filters in the address: a status that nothing has leaves no goal, the score stays', async () => {
    await using fixture = await openDesk({ results: history });
    const text = await (await openDashboard(fixture).ask('/?status=off_target')).text();
    expect(text).toContain('No goal matches these filters.');
    expect(text).toContain('90 <small>of 100</small>');
    expect(text).toContain('<option value="off_target" selected>');
  });

  it('shows an earlier period when it is asked for', async () => {
    const results = [
      ...history.slice(0, -1),
      monthOf('2026-09', { value: 0.15, num: 15 }),
      monthOf('2026-10'),
    ];
    await using fixture = await openDesk({ results });
    const text = await (await openDashboard(fixture).ask('/?period=2026-09')).text();
    expect(text).toContain('<span class="figure"><data value="0.15">15.0 %</data></span>');
  });

  it('links the records behind a point into the CRM', async () => {
    const fact = {
      source: 'sales',
      object: 'deal',
      id: '006A',
      url: 'https://acme.my.salesforce.com/006A',
      at: '2026-10-05',
      num: 1,
      den: 1,
      value: 1,
    };
    await using fixture = await openDesk({
      results: history,
      desk: {
        explain: async () => ({
          num: 18,
          den: 100,
          facts: [fact],
          factsTotal: 100,
          exclusions: [],
          inputs: [],
        }),
      },
    });
    const text = await (await openDashboard(fixture).ask('/kpi/win_rate/records?period=2026-10')).text();
    expect(text).toContain('href="https://acme.my.salesforce.com/006A"');
    expect(text).toContain('1 of 100 records');
    expect(text).toContain('18 / 100');
  });

  it('escapes whatever stands in names of the CRM', async () => {
    const names = [
      '<script>alert(1)</script>',
      `"><img src=x onerror='alert(2)'>`,
      'שלום‮ evil',
      '😀 & Söhne <b>',
    ];
    const owners = names.map((name, place) =>
      monthOf('2026-10', { segment: { kind: 'owner', id: `005"${place}<`, name, source: 'sales' } }),
    );
    await using fixture = await openDesk({ results: [...history, ...owners] });
    const { ask } = openDashboard(fixture, { accounts: async () => names });
    for (const path of [
      '/',
      '/kpi/win_rate',
      `/?owner=${encodeURIComponent('005"0<')}`,
      '/files/report.html?segments=owner',
    ]) {
      const text = await (await ask(path)).text();
      expect(text).not.toMatch(/<script|<img|<b>|onerror='/);
      expect(text, path).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    }
    expect(await (await ask('/kpi/win_rate')).text()).toContain('😀 &amp; Söhne &lt;b&gt;');
  });

  it('escapes what an address holds', async () => {
    await using fixture = await openDesk({ results: history });
    const evil = encodeURIComponent('"><script>alert(1)</script>');
    for (const name of [
      'period',
      'segment',
      'owner',
      'goal',
      'language',
      'theme',
      'grain',
      'kpi',
      'refresh',
    ]) {
      const response = await openDashboard(fixture).ask(`/?${name}=${evil}`);
      expect(response.status, name).toBe(200);
      expect(await response.text(), name).not.toContain('<script>');
    }
  });

  it('says what to do while nothing was evaluated, and where there is no such page', async () => {
    await using fixture = await openDesk({ results: [] });
    const { ask } = openDashboard(fixture);
    expect(await (await ask('/')).text()).toContain('crm-kpi run');
    expect((await ask('/nowhere')).status).toBe(404);
    expect((await ask('/kpi/none_such')).status).toBe(200);
  });

  it('says why a KPI has no figure, instead of having no page for it', async () => {
    const reason = { en: 'no survey was read', es: 'no se leyó ninguna encuesta' };
    const silent = [{ kpi: 'nps', connection: null, reason }];
    await using fixture = await openDesk({
      results: history,
      desk: { status: async () => ({ ...quietNight, silent }) },
    });
    const { ask } = openDashboard(fixture);
    const page = await ask('/kpi/nps?language=es');
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('no se leyó ninguna encuesta');
    const elsewhere = await (await ask('/kpi/win_rate?owner=nobody')).text();
    expect(elsewhere).toContain('No figure was computed here');
    expect(elsewhere).toContain('The same for the company');
    expect((await ask('/kpi/none_such')).status).toBe(404);
  });

  it('shows the page of a review as it was kept, and the way to the others', async () => {
    const blocks = [
      { kind: 'title', text: 'Review 2, 2026-10-31' },
      { kind: 'text', text: 'Figures as of 2026-10-31T23:00:00.000Z.' },
      { kind: 'table', head: ['KPI', 'Period', 'Value'], rows: [['<b>', '2026-10', '18.0 %']] },
      { kind: 'heading', text: 'Decisions' },
      { kind: 'fill', text: '' },
    ] as const;
    const all = [2, 1].map((id) => ({ id, on: `2026-0${id}-28`, isClosed: id === 1 }));
    const asked: (number | null)[] = [];
    const review = (id: number | null) => {
      asked.push(id);
      return { id: id ?? 2, blocks: { en: blocks, es: blocks }, all };
    };
    await using fixture = await openDesk({ results: history, desk: { review } });
    const { ask } = openDashboard(fixture);
    const page = await (await ask('/review')).text();
    expect(page).toContain('<h1>Review 2, 31 Oct 2026</h1>');
    expect(page).toContain('Figures as of 1 Nov 2026, 00:00.');
    expect(page).toContain('<th scope="row">&lt;b&gt;</th><td>October 2026</td><td class="num">18.0 %</td>');
    expect(page).toContain('Not written down.');
    expect(page).not.toContain('contenteditable');
    expect(page).toContain('href="/review?language=en&amp;id=1"');
    await ask('/review?id=1');
    expect(asked).toEqual([null, 1]);
  });

  it('tells a failure with its fix, and a bug to the log only', async () => {
    const fail = (error: Error) => ({ status: () => Promise.reject(error) });
    const trouble = new RunError('store', {
      where: 'x.db',
      message: 'The disk is full.',
      fix: 'Free some space.',
    });
    await using known = await openDesk({ results: history, desk: fail(trouble) });
    const told = await openDashboard(known).ask('/operations');
    expect(told.status).toBe(500);
    expect(await told.text()).toContain('The disk is full. Free some space.');
    await using unknown = await openDesk({ results: history, desk: fail(new Error('secret detail')) });
    const { ask, bugs } = openDashboard(unknown);
    expect(await (await ask('/operations')).text()).not.toContain('secret detail');
    expect(bugs).toHaveLength(1);
  });

  it('answers no foreign host name without a login, and nothing but reading', async () => {
    await using fixture = await openDesk({ results: history });
    const { ask } = openDashboard(fixture);
    expect((await ask('/', { headers: { host: 'evil.example' } })).status).toBe(421);
    expect((await ask('/', { headers: { host: '[::1]:8080' } })).status).toBe(200);
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
      expect((await ask('/', { method })).status, method).toBe(404);
  });

  it('reads by a handle that cannot write', async () => {
    await using fixture = await openDesk({ results: history });
    const { measured } = fixture.desk.reader;
    expect(() => measured.beginRun('x', 1)).toThrow(/readonly/);
  });
});
