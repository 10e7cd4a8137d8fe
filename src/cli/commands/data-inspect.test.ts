// What `data inspect` tells of the recording: settings of the environment, tasks by name, sentences.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { recordData } from '../../training/index.js';
import { parseArguments } from '../args.js';
import type { Terminal } from '../terminal.js';
import { dataInspect } from './data-inspect.js';

const folder = mkdtempSync(join(tmpdir(), 'anygoal-inspect-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Lines that are printed of a file, and the object with --json. */
async function inspected(bytes: Uint8Array) {
  const file = join(folder, 'some.safetensors');
  writeFileSync(file, bytes);
  const lines: string[] = [];
  const object: Record<string, unknown> = {};
  const terminal = {
    print: (line: string) => void lines.push(line),
    tone: (text: string) => text,
    json: (value: object) => void Object.assign(object, value),
  } as unknown as Terminal;
  await dataInspect.run(parseArguments(dataInspect.spec, [file]), terminal, 'anygoal');
  return { lines, object };
}

it('settings, episodes of each task and sentences', async () => {
  const { bytes } = await recordData({
    env: 'tabletop/mt3',
    envOptions: { sentences: 'plain', words: 12, camera: { size: 8 }, goalMarker: true },
    policy: 'random',
    episodes: 5,
  });
  const { lines, object } = await inspected(bytes);
  const text = lines.join('\n');
  expect(text).toMatch(/^Settings +env\.sentences=plain, env\.words=12, env\.camera\.size=8, env\.goalMarker=true$/m);
  expect(text).toMatch(/^Tasks +reach 2, push 2, pick-and-place 1$/m);
  expect(text).toMatch(
    /^Sentences +"move the hand to the [\w ]+", "push the \w+ \w+ to the [\w ]+", "bring the [\w ]+", "move the [\w ]+"$/m,
  );
  expect(object.tasks).toEqual({ reach: 2, push: 2, 'pick-and-place': 1 });
  expect(object.sentences).toHaveLength(4);
});

it('nothing is printed of what there is not', async () => {
  const { bytes } = await recordData({ env: 'point/reach', policy: 'random', episodes: 2 });
  const { lines, object } = await inspected(bytes);
  expect(lines.join('\n')).not.toMatch(/^(Settings|Tasks|Sentences)/m);
  expect(object).not.toHaveProperty('tasks');
});
