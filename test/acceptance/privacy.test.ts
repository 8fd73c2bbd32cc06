import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { makeWorkspace } from './cli.ts';
import { type Crm, crms, sandboxDefaults } from './crms.ts';

const small = { ...sandboxDefaults, size: 60 };
/** Texts of e-mails, notes and calls, and what a form or a customer wrote: never asked for. */
const bodies =
  /^(Description|TextBody|HtmlBody|Body|CommentBody|Content|Phone|MobilePhone|hs_(email|note|call|meeting|task)_(text|html|body|body_preview|transcript.*)|hs_body_preview.*|content|phone|mobilephone)$/i;

type Asked = ReadonlyMap<string, ReadonlySet<string>>;

/** Which fields of which object the requests named. */
function readAsked({ requests }: Sandbox): Asked {
  const asked = new Map<string, Set<string>>();
  const note = (object: string, fields: readonly string[]) => {
    const known = asked.get(object) ?? new Set();
    for (const field of fields) if (field.trim() !== '') known.add(field.trim());
    asked.set(object, known);
  };
  for (const { path, query, body } of requests) {
    const parameters = new URLSearchParams(query);
    for (const [, fields = '', object = ''] of `${parameters.get('q') ?? ''}\n${body}`.matchAll(
      /SELECT ([\w.,() ]+?) FROM (\w+)/gi,
    ))
      note(object, fields.split(','));
    const [, object] = /\/crm\/(?:v3|[\d-]+)\/objects\/(\w+)/.exec(path) ?? [];
    if (!object) continue;
    for (const name of ['properties', 'propertiesWithHistory'])
      note(
        object,
        parameters.getAll(name).flatMap((text) => text.split(',')),
      );
    for (const [, list = ''] of body.matchAll(/"properties(?:WithHistory)?":\[([^\]]*)\]/g))
      note(
        object,
        list.split(',').map((word) => word.replaceAll('"', '')),
      );
  }
  return asked;
}

async function syncWith(crm: Crm, more: string): Promise<Asked> {
  await using sandbox = await crm.start(small);
  const settings = crm.settings(sandbox).replace(/ +fields:.*\n/, '');
  await using workspace = await makeWorkspace(settings + more, crm.secret(sandbox));
  await workspace.json('sync');
  return readAsked(sandbox);
}

function formatTable(asked: Asked): string {
  const rows = [...asked].sort(([a], [b]) => (a < b ? -1 : 1)).filter(([, fields]) => fields.size > 0);
  const lines = rows.map(([object, fields]) => `| ${object} | ${[...fields].sort().join(', ')} |`);
  return ['| object | fields |', '| - | - |', ...lines].join('\n');
}

const markers = /(<!-- fields -->\n)[\s\S]*?(\n<!-- end of fields -->)/;

describe.each(crms)('what is asked of $name', (crm) => {
  it('holds no texts of e-mails, notes or calls, and stands in the README, object by object', {
    timeout: 120_000,
  }, async () => {
    const asked = await syncWith(crm, '');
    // A report's description tells ours from others; it holds no customer's words.
    const texts = [...asked].flatMap(([object, fields]) => (object === 'Report' ? [] : [...fields]));
    expect(texts.filter((field) => bodies.test(field))).toEqual([]);
    const readme = new URL(`../../connectors/${crm.name}/README.md`, import.meta.url);
    const text = await readFile(readme, 'utf8');
    const table = formatTable(asked);
    if (process.env.UPDATE_FIELDS)
      await writeFile(
        readme,
        text.replace(markers, (_, from, to) => `${from}\n${table}\n${to}`),
      );
    else expect(markers.exec(text)?.[0]).toContain(table);
  });

  it('is less where one KPI is chosen: only what it needs', { timeout: 120_000 }, async () => {
    const all = await syncWith(crm, '');
    const few = await syncWith(crm, 'kpis: [win_rate]\n');
    const count = (asked: Asked) => [...asked.values()].reduce((sum, fields) => sum + fields.size, 0);
    expect(count(few)).toBeLessThan(count(all));
    const deals = crm.name === 'salesforce' ? ['Opportunity', 'NextStep'] : ['deals', 'hs_next_step'];
    expect(few.get(deals[0] ?? '')?.has(deals[1] ?? '')).toBe(false);
    expect(all.get(deals[0] ?? '')?.has(deals[1] ?? '')).toBe(true);
  });
});
