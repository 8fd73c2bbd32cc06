import { spawn } from 'node:child_process';

/** Where the operating system keeps one secret for us. */
export interface Keychain {
  /** For messages: `the keychain (secret-tool)`. */
  readonly title: string;
  /** null: it holds none, or cannot be used now. */
  read(): Promise<string | null>;
  /** False: it cannot be used. */
  write(secret: string): Promise<boolean>;
}

interface KeychainOptions {
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Tells workspaces apart. */
  readonly account: string;
}

const service = 'crm-kpi';

/**
 * The desktop's secret service by `secret-tool` (libsecret), or macOS's keychain by `security`; null: this system has
 * none of them. Secrets go over stdin and stdout, never onto a command line, where others could read them.
 */
export function openKeychain(options: KeychainOptions): Keychain | null {
  if (options.platform === 'linux') return openSecretService(options);
  return options.platform === 'darwin' ? openMacKeychain(options) : null;
}

function openSecretService({ env, account }: KeychainOptions): Keychain {
  const run = createRunner('secret-tool', env);
  const attributes = ['service', service, 'account', account];
  return {
    title: 'the keychain (secret-tool)',
    read: async () => textOf(await run(['lookup', ...attributes], '')),
    write: async (secret) =>
      (await run(['store', `--label=crm-kpi ${account}`, ...attributes], secret)) !== null,
  };
}

function openMacKeychain({ env, account }: KeychainOptions): Keychain {
  const run = createRunner('security', env);
  const quoted = `"${account.replace(/(["\\])/g, '\\$1')}"`;
  const read = async () =>
    textOf(await run(['find-generic-password', '-s', service, '-a', account, '-w'], ''));
  return {
    title: 'the keychain (security)',
    read,
    // -i takes commands from stdin, and with them the secret; its exit code says nothing about them.
    write: async (secret) => {
      await run(['-i'], `add-generic-password -U -s ${service} -a ${quoted} -w "${secret}"\n`);
      return (await read()) === secret;
    },
  };
}

function textOf(answer: string | null): string | null {
  const text = answer?.trim() ?? '';
  return text === '' ? null : text;
}

/** A locked keychain asks on a screen that nobody may be watching. */
const patienceMs = 10_000;
/** What the tools need to find the session; no secret of the environment is handed on. */
const passedOn = /^(PATH|HOME|USER|LOGNAME|LANG|LC_.*|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|XDG_.*|DBUS_.*)$/;

/** What a tool printed; null: it is not there, failed, or did not end in time. */
function createRunner(
  tool: string,
  env: KeychainOptions['env'],
): (args: readonly string[], input: string) => Promise<string | null> {
  const own = Object.fromEntries(Object.entries(env).filter(([name]) => passedOn.test(name)));
  return (args, input) =>
    new Promise((resolve) => {
      // Not the option `timeout`: where the tool is not there, its timer would keep this process for all that time.
      const signal = AbortSignal.timeout(patienceMs);
      const child = spawn(tool, args, { env: own, stdio: ['pipe', 'pipe', 'ignore'], signal });
      let printed = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        printed += text;
      });
      child.once('error', () => resolve(null));
      child.once('close', (code) => resolve(code === 0 ? printed : null));
      // A tool that is gone before it has read everything says so by its exit code.
      child.stdin.on('error', () => {});
      child.stdin.end(input);
    });
}
