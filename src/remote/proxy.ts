import { RunError } from '../model/errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const names = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'] as const;

/**
 * Sends requests through the proxy that HTTPS_PROXY and HTTP_PROXY name, but for the hosts in NO_PROXY
 * (https://nodejs.org/docs/latest-v24.x/api/http.html#httpsetglobalproxyfromenvproxyenv). Throws RunError `usage`.
 */
export function useProxy(env: Environment): void {
  const chosen = Object.fromEntries(
    names.flatMap((name) => {
      const value = env[name.toLowerCase()] || env[name];
      return value ? [[name, value] as const] : [];
    }),
  );
  for (const name of ['HTTPS_PROXY', 'HTTP_PROXY'] as const) requireAddress(name, chosen[name]);
  if (!chosen.HTTPS_PROXY && !chosen.HTTP_PROXY) return;
  // Imported, it would load Node's whole HTTP client for commands that send nothing. Node before 24.14 reads the names
  // itself, where NODE_USE_ENV_PROXY=1 is set as well.
  process.getBuiltinModule('node:http').setGlobalProxyFromEnv?.(chosen);
}

function requireAddress(name: string, value: string | undefined): void {
  if (value === undefined || /^https?:$/.test(URL.parse(value)?.protocol ?? '')) return;
  throw new RunError('usage', {
    where: name,
    message: 'is no address of a proxy.',
    fix: 'Set it to an address such as http://proxy.example.com:3128, or remove it.',
  });
}
