// The import graph: arrows between rooms point one way, and no file reaches itself.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const src = fileURLToPath(new URL('../src', import.meta.url));

/** From the ground up: a room may use those before it and itself. Files outside rooms come first, `index.ts` last. */
const rooms = [
  'kernels',
  'tensor',
  'runtime',
  'nets',
  'text',
  'vision',
  'physics',
  'envs',
  'view',
  'replay',
  'multitask',
  'agents',
  'config',
  'runs',
  'platform',
  'datasets',
  'conditioning',
  'lab',
  'updates',
  'acting',
  'models',
  'planning',
  'learners',
  'threads',
  'actors',
  'training',
  'page',
  'studio',
  'cli',
] as const;

/** What `#name` stands for (package.json): in Node and in pages. */
const platforms = JSON.parse(readFileSync(join(src, '../package.json'), 'utf8')).imports as Record<
  string,
  Record<string, string>
>;

const files = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return files(path);
    return /\.ts$/.test(entry.name) && !/(\.test|^testing)\.ts$/.test(entry.name) ? [relative(src, path)] : [];
  });

const room = (file: string) => (file.includes('/') ? file.slice(0, file.indexOf('/')) : '');

/** What others get the library from, as a package and as a script. */
const gathering = new Set(['index.ts', 'script.ts']);

/** What the text of `file` imports: types too for the order of rooms, else only what is loaded with it. */
function importsOf(file: string, text: string, withTypes: boolean): string[] {
  const found: string[] = [];
  for (const [statement, from] of text.matchAll(/^(?:import|export)\b[^;'"]*?['"]([^'"]+)['"]/gm)) {
    const typesOnly = /^(import|export) type\b/.test(statement) || onlyTypes(statement);
    if (typesOnly && !withTypes) continue;
    found.push(from);
  }
  if (withTypes) for (const [, from] of text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g)) found.push(from);
  return found.flatMap((from) => {
    if (from.startsWith('.')) return [normalize(join(dirname(file), from)).replace(/\.js$/, '.ts')];
    if (from.startsWith('#')) {
      return Object.values(platforms[from] ?? {}).map((path) => path.replace('./dist/', '').replace(/\.js$/, '.ts'));
    }
    return [];
  });
}

/** What a text says to load with it: no types, nothing that is loaded later. */
const loadedWith = (text: string): string[] =>
  [...text.matchAll(/^(?:import|export)\s[\w*\s{},]*?['"]([^'"]+)['"]/gm)].flatMap(([statement, from]) =>
    /^(import|export) type\b/.test(statement) ? [] : [from],
  );

/** `import { type A, type B }` loads nothing under `verbatimModuleSyntax` but the module itself, which does count. */
const onlyTypes = (statement: string) => /^import\s*\{\s*\}/.test(statement);

const graph = (withTypes: boolean) =>
  new Map(files(src).map((file) => [file, importsOf(file, readFileSync(join(src, file), 'utf8'), withTypes)]));

/** Arrows from a room to one above it. */
function upward(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const height = (name: string) => rooms.indexOf(name as (typeof rooms)[number]);
  return [...imports].flatMap(([file, targets]) =>
    gathering.has(file)
      ? []
      : targets
          .filter((target) => height(room(target)) > height(room(file)) || gathering.has(target))
          .map((target) => `${file} -> ${target}`),
  );
}

/** Groups of files that reach one another (Tarjan's strongly connected components of more than one file). */
function circles(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  function visit(file: string): void {
    index.set(file, index.size);
    low.set(file, index.get(file)!);
    stack.push(file);
    for (const target of imports.get(file) ?? []) {
      if (!index.has(target)) visit(target);
      if (stack.includes(target)) low.set(file, Math.min(low.get(file)!, low.get(target)!));
    }
    if (low.get(file) !== index.get(file)) return;
    const circle = stack.splice(stack.indexOf(file));
    if (circle.length > 1) found.push(circle.sort());
  }
  for (const file of imports.keys()) if (!index.has(file)) visit(file);
  return found;
}

/** Files and packages that are loaded before a file runs. */
function loadedBefore(start: string): { loaded: ReadonlySet<string>; packages: string[] } {
  const loaded = new Set<string>();
  const packages: string[] = [];
  const load = (file: string): void => {
    if (loaded.has(file)) return;
    loaded.add(file);
    for (const from of loadedWith(readFileSync(join(src, file), 'utf8'))) {
      if (from.startsWith('.')) load(normalize(join(dirname(file), from)).replace(/\.js$/, '.ts'));
      else if (!from.startsWith('node:')) packages.push(`${file} -> ${from}`);
    }
  };
  load(start);
  return { loaded, packages };
}

describe('rooms', () => {
  it('are all in the order', () => {
    expect(new Set(files(src).map(room).filter(Boolean))).toEqual(new Set(rooms));
  });

  it('use only what is below them', () => {
    expect(upward(graph(true))).toEqual([]);
  });

  it('have no file that reaches itself, but for the tensors and their operations', () => {
    // A tensor has its operations as methods, and they make tensors.
    expect(circles(graph(false)).filter((circle) => !circle.every((file) => room(file) === 'tensor'))).toEqual([]);
  });

  it('load no package before the command line knows its command', () => {
    const { loaded, packages } = loadedBefore('cli/program.ts');
    expect(loaded.size).toBeGreaterThan(30);
    expect(packages).toEqual([]);
    expect(loadedWith("import * as z from 'zod';\nimport type { A } from 'b';\nimport './c.js';")).toEqual([
      'zod',
      './c.js',
    ]);
  });

  it('load neither environments nor agents before the studio answers', () => {
    const { loaded } = loadedBefore('studio/server.ts');
    expect([...loaded]).toContain('studio/app.ts');
    const heavy = /^(envs\/(index|catalog|registry)\.ts|(agents|training|datasets|tensor|nets|learners)\/)/;
    expect([...loaded].filter((file) => heavy.test(file))).toEqual([]);
    expect(loaded.size).toBeLessThan(80);
  });

  it('are checked by something that can fail', () => {
    expect(upward(new Map([['envs/a.ts', ['training/b.ts']]]))).toEqual(['envs/a.ts -> training/b.ts']);
    expect(
      circles(
        new Map([
          ['a.ts', ['b.ts']],
          ['b.ts', ['c.ts']],
          ['c.ts', ['a.ts', 'd.ts']],
          ['d.ts', []],
        ]),
      ),
    ).toEqual([['a.ts', 'b.ts', 'c.ts']]);
    expect(importsOf('acting/a.ts', `import { x } from '#threads';`, false)).toEqual([
      'threads/node.ts',
      'threads/web.ts',
    ]);
    expect(importsOf('a.ts', `import type { X } from './b.js';`, false)).toEqual([]);
  });
});
