import type { MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';

/** No script at all, styles from our own file, nothing from elsewhere, no frame around the pages. */
export function protect(): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
    crossOriginOpenerPolicy: 'same-origin',
    crossOriginResourcePolicy: 'same-origin',
    referrerPolicy: 'no-referrer',
    xFrameOptions: 'DENY',
    // Set by whoever ends TLS; over plain http browsers ignore it.
    strictTransportSecurity: false,
    permissionsPolicy: { camera: [], geolocation: [], microphone: [] },
  });
}

/** A report carries its style in itself, so it may use that and nothing else. */
export const documentPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox allow-popups";

const loopbackName = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/**
 * A page of somebody else may point its own name at 127.0.0.1 and ask us by it (DNS rebinding); without a login the
 * name is all that tells such a request.
 */
export function isOwnHost(host: string | undefined, publicHost: string | null): boolean {
  if (host === undefined) return false;
  return loopbackName.test(host) || (publicHost !== null && host.toLowerCase() === publicHost.toLowerCase());
}
