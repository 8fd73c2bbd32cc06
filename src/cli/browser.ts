import { spawn } from 'node:child_process';
import { once } from 'node:events';

type Environment = Readonly<Record<string, string | undefined>>;

/** The program that opens an address, with its arguments; null where there is no screen to show it on. */
export function browserCommand(env: Environment, platform: NodeJS.Platform): readonly string[] | null {
  if (env.BROWSER) return env.BROWSER.trim().split(/\s+/);
  const remote = env.SSH_CONNECTION !== undefined || env.SSH_TTY !== undefined;
  const screen = env.DISPLAY !== undefined || env.WAYLAND_DISPLAY !== undefined;
  if (remote && !screen) return null;
  if (platform === 'darwin') return ['open'];
  // `start` belongs to the shell, which would read & in the address as its own.
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return screen ? ['xdg-open'] : null;
}

/** True when the browser was started; the person is told the address in any case. */
export async function openBrowser(url: string, env: Environment): Promise<boolean> {
  const [program, ...args] = browserCommand(env, process.platform) ?? [];
  if (program === undefined) return false;
  try {
    const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true, shell: false });
    await once(child, 'spawn');
    child.unref();
    return true;
  } catch {
    // No such program: the address on the screen is what remains.
    return false;
  }
}
