// The example that learns from recorded episodes, and the same with the command line, killed and resumed.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const root = mkdtempSync(join(tmpdir(), 'anygoal-recorded-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const example = new URL('../examples/recorded.js', import.meta.url).pathname;

it('the example learns from chance what chance cannot do', () => {
  const out = execFileSync(process.execPath, [example], { cwd: root, encoding: 'utf8' });
  const [, recorded, learned] = out.match(/success (\S+)[\s\S]*success (\S+)/) as RegExpMatchArray;
  expect(Number(recorded)).toBeLessThan(0.05);
  expect(Number(learned)).toBeGreaterThan(0.9); // of 100 goals; measured: 1
}, 120_000);
