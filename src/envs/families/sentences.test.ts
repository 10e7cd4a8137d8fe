// Sentences that a family's episodes are asked for in: of their goal, word by word, kept and saved.
import { expect, test } from 'vitest';
import { embeddedEncoder, wordSize } from '../../text/embedded.js';
import { parseEnvOptions } from '../define-env.js';
import type { EnvDefinition } from '../env.js';
import { pointNavigate, pointReach } from '../point/index.js';
import { seen, seenOfObject } from '../tabletop/columns.js';
import { tabletopMt3 } from '../tabletop/families.js';
import { colours } from '../tabletop/layout.js';
import { speech } from './sentences.js';
import { taskFamily } from './task-family.js';

const options = (given: Record<string, unknown>) => parseEnvOptions(tabletopMt3, given);

test('an episode shows the sentence that asks for it, and its words in their order, until it ends', async () => {
  const env = await tabletopMt3.create(options({ sentences: 'plain', words: 12 }));
  const plain = await tabletopMt3.create(options({}));
  for (let seed = 0; seed < 6; seed++) {
    const now = env.reset({ seed, task: seed % 3 });
    expect([...now.observation]).toEqual([...plain.reset({ seed, task: seed % 3 }).observation]);
    const said = env.instruction?.() ?? '';
    expect(said).toMatch(
      [/^move the hand to the /, /^push the \w+ \w+ to the /, /^bring the \w+ \w+ to the /][seed % 3],
    );
    const words = now.columns.words as Float32Array;
    const own = embeddedEncoder().encodeWords(said);
    own.forEach((vector, i) => {
      expect([...words.subarray(i * wordSize, (i + 1) * wordSize)]).toEqual([...vector]);
    });
    expect(words.subarray(own.length * wordSize).every((value) => value === 0)).toBe(true);
    if (seed % 3 > 0) {
      const [, colour] = /the (\w+) \w+ to/.exec(said) ?? [];
      const things = [0, 1].map((i) => {
        const at = seen.objects + i * seen.objectSize + seenOfObject.colour;
        return [...now.observation.subarray(at, at + 3)].map((value) => value.toFixed(2)).join();
      });
      const asked = colours[colour as keyof typeof colours].map((value) => value.toFixed(2)).join();
      expect(things).toContain(asked);
    }
    const before = words.slice();
    expect(env.step([0, 0, 0, 0]).columns.words).toEqual(before);
  }
  expect(() => env.reset({ instruction: 'push the red cube' })).toThrow(
    'asks for its own tasks and goals in words, and draws a goal for no other sentence, but "push the red cube" was given; leave it out',
  );
  env.reset({ seed: 49 });
  const saved = env.saveState();
  const asked = env.instruction?.();
  env.reset({ seed: 50 });
  env.restoreState(saved);
  expect(env.instruction?.()).toBe(asked);
  for (const each of [env, plain]) each.dispose?.();
});

test('what cannot be said is told', () => {
  const silent = taskFamily('me/silent', { one: { env: pointReach as EnvDefinition } }, { speech });
  expect(() => silent.rules(parseEnvOptions(silent, { sentences: 'plain' }))).toThrow(
    /env\.sentences is plain, but nobody says one in words/,
  );
  expect(() => parseEnvOptions(pointNavigate, { sentences: 'plain' })).toThrow(/sentences/);
  expect(() => tabletopMt3.rules(options({ sentences: 'plain', words: 4 }))).toThrow(
    /env\.words is 4, but "[^"]+", which the environment asks for, has (\d+) words; set it to \1 or more, or to 0/,
  );
  expect(() => tabletopMt3.rules(options({ words: 4 }))).toThrow(
    'tabletop/mt3: env.words is 4, but env.sentences is not set; set env.sentences=plain, or env.words=0.',
  );
});
