// What pages, scripts and workers of the studio may do, said in headers of every answer.
import type { MiddlewareHandler } from 'hono';

/** Worker scripts lie here, and only they may compile code from text (the physics build needs it). */
export const WORKERS = '/workers/';

const POLICY = [
  "default-src 'none'",
  "connect-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "font-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
];

/** For pages: own scripts and WebAssembly; styles of own files and those that carry this answer's nonce. */
export const pagePolicy = (nonce: string): string =>
  [...POLICY, "script-src 'self' 'wasm-unsafe-eval'", `style-src 'self' 'nonce-${nonce}'`].join('; ');

/** For workers: also `new Function`, in a thread without a document. */
export const workerPolicy = (): string => [...POLICY, "script-src 'self' 'wasm-unsafe-eval' 'unsafe-eval'"].join('; ');

/** For everything else. */
const filePolicy = (): string => [...POLICY, "script-src 'self' 'wasm-unsafe-eval'", "style-src 'self'"].join('; ');

/** Isolation (for threads in WebAssembly), no sniffing, no framing; a policy unless the answer has set its own. */
export function securityHeaders(): MiddlewareHandler {
  return async (c, next) => {
    await next();
    const { headers } = c.res;
    headers.set('cross-origin-opener-policy', 'same-origin');
    headers.set('cross-origin-embedder-policy', 'require-corp');
    headers.set('cross-origin-resource-policy', 'same-origin');
    headers.set('x-content-type-options', 'nosniff');
    headers.set('referrer-policy', 'no-referrer');
    headers.set('permissions-policy', 'camera=(), microphone=(), geolocation=()');
    if (!headers.has('content-security-policy')) headers.set('content-security-policy', filePolicy());
    if (!headers.has('cache-control')) headers.set('cache-control', 'no-store');
  };
}
