// Where in a user's module its syntax is wrong: the error of an import does not say, so Node checks the files again.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Files looked at: the module and what it imports by relative path. */
const MOST_FILES = 50;

/** `/path/env.js, line 3: b: 2`; undefined where that cannot be found. Runs none of the code. */
export function syntaxErrorPlace(url: string): string | undefined {
  if (!url.startsWith('file:')) return undefined;
  const files = [new URL(url)];
  for (let i = 0; i < files.length; i++) {
    const path = fileURLToPath(files[i]);
    const { stderr } = spawnSync(process.execPath, ['--check', path], { encoding: 'utf8', timeout: 10_000 });
    const found = /^(?:file:.*|.*):(\d+)\r?\n(.*)\r?\n[ \t]*\^/m.exec(stderr ?? '');
    if (found && /SyntaxError/.test(stderr)) return `${path}, line ${found[1]}: ${found[2].trim()}`;
    for (const [, from] of source(path).matchAll(/\b(?:from|import)\s*\(?['"](\.{1,2}\/[^'"]+)['"]/g)) {
      const next = new URL(from, files[i]);
      if (files.length < MOST_FILES && files.every(({ href }) => href !== next.href)) files.push(next);
    }
  }
  return undefined;
}

function source(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
