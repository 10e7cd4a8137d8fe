// The tabletop asked in words: what can be said, what it makes of the scene, the expert, saved states.
import { expect, it } from 'vitest';
import { embeddedEncoder } from '../../text/embedded.js';
import { makeEnv, parseEnvOptions } from '../index.js';
import { seen, seenOfObject, wants } from './columns.js';
import { otherWords, parseRequest, rephrase, requests, sentenceOf } from './language.js';
import { tabletopWords } from './words.js';

it('every sentence and paraphrase is understood, and its words are known', () => {
  expect(requests).toHaveLength(4 * 6 * 3);
  for (const [i, request] of requests.entries()) {
    const sentence = sentenceOf(request);
    expect(parseRequest(sentence)).toEqual(request);
    for (const way of rephrase.everyWay(sentence).filter((_, j) => (i + j) % 11 === 0)) {
      expect(parseRequest(way)).toEqual(request);
    }
  }
  expect(embeddedEncoder().unknownWords(Object.values(otherWords).flat().join(' '))).toEqual([]);
  expect(parseRequest('Grab a scarlet mug!')).toEqual({ ask: 'pick up', colour: 'red', shape: 'cylinder' });
  expect(() => parseRequest('pick up the rad cube')).toThrow(
    'unknown word "rad" in "pick up the rad cube"; did you mean',
  );
  expect(() => parseRequest('push the red cube')).toThrow('is none that the tabletop understands');
});

it('the expert does what is asked, whatever it is', async () => {
  const env = await makeEnv('tabletop/words', { phrasing: 'varied' });
  const expert = tabletopWords.demonstrator!(undefined as never)!;
  const done = new Map<string, number[]>();
  for (let episode = 0; episode < 40; episode++) {
    let now: { observation: Float32Array; goal: Float32Array; isSuccess?: boolean; truncated?: boolean } = env.reset(
      episode === 0 ? { seed: 5 } : {},
    );
    const { ask } = parseRequest(env.instruction!());
    for (let held = 0; !now.truncated && held < 5; held = now.isSuccess ? held + 1 : 0) {
      now = env.step(expert(now.observation, now.goal));
    }
    done.set(ask, [...(done.get(ask) ?? []), now.isSuccess ? 1 : 0]);
  }
  const all = [...done.values()].flat();
  expect(done.size).toBe(4);
  // 160 of 160 when this was written; one may slip in another build of the physics.
  expect(all.reduce((a, b) => a + b, 0)).toBeGreaterThanOrEqual(39);
  env.dispose?.();
});

it('what is asked for is there, told apart from the other thing', async () => {
  const env = await makeEnv('tabletop/words');
  env.reset({ seed: 1 });
  for (const instruction of ['pick up the purple brick', 'slide the white cup to the left']) {
    const { shape } = parseRequest(instruction);
    for (let i = 0; i < 5; i++) {
      const { observation: o, goal, columns } = env.reset({ instruction });
      expect(env.instruction!()).toBe(instruction);
      const object = wants(goal, 'object-1') ? 0 : 1;
      const at = seen.objects + object * seen.objectSize;
      expect(o[at + seenOfObject.shape + ['cube', 'cylinder', 'brick'].indexOf(shape)]).toBe(1);
      const other = seen.objects + (1 - object) * seen.objectSize;
      const hue = (from: number) => o.slice(from + seenOfObject.colour, from + seenOfObject.colour + 3).join();
      expect(hue(at)).not.toBe(hue(other));
      expect((columns.instruction as Float32Array).some((value) => value !== 0)).toBe(true);
    }
  }
  expect(() => env.reset({ instruction: 'dance' })).toThrow('unknown word "dance"');
  // A saved state knows what it was asked for.
  env.reset({ instruction: 'pick up the red cube' });
  const state = env.saveState();
  env.reset();
  env.restoreState(state);
  expect(env.instruction!()).toBe('pick up the red cube');
  expect(() => env.reset({ state: new Uint8Array(state), instruction: 'pick up the blue cube' })).toThrow();
  env.dispose?.();
});

it('says of an episode what the goal of each request about its things would be, and nothing of others', async () => {
  const rules = tabletopWords.rules(parseEnvOptions(tabletopWords));
  const env = await tabletopWords.create(parseEnvOptions(tabletopWords));
  const { sentences, goal: goalOf } = rules.captions as Required<NonNullable<typeof rules.captions>>;
  for (let seed = 1; seed <= 8; seed++) {
    const now = env.reset({ seed });
    const goal = new Float32Array(now.goal.length);
    const said = sentences.filter((_, i) => goalOf(i, now.observation, goal));
    expect(said).toHaveLength(8);
    expect(goalOf(sentences.indexOf(env.instruction?.() ?? ''), now.observation, goal)).toBe(true);
    for (const [j, value] of goal.entries()) expect(value).toBeCloseTo(now.goal[j], 4);
  }
  env.dispose?.();
});
