// Milliseconds for a decision of a policy that sees pictures and words, in Node and in the browsers that are installed:
// npm run build && npx tsx bench/vla-decision.ts
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { nodeRuntime } from '../src/runtime/node.js';
import { browsers, visit } from '../test/pages/browsers.js';
import { record, table, vectorInstructions } from './record.js';
import { type DecisionTime, larger, timePolicies } from './vla-decision-times.js';

/** Milliseconds: ten decisions a second. */
const BAR = 100;

const folder = mkdtempSync(join(tmpdir(), 'anygoal-vla-'));
const loadBefore = Number(loadavg()[0].toFixed(1));
if (loadBefore > 0.5) console.log(`the machine is busy (load ${loadBefore}): rough figures`);
const rows: (DecisionTime & { readonly where: string })[] = [];
try {
  for (const time of await timePolicies(nodeRuntime)) rows.push({ where: 'Node', ...time });

  writeFileSync(
    join(folder, 'entry.ts'),
    `import { timePolicies } from ${JSON.stringify(fileURLToPath(new URL('vla-decision-times.ts', import.meta.url)))};
     import { webRuntime } from ${JSON.stringify(fileURLToPath(new URL('../src/runtime/web.ts', import.meta.url)))};
     document.querySelector('output').textContent = JSON.stringify(await timePolicies(webRuntime));`,
  );
  await build({
    entryPoints: [join(folder, 'entry.ts')],
    outfile: join(folder, 'times.js'),
    bundle: true,
    format: 'esm',
    platform: 'browser',
    external: ['module', 'h5wasm', 'hyparquet'],
    logLevel: 'error',
  });
  const wasm = 'ort-wasm-simd-threaded.wasm';
  copyFileSync(fileURLToPath(import.meta.resolve(`onnxruntime-web/${wasm}`)), join(folder, wasm));
  const page = `<!doctype html><output></output><script type="module" src="./times.js"></script>`;
  writeFileSync(join(folder, 'index.html'), page);
  for (const browser of browsers) {
    if (browser.path === undefined) console.log(`no ${browser.name} here`);
    else {
      const driver = "await until(() => output() !== ''); say(output()); await done();";
      const { said, problems } = await visit(browser, folder, '/index.html', driver);
      if (problems.length > 0) throw new Error(problems.join('\n'));
      for (const time of JSON.parse(said[0]) as DecisionTime[]) rows.push({ where: browser.name, ...time });
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(
  table([
    ['where', 'policy', 'parameters', 'ms'],
    ...rows.map(({ where, policy, parameters, ms }) => [where, policy, parameters, ms]),
  ]),
);
record('vla-decision', { vectors: vectorInstructions(), loadBefore, bar: BAR, rows });
// The last one is far larger than those of the experiments: it shows where the bar ends.
const kept = rows.every(({ ms, policy }) => ms <= BAR || policy === larger);
console.log(kept ? 'within the bar, but for the larger one' : 'MISSED the bar');
process.exit(kept ? 0 : 1);
