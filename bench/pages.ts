// How soon a stranger's page learns: the packed package, without a bundler, default settings, from the click on, in the browsers
// that are installed: npm run build && npx tsx bench/pages.ts [--envs point/reach,arm/reach] [--seeds 0,1,2] [--browsers Chromium,Firefox]
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { browsers, visit } from '../test/pages/browsers.js';
import { circumstances, recordRows, vectorInstructions } from './record.js';

const { values: options } = parseArgs({
  options: {
    envs: { type: 'string', default: 'point/reach,arm/reach' },
    seeds: { type: 'string', default: '0,1,2' },
    browsers: { type: 'string', default: browsers.map(({ name }) => name).join() },
  },
});

/** Presses the button, and says the seconds to the first evaluation of at least 95% and to the end: two such in a row. */
const driver = `
  await until(() => /^ready/.test(output()));
  const began = performance.now();
  const seconds = () => ((performance.now() - began) / 1000).toFixed(2);
  document.getElementById('train').click();
  await until(() => /\\b(9[5-9]|100)% at/.test(output()));
  say(seconds());
  await until(() => /acts/.test(output()));
  say(seconds());
  say(output());
  await done();
`;

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'anygoal-pages-'));
try {
  const inProject = (command: string, ...args: string[]) => execFileSync(command, args, { cwd: folder });
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], { cwd: root });
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  const archive = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
  inProject('npm', 'install', '--silent', '--prefer-offline', '--no-audit', '--no-fund', `./${archive}`);
  cpSync(join(root, 'examples/pages'), join(folder, 'pages'), { recursive: true });
  inProject('npx', 'anygoal', 'browser-files', 'pages/plain/anygoal');

  for (const env of options.envs.split(',')) {
    for (const browser of browsers.filter(({ name }) => options.browsers.split(',').includes(name))) {
      if (browser.path === undefined) {
        console.log(`no ${browser.name} here`);
        continue;
      }
      for (const seed of options.seeds.split(',').map(Number)) {
        const loadBefore = Number(loadavg()[0].toFixed(1));
        const address = `/plain/index.html?${new URLSearchParams({ env, seed: String(seed) })}`;
        const { said, problems, loaded } = await visit(browser, join(folder, 'pages'), address, driver);
        if (problems.length > 0) throw new Error(problems.join('\n'));
        const [first, ended] = said.map(Number);
        const kilobytes = Math.round([...loaded.values()].reduce((sum, size) => sum + size, 0) / 1000);
        console.log(
          `${env} in ${browser.name}, seed ${seed}, load ${loadBefore}: first at ${first} s, ended at ${ended} s, ${kilobytes} kB loaded; ${said[2]}`,
        );
        const about = { ...circumstances(), vectors: vectorInstructions(), loadBefore };
        const name = `${env} in ${browser.name}, seed ${seed}`;
        const row = { name, ...about, firstSeconds: first, endSeconds: ended, kilobytes };
        recordRows('pages', [row]);
      }
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
