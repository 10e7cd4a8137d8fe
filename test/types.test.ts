// The package's types, as a program that uses it meets them: strict, its libraries checked too, with both ways of modules.
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const project = new URL('..', import.meta.url).pathname;
const root = mkdtempSync(join(tmpdir(), 'anygoal-types-'));
const manifest = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as {
  readonly exports: Readonly<Record<string, unknown>>;
};

beforeAll(() => {
  mkdirSync(join(root, 'node_modules'));
  symlinkSync(project, join(root, 'node_modules', 'anygoal'));
  symlinkSync(join(project, 'node_modules', 'zod'), join(root, 'node_modules', 'zod'));
  cpSync(join(project, 'test', 'types'), root, { recursive: true });
  // The README's example as it is.
  copyFileSync(join(project, 'examples', 'own-environment.js'), join(root, 'own-environment.ts'));
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** What the compiler says: nothing where all is well. */
function compile(files: readonly string[], options: Readonly<Record<string, unknown>>): string {
  const compilerOptions = {
    ...{ target: 'ES2023', lib: ['ES2023', 'DOM', 'DOM.Iterable'], types: [] },
    ...{ strict: true, skipLibCheck: false, noEmit: true },
    ...options,
  };
  writeFileSync(join(root, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  try {
    return execFileSync(process.execPath, [join(project, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', root], {
      encoding: 'utf8',
    });
  } catch (error) {
    return String((error as { stdout?: unknown }).stdout);
  }
}

const programs = ['training', 'environments', 'agents', 'store', 'page', 'rooms', 'own-environment'];
const all = programs.map((name) => `${name}.ts`);

it.each([
  ['Node', { module: 'NodeNext', exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: false }],
  ['a bundler', { module: 'ESNext', moduleResolution: 'Bundler' }],
])(
  'programs for %s compile, and each of their mistakes is an error',
  (_, options) => {
    expect(compile(all, options)).toBe('');
  },
  120_000,
);

it('a mistake that is not expected fails', () => {
  writeFileSync(join(root, 'mistake.ts'), "import { train } from 'anygoal';\nawait train({ env: 'x', steps: '5' });\n");
  expect(compile(['mistake.ts'], { module: 'NodeNext', skipLibCheck: true })).toMatch(
    /mistake\.ts\(2,\d+\): error TS2322/,
  );
}, 120_000);

it('every entry of the package is among the programs', () => {
  const text = programs
    .filter((name) => name !== 'own-environment')
    .map((name) => readFileSync(join(project, 'test', 'types', `${name}.ts`), 'utf8'))
    .join('\n');
  for (const entry of Object.keys(manifest.exports)) {
    if (/\.(json|table)$/.test(entry)) continue; // files, not code
    expect(text).toContain(`'anygoal${entry.slice(1)}'`);
  }
});
