// Where in a user's module its syntax is wrong: the error of an import does not say, so Node checks the files again.

type ChildProcess = typeof import('node:child_process');
type FileSystem = typeof import('node:fs');

/** Files looked at: the module and what it imports by relative path. */
const MOST_FILES = 50;

/** `/path/env.js, line 3: b: 2`; undefined where that cannot be found, as in browsers. Runs none of the code. */
export function syntaxErrorPlace(url: string): string | undefined {
  const { process } = globalThis as { process?: NodeJS.Process };
  const load = process?.getBuiltinModule;
  if (process === undefined || load === undefined || !url.startsWith('file:')) return undefined;
  const { spawnSync } = load('node:child_process') as ChildProcess;
  const { readFileSync } = load('node:fs') as FileSystem;
  const files = [new URL(url)];
  for (let i = 0; i < files.length; i++) {
    const path = load('node:url').fileURLToPath(files[i]);
    const { stderr } = spawnSync(process.execPath, ['--check', path], { encoding: 'utf8', timeout: 10_000 });
    const found = /^(?:file:.*|.*):(\d+)\r?\n(.*)\r?\n[ \t]*\^/m.exec(stderr ?? '');
    if (found && /SyntaxError/.test(stderr)) return `${path}, line ${found[1]}: ${found[2].trim()}`;
    for (const [, from] of source(readFileSync, path).matchAll(/\b(?:from|import)\s*\(?['"](\.{1,2}\/[^'"]+)['"]/g)) {
      const next = new URL(from, files[i]);
      if (files.length < MOST_FILES && files.every(({ href }) => href !== next.href)) files.push(next);
    }
  }
  return undefined;
}

function source(read: FileSystem['readFileSync'], path: string): string {
  try {
    return read(path, 'utf8');
  } catch {
    return '';
  }
}
