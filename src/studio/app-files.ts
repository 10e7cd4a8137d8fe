// Serves the built pages. Only files found when the studio starts are served, so no path can lead elsewhere.
import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
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
  '.table': 'application/octet-stream',
};

/** Stands in index.html wherever the answer's nonce goes; the build puts it there. */
const NONCE = 'STUDIO-NONCE';

/** What the build left out because a dependency brings it: files of packages, and of our own, by the path they are served at. */
export const DEPENDENCY_FILES = 'dependency-files.json';

export interface DependencyFile {
  /** As it is imported: `@mujoco/mujoco/mujoco.wasm`. */
  readonly file: string;
  /** Of its content, hexadecimal: the scripts fit this one only. */
  readonly sha256: string;
}

export interface AppFiles {
  /** Answers a GET that is no API request: a file, or the page for every address without an extension. */
  answer(c: Context): Promise<Response>;
}

const LASTING = 'private, max-age=31536000, immutable';

/** @throws RunError where the package that is installed is another one than the pages were built with */
async function readDependency({ file, sha256 }: DependencyFile): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(await readFile(createRequire(import.meta.url).resolve(file)));
  if (createHash('sha256').update(bytes).digest('hex') === sha256) return bytes;
  throw new RunError(`the installed ${file} is not the one that the studio was built with; install anygoal again.`);
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

  const left: Record<string, DependencyFile> = files.has(`/${DEPENDENCY_FILES}`)
    ? JSON.parse(await readFile(join(dir, DEPENDENCY_FILES), 'utf8'))
    : {};
  const ofDependencies = new Map(Object.entries(left));

  return {
    async answer(c) {
      const { path } = c.req;
      const dependency = ofDependencies.get(path);
      if (dependency !== undefined) {
        const bytes = await readDependency(dependency);
        c.header('content-type', TYPES[extname(path)]);
        c.header('cache-control', LASTING);
        return c.body(bytes);
      }
      const file = files.get(path);
      if (file === undefined || path === '/index.html') {
        if (extname(path) !== '' && path !== '/index.html') throw new RequestError(404, 'there is no such file here.');
        const nonce = randomBytes(16).toString('base64');
        c.header('content-security-policy', pagePolicy(nonce));
        return c.html((await readFile(index, 'utf8')).replaceAll(NONCE, nonce));
      }
      c.header('content-type', TYPES[extname(file)] ?? 'application/octet-stream');
      // Names of built files hold a hash of their content.
      c.header('cache-control', /-[\w-]{8,}\.\w+$/.test(file) ? LASTING : 'no-cache');
      if (path.startsWith(WORKERS)) c.header('content-security-policy', workerPolicy());
      return c.body(await readFile(file));
    },
  };
}
