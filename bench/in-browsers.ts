// Measures something in the browsers that are installed: bundles it into a page, opens the page in each and reads what it says.
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { browsers, visit } from '../test/pages/browsers.js';

/**
 * `names` of a file beside this one, and `expression` of them, awaited in the page: what each browser gives, by its name.
 * Passed on as JSON. `prepare` puts beside the page what it asks for.
 */
export async function inBrowsers<Told>(
  file: string,
  names: readonly string[],
  expression: string,
  prepare: (folder: string) => void = () => {},
): Promise<(readonly [browser: string, told: Told])[]> {
  const folder = mkdtempSync(join(tmpdir(), 'anygoal-browsers-'));
  const from = (path: string) => JSON.stringify(fileURLToPath(new URL(path, import.meta.url)));
  try {
    writeFileSync(
      join(folder, 'entry.ts'),
      `import { ${names.join(', ')} } from ${from(file)};
       import { webRuntime } from ${from('../src/runtime/web.ts')};
       document.querySelector('output').textContent = JSON.stringify(await ${expression});`,
    );
    await build({
      entryPoints: [join(folder, 'entry.ts')],
      outfile: join(folder, 'measured.js'),
      bundle: true,
      format: 'esm',
      platform: 'browser',
      external: ['module', 'h5wasm', 'hyparquet'],
      logLevel: 'error',
    });
    const wasm = 'ort-wasm-simd-threaded.wasm';
    copyFileSync(fileURLToPath(import.meta.resolve(`onnxruntime-web/${wasm}`)), join(folder, wasm));
    prepare(folder);
    const page = '<!doctype html><output></output><script type="module" src="./measured.js"></script>';
    writeFileSync(join(folder, 'index.html'), page);
    const found: (readonly [string, Told])[] = [];
    for (const browser of browsers) {
      if (browser.path === undefined) {
        console.log(`no ${browser.name} here`);
        continue;
      }
      const driver = "await until(() => output() !== ''); say(output()); await done();";
      const { said, problems } = await visit(browser, folder, '/index.html', driver);
      if (problems.length > 0) throw new Error(problems.join('\n'));
      found.push([browser.name, JSON.parse(said[0])]);
    }
    return found;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
