// Every page of the lab: its terms are explained, its settings fit a link, and the code it shows runs as it is shown.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type LabPage, literal, programText } from './lab-page.js';
import { labPages } from './lab-pages.js';
import { initialValues, readSettings, writeSettings } from './settings.js';
import { partsOf, type TermName, terms } from './terms.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const modules = import.meta.glob<Readonly<Record<string, (argument: unknown) => unknown>>>('../../examples/lab/*.js');

/** What Node prints for a program that is typed into it in this package's folder. */
const run = (program: string) =>
  new Promise<string>((resolve) => {
    const child = spawn(process.execPath, ['--input-type=module'], { cwd: root });
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (printed += text));
    child.on('close', () => resolve(printed));
    child.stdin.end(program);
  });

test('addresses and titles are different', () => {
  for (const part of ['slug', 'title', 'question'] as const) {
    expect(new Set(labPages.map((page) => page[part])).size).toBe(labPages.length);
  }
});

test('every explained term stands on some page', () => {
  const used = labPages.flatMap((page) => page.sentences.flatMap(partsOf).map(({ term }) => term));
  expect(Object.keys(terms).filter((name) => !used.includes(name as TermName))).toEqual([]);
});

describe.each(labPages.map((page): [string, LabPage] => [page.slug, page]))('%s', (slug, page) => {
  const first = initialValues(page.settings);

  test('two sentences, with terms that are explained, and settings that a link keeps', () => {
    for (const sentence of page.sentences) {
      expect(() => partsOf(sentence)).not.toThrow();
      expect(sentence).toMatch(/^[A-Z[].*[.?]$/);
    }
    expect(readSettings(page.settings, writeSettings(page.settings, first))).toEqual(first);
    for (const [name, { initial, parse, format }] of Object.entries(page.settings)) {
      expect(parse(format(initial)), name).toEqual(initial);
    }
  });

  test.concurrent('the program it shows prints what the picture computes', async () => {
    const load = modules[`../../examples/lab/${slug}.js`];
    const { [page.call]: compute } = await load();
    const values = { ...first, ...page.quick };
    const argument = page.argument ? page.argument(values) : values;
    expect(await run(programText(page, values))).toBe(`${inspect(await compute(argument))}\n`);
  }, 120_000);
});

test('values as one writes them', () => {
  const value = { goal: [0.5, 1], name: "it's", deep: [{ on: true }], none: {}, 'two words': 1 };
  expect(literal(value)).toBe("{ goal: [0.5, 1], name: 'it\\'s', deep: [{ on: true }], none: {}, 'two words': 1 }");
});
