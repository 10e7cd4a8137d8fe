// Who may talk to the studio: only pages that it served itself, opened with its token, under the addresses it listens on.
import { timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { RequestError } from './request-error.js';

export interface GuardOptions {
  /** Random; whoever knows it may do everything that the studio can. */
  readonly token: string;
  /** `host:port` as browsers may name us; asked at every request, since the port is known late. */
  readonly hosts: () => readonly string[];
}

const METHODS = ['GET', 'HEAD', 'POST'];

/** Cookies are shared by all ports of a host, so each studio's has a name of its own. */
const cookieName = (host: string): string => `anygoal-studio-${/:(\d+)$/.exec(host)?.[1] ?? '80'}`;

const equal = (a: string, b: string): boolean => {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
};

/** Refuses foreign hosts (DNS rebinding), foreign origins, other methods and requests without the token. */
export function guard({ token, hosts }: GuardOptions): MiddlewareHandler {
  return async (c, next) => {
    const host = c.req.header('host') ?? '';
    const allowed = hosts();
    if (!allowed.includes(host.toLowerCase())) {
      throw new RequestError(421, `the studio does not answer to this host name; open it as http://${allowed[0]}/.`);
    }
    if (!METHODS.includes(c.req.method)) {
      throw new RequestError(405, `the method ${c.req.method} is not used here; use ${METHODS.join(', ')}.`);
    }
    const opening = isOpening(c, token);
    refuseForeign(c, host, opening);
    if (opening) return open(c, host, token);
    const bearer = /^Bearer (.+)$/.exec(c.req.header('authorization') ?? '')?.[1];
    const given = bearer ?? getCookie(c, cookieName(host)) ?? '';
    if (!equal(given, token)) {
      throw new RequestError(
        401,
        'open the studio with the address that "anygoal studio" printed: it holds the token.',
      );
    }
    // A page that may change something says where it comes from; programs with the token need not.
    if (c.req.method === 'POST' && bearer === undefined && c.req.header('origin') === undefined) {
      throw new RequestError(403, 'a POST with the cookie needs the header Origin; programs send the token as Bearer.');
    }
    await next();
  };
}

const isOpening = (c: Context, token: string): boolean =>
  c.req.method === 'GET' && c.req.path === '/' && equal(c.req.query('token') ?? '', token);

function refuseForeign(c: Context, host: string, opening: boolean): void {
  const origin = c.req.header('origin');
  if (origin !== undefined && origin !== `http://${host}`) {
    throw new RequestError(403, 'requests from other pages are refused (Origin).');
  }
  const site = c.req.header('sec-fetch-site');
  // A link in another page (a terminal in the browser) may open the studio, but nothing more.
  const link = opening && c.req.header('sec-fetch-mode') === 'navigate';
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !link) {
    throw new RequestError(403, 'requests from other pages are refused (Sec-Fetch-Site).');
  }
}

/**
 * Exchanges the token of the address for a cookie. The page goes on by itself instead of a redirect: after a link in
 * another page a redirect would count as theirs and come without the cookie.
 */
function open(c: Context, host: string, token: string): Response {
  setCookie(c, cookieName(host), token, { httpOnly: true, sameSite: 'Strict', path: '/' });
  c.header('cache-control', 'no-store');
  return c.html(
    '<!doctype html><meta http-equiv="refresh" content="0;url=/"><link rel="icon" href="data:,"><title>anygoal studio</title>',
  );
}
