// What steps say they fulfilled, against episodes that were asked for just that.
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../random.js';
import { fulfilledName, isFulfilled } from '../captions.js';
import { parseEnvOptions } from '../define-env.js';
import type { GoalEnv } from '../env.js';
import { captionsOf } from './captions.js';
import { babyai, type LevelName } from './index.js';

const make = async (name: LevelName, options: object): Promise<GoalEnv> =>
  babyai[name].create(parseEnvOptions(babyai[name], { encoder: 'none', captions: true, ...options }));

/** The first step after which each sentence was fulfilled, by random actions; and those actions. */
function wander(env: GoalEnv, sentences: readonly string[], seed: number) {
  const random = createRandom(seed);
  env.reset({ seed });
  const first = new Map<string, number>();
  const actions: number[] = [];
  for (;;) {
    actions.push(random.below(6));
    const now = env.step([actions[actions.length - 1]]);
    const bits = now.columns[fulfilledName];
    sentences.forEach((sentence, i) => {
      if (isFulfilled(bits, i) && !first.has(sentence)) first.set(sentence, actions.length);
    });
    if (now.terminated || now.truncated) return { first, actions, now };
  }
}

describe.each<[LevelName, object]>([
  ['go-to-local', { roomSize: 6, objects: 4 }],
  ['pickup-loc', { roomSize: 5, objects: 4 }],
  ['open-door', { roomSize: 4 }],
])('%s', (name, options) => {
  it('is what the episode would have succeeded at, had it been asked for, and nothing else', async () => {
    const sentences = captionsOf(name);
    const [env, other] = [await make(name, options), await make(name, options)];
    let count = 0;
    for (let seed = 1; seed <= 12; seed++) {
      const { first, actions } = wander(env, sentences, seed);
      for (const [sentence, steps] of first) {
        other.reset({ seed, instruction: sentence });
        for (let t = 1; t <= steps; t++) {
          const now = other.step([actions[t - 1]]);
          expect([sentence, t, now.isSuccess]).toEqual([sentence, t, t === steps]);
          if (t === steps)
            expect(now.reward).toBeCloseTo(
              babyai[name]
                .rules(parseEnvOptions(babyai[name], { ...options, captions: true }))
                .captions?.reward?.(sentences.indexOf(sentence), steps) ?? 0,
              6,
            );
        }
        count++;
      }
    }
    expect(count).toBeGreaterThan(5);
  });
});

it('tells of what is asked for, with the right article, and goes on after a saved state', async () => {
  const env = await make('go-to-local', {});
  const sentences = captionsOf('go-to-local');
  for (let seed = 1; seed <= 20; seed++) {
    env.reset({ seed });
    const sentence = sentences.indexOf(env.instruction?.() ?? '');
    expect(sentence).toBeGreaterThanOrEqual(0);
    for (;;) {
      env.restoreState(env.saveState());
      const now = env.step(env.expert?.() ?? [0]);
      expect(isFulfilled(now.columns[fulfilledName], sentence)).toBe(now.isSuccess);
      if (now.terminated || now.truncated) break;
    }
  }
});

it('names colours where the level does', () => {
  expect(captionsOf('go-to-local')).not.toContain('go to the ball');
  expect(captionsOf('pickup-loc')).toContain('pick up the ball');
});

it('is worth as much as the longest instruction where it is none of the sentences', () => {
  const { spec, captions } = babyai['boss-level'].rules(
    parseEnvOptions(babyai['boss-level'], { encoder: 'none', captions: true }),
  );
  expect(captions?.reward?.(-1, spec.maxEpisodeSteps)).toBeCloseTo(0.1, 9);
});
