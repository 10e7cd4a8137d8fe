// Serves the built pages. Only files found when the studio starts are served, so no path can lead elsewhere.
import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import type { Context } from 'hono';
import { RunError } from '../errors.js';
import { RequestError } from './request-error.js';
import { pagePolicy, WORKERS, workerPolicy } from './security-headers.js';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
  '.onnx': 'application/octet-stream',
};

/** Stands in index.html wherever the answer's nonce goes; the build puts it there. */
const NONCE = 'STUDIO-NONCE';

export interface AppFiles {
  /** Answers a GET that is no API request: a file, or the page for every address without an extension. */
  answer(c: Context): Promise<Response>;
}

/** Finds the built pages in `dir`. */
export async function openAppFiles(dir: string): Promise<AppFiles> {
  const found = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = new Map<string, string>();
  for (const entry of found) {
    if (!entry.isFile()) continue;
    const full = join(entry.parentPath ?? entry.path, entry.name);
    files.set(full.slice(dir.length).split(sep).join('/').replace(/^\/?/, '/'), full);
  }
  const index = files.get('/index.html');
  if (index === undefined) {
    throw new RunError(`the studio's pages are not built (${dir} has no index.html); run npm run build.`);
  }

  return {
    async answer(c) {
      const { path } = c.req;
      const file = files.get(path);
      if (file === undefined || path === '/index.html') {
        if (extname(path) !== '' && path !== '/index.html') throw new RequestError(404, 'there is no such file here.');
        const nonce = randomBytes(16).toString('base64');
        c.header('content-security-policy', pagePolicy(nonce));
        return c.html((await readFile(index, 'utf8')).replaceAll(NONCE, nonce));
      }
      c.header('content-type', TYPES[extname(file)] ?? 'application/octet-stream');
      // Names of built files hold a hash of their content.
      c.header('cache-control', /-[\w-]{8,}\.\w+$/.test(file) ? 'private, max-age=31536000, immutable' : 'no-cache');
      if (path.startsWith(WORKERS)) c.header('content-security-policy', workerPolicy());
      return c.body(await readFile(file));
    },
  };
}
