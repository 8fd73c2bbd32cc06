import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, expect, it } from 'vitest';
import { openKeychain } from '../../src/config/keychain.ts';

/** As macOS's tool takes its calls; notes them, and what the process list shows meanwhile. */
const security = `#!/bin/sh
printf '%s\\n' "$*" >> "$HOME/calls"
ps -eo args >> "$HOME/processes"
case "$1" in
  -i) cat > "$HOME/commands"; sed -n 's/.* -w "\\(.*\\)"$/\\1/p' "$HOME/commands" > "$HOME/secret" ;;
  find-generic-password) test -s "$HOME/secret" && cat "$HOME/secret" ;;
esac
`;
/** A locked keychain: the command on stdin fails, the tool itself does not. */
const locked = '#!/bin/sh\ncat > /dev/null\ntest "$1" = -i\n';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'crm-kpi-keychain-'));
  return () => rm(home, { recursive: true, force: true });
});

async function open(tool: string) {
  await writeFile(join(home, 'security'), tool);
  await chmod(join(home, 'security'), 0o755);
  const env = { HOME: home, PATH: `${home}:${process.env.PATH}`, OTHER: 'not-handed-on' };
  const keychain = openKeychain({ platform: 'darwin', env, account: 'work "1"' });
  if (!keychain) throw new Error('no keychain');
  return keychain;
}

const secret = 'c2VjcmV0LW9mLXRoZS1rZXljaGFpbg==';

it('gives the secret to the tool on stdin and gets it back', async () => {
  const keychain = await open(security);
  expect(await keychain.read()).toBeNull();
  expect(await keychain.write(secret)).toBe(true);
  expect(await keychain.read()).toBe(secret);
  const commands = await readFile(join(home, 'commands'), 'utf8');
  expect(commands).toBe(`add-generic-password -U -s crm-kpi -a "work \\"1\\"" -w "${secret}"\n`);
});

it('shows the secret to nobody who lists the processes', async () => {
  const keychain = await open(security);
  await keychain.write(secret);
  await keychain.read();
  const calls = await readFile(join(home, 'calls'), 'utf8');
  expect(calls.split('\n')[0]).toBe('-i');
  expect(calls).toContain('find-generic-password -s crm-kpi -a work "1" -w');
  for (const seen of [calls, await readFile(join(home, 'processes'), 'utf8')])
    expect(seen).not.toContain(secret);
});

it('notices that a locked keychain kept nothing, though its tool ends well', async () => {
  const keychain = await open(locked);
  expect(await keychain.write(secret)).toBe(false);
});

it('keeps no process from ending where the system has no such tool', async () => {
  const module = new URL('../../src/config/keychain.ts', import.meta.url).href;
  const code = `import { openKeychain } from '${module}';
    console.log(await openKeychain({ platform: 'linux', env: { PATH: '${home}' }, account: 'x' }).read());`;
  // Killed, and so refused, when it takes longer.
  const args = ['--input-type=module', '--eval', code];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 8_000 });
  expect(stdout).toBe('null\n');
});
