// Microseconds for a decision of a policy that acts alone, in Node and in the browsers that are installed, in each runtime:
// npm run build && npx tsx bench/page-decision.ts [--widths 64,256,512]
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { browsers, visit } from '../test/pages/browsers.js';
import { type DecisionTimes, timeDecisions } from './page-decision-times.js';
import { record, table, vectorInstructions } from './record.js';

const { values: options } = parseArgs({ options: { widths: { type: 'string', default: '64,256,512' } } });
const widths = options.widths.split(',').map(Number);
/** Microseconds, of 2 x 256. */
const BAR = 50;

const folder = mkdtempSync(join(tmpdir(), 'anygoal-decision-'));
const loadBefore = Number(loadavg()[0].toFixed(1));
if (loadBefore > 0.5) console.log(`the machine is busy (load ${loadBefore}): rough figures`);
const rows: (DecisionTimes & { readonly where: string })[] = [];
try {
  for (const times of await timeDecisions(widths)) rows.push({ where: 'Node', ...times });

  await build({
    entryPoints: [fileURLToPath(new URL('page-decision-times.ts', import.meta.url))],
    outfile: join(folder, 'times.js'),
    bundle: true,
    format: 'esm',
    platform: 'browser',
    external: ['module', 'h5wasm', 'hyparquet'],
    logLevel: 'error',
  });
  const wasm = 'ort-wasm-simd-threaded.wasm';
  copyFileSync(fileURLToPath(import.meta.resolve(`onnxruntime-web/${wasm}`)), join(folder, wasm));
  writeFileSync(
    join(folder, 'index.html'),
    `<!doctype html><output></output><script type="module">
      import { timeDecisions } from './times.js';
      document.querySelector('output').textContent = JSON.stringify(await timeDecisions([${widths}]));
    </script>`,
  );
  for (const browser of browsers) {
    if (browser.path === undefined) console.log(`no ${browser.name} here`);
    else {
      const driver = "await until(() => output() !== ''); say(output()); await done();";
      const { said, problems } = await visit(browser, folder, '/index.html', driver);
      if (problems.length > 0) throw new Error(problems.join('\n'));
      for (const times of JSON.parse(said[0]) as DecisionTimes[]) rows.push({ where: browser.name, ...times });
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(
  table([
    ['where', 'hidden', 'plain', 'without WebAssembly', 'onnxruntime-web', 'largest difference'],
    ...rows.map((row) => [
      row.where,
      row.hidden.join(),
      row.plain,
      row.loops,
      row.web,
      row.difference.toExponential(1),
    ]),
  ]),
);
record('page-decision', { vectors: vectorInstructions(), loadBefore, bar: BAR, rows });
const kept = rows.every(({ hidden, plain, difference }) => difference < 1e-6 && (hidden[0] > 256 || plain <= BAR));
console.log(kept ? 'within the bars' : 'MISSED a bar');
process.exit(kept ? 0 : 1);
