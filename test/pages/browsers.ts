// Opens pages in the browsers that are installed, as people have them: a script in the page drives it and reports back.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { gzipSync } from 'node:zlib';
import { chromiumPath } from '../../studio/testing/chromium-path.js';

export interface TestBrowser {
  readonly name: string;
  /** Undefined: not installed. */
  readonly path: string | undefined;
  args(profile: string): readonly string[];
}

const firefoxes = ['/usr/bin/firefox-esr', '/usr/bin/firefox'];

export const browsers: readonly TestBrowser[] = [
  {
    name: 'Chromium',
    path: chromiumPath(),
    args: (profile) => [
      '--headless=new',
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...['--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--no-first-run', `--user-data-dir=${profile}`],
    ],
  },
  {
    name: 'Firefox',
    path: process.env.FIREFOX ?? firefoxes.find((path) => existsSync(path)),
    args: (profile) => ['--headless', '--no-remote', '--profile', profile],
  },
];

export interface Visit {
  /** What the driver reported. */
  readonly said: readonly string[];
  /** What went wrong in the page: errors, and answers that were no file. */
  readonly problems: readonly string[];
  /** Bytes of what was loaded, compressed with gzip, by path. */
  readonly loaded: ReadonlyMap<string, number>;
}

/** A script of its own, which policies that forbid scripts in the page allow. */
const DRIVER = '/driver.js';

/** A page that says nothing more has failed. */
const LONGEST_MS = Number(process.env.ANYGOAL_PAGE_MS ?? 240_000);

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.css': 'text/css',
};

/** What a page is served with. */
export interface Serving {
  /** Headers of the answer for a path, such as a content security policy. */
  readonly headers?: (path: string) => Readonly<Record<string, string>>;
}

/** In every page: what drives it, once its own scripts are there. It may say what it sees, wait and click. */
const helpers = `
  const said = JSON.parse(sessionStorage.said ?? '[]');
  const problems = JSON.parse(sessionStorage.problems ?? '[]');
  const problem = (text) => { problems.push(String(text)); sessionStorage.problems = JSON.stringify(problems); };
  addEventListener('error', (event) => problem(event.message ?? event));
  addEventListener('unhandledrejection', (event) => problem([event.reason, event.reason?.stack].join(' ')));
  const before = console.error;
  console.error = (...words) => { problem(words.join(' ')); before(...words); };
  const say = (text) => { said.push(text); sessionStorage.said = JSON.stringify(said); };
  const done = () => fetch('/report', { method: 'POST', body: JSON.stringify({ said, problems }) });
  // Loading the page again ends the one on its way.
  const alive = () => fetch('/alive', { method: 'POST', body: JSON.stringify({ said, problems, output: output() }) });
  setInterval(() => alive().catch(() => {}), 1000);
  const output = () => document.querySelector('output')?.textContent ?? '';
  const until = async (test) => {
    for (;;) {
      if (test()) return;
      if (problems.length > 0) { await done(); throw new Error('failed'); }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
`;

/** Serves \`folder\`, opens an address of it in a browser and waits until the page's driver calls \`done\`. */
export async function visit(
  browser: TestBrowser,
  folder: string,
  address: string,
  driver: string,
  { headers = () => ({}) }: Serving = {},
): Promise<Visit> {
  const loaded = new Map<string, number>();
  const missing: string[] = [];
  let latest = 'nothing was heard of it';
  let report: (body: string) => void = () => {};
  const reported = new Promise<string>((resolve) => {
    report = resolve;
  });
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname;
    if (path === '/report' || path === '/alive') {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        response.end();
        if (path === '/report') report(body);
        else latest = body;
      });
      return;
    }
    if (path === DRIVER) {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(`${helpers}(async () => {${driver}})();`);
      return;
    }
    const file = join(folder, normalize(decodeURIComponent(path)));
    if (!file.startsWith(folder) || !existsSync(file) || !statSync(file).isFile()) {
      if (path !== '/favicon.ico') missing.push(`404 ${path}`);
      response.writeHead(404).end();
      return;
    }
    const bytes = readFileSync(file);
    if (request.method === 'GET') loaded.set(path, gzipSync(bytes).length);
    const type = TYPES[extname(file)] ?? 'application/octet-stream';
    response.writeHead(200, { 'content-type': type, ...headers(path) });
    if (request.method === 'HEAD') response.end();
    else if (!file.endsWith('.html')) response.end(bytes);
    else response.end(`${bytes}<script src="${DRIVER}"></script>`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const profile = mkdtempSync(join(tmpdir(), 'anygoal-profile-'));
  writeFileSync(join(profile, 'user.js'), 'user_pref("datareporting.policy.dataSubmissionEnabled", false);\n');
  let timer: ReturnType<typeof setTimeout> | undefined;
  let opened: ChildProcess | undefined;
  try {
    opened = spawn(browser.path ?? '', [...browser.args(profile), `http://127.0.0.1:${port}${address}`], {
      stdio: 'ignore',
      detached: true, // so that its own processes can be ended with it
      env: { ...process.env, HOME: profile, MOZ_CRASHREPORTER_DISABLE: '1' },
    });
    const failed = new Promise<never>((_, reject) => {
      opened?.once('error', reject);
      timer = setTimeout(
        () => reject(new Error(`${address} took too long in ${browser.name}: ${latest} ${missing}`)),
        LONGEST_MS,
      );
    });
    const { said, problems } = JSON.parse(await Promise.race([reported, failed])) as Pick<Visit, 'said' | 'problems'>;
    return { said, problems: [...problems, ...missing], loaded };
  } finally {
    clearTimeout(timer);
    if (opened?.pid !== undefined) {
      const gone = new Promise((resolve) => opened?.once('exit', resolve));
      process.kill(-opened.pid, 'SIGKILL');
      await gone;
    }
    server.closeAllConnections();
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}
