// What the documents promise: examples are the files they name, and every link leads somewhere.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = new URL('..', import.meta.url).pathname;
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

describe('documents', () => {
  it.each(pages)('%s: links lead to files', (page) => {
    const text = readFileSync(join(root, page), 'utf8');
    for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^(https?:|#)/.test(target)) continue;
      expect(existsSync(join(root, dirname(page), target.replace(/#.*$/, ''))), target).toBe(true);
    }
  });

  it.each(pages)('%s: examples are the files they name', (page) => {
    const text = readFileSync(join(root, page), 'utf8');
    for (const [, file, code] of text.matchAll(/<!-- example: (\S+) -->\n```\w+\n([\s\S]*?)```\n<!-- end -->/g)) {
      expect(code, file).toBe(readFileSync(join(root, file), 'utf8'));
    }
  });

  it('the README shows an environment', () => {
    expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain('<!-- example: examples/own-environment.js -->');
  });

  it.each(pages)('%s: says iteration, as the field does, and cycle only in the setting of that name', (page) => {
    const text = readFileSync(join(root, page), 'utf8')
      .replaceAll('training.cycleSteps', '')
      .replaceAll('`cycleSteps`', '');
    expect(text.match(/.*\bcycles?.*/gi) ?? []).toEqual([]);
  });
});
