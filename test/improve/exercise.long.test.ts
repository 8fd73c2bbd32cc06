import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { runCli } from '../acceptance/cli.ts';

it.each([
  ['en', 'Sales conversion', 'no evidence', /15\.0 %/, /48\.0 h/, /18\.0 %/, /30\.0 h/],
  ['es', 'Tasa de conversión', 'sin evidencia', /15,0 %/, /48,0 h/, /18,0 %/, /30,0 h/],
] as const)(
  'walks through both months without a terminal (%s)',
  { timeout: 300_000 },
  async (language, ...words) => {
    const { code, stdout } = await runCli(['exercise', '--language', language], { cwd: tmpdir() });
    expect(code).toBe(0);
    for (const word of words) expect(stdout).toMatch(word);
    const commands = stdout.split('\n').filter((line) => line.startsWith('$ crm-kpi '));
    const steps = [
      'sync',
      'evaluate',
      'results',
      'findings',
      'explain',
      'actions propose',
      'actions accept',
      'actions start',
    ];
    for (const step of [...steps, 'actions finish', 'actions effect', 'review open'])
      expect(commands.some((line) => line.startsWith(`$ crm-kpi ${step}`))).toBe(true);
    expect(stdout).toMatch(/^9\. /m);
  },
);
