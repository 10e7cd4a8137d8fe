// Episodes stored as what they fulfilled: where copies end, what they are worth and asked for, and no chance in it.
import { describe, expect, it } from 'vitest';
import type { EnvRules, EnvSpec } from '../envs/env.js';
import { box } from '../envs/space.js';
import { rulesWithoutGoals } from '../envs/spec.js';
import { createVerifier } from './captions.js';
import { createLanguageHindsight } from './language-hindsight.js';
import { createReplay, type Replay } from './replay.js';

const sentences = Array.from({ length: 10 }, (_, i) => `say ${i}`);
const vector = (sentence: number) => [sentence, -sentence];

const plain: EnvSpec = {
  name: 'test/said',
  observation: box(1),
  parts: { instruction: { ...box(2), per: 'episode' } },
  achieved: box(0),
  goal: box(0),
  action: box(1),
  maxEpisodeSteps: 6,
  rewardRange: [0, 1],
  successEndsEpisode: false,
  info: [],
  columns: { fulfilled: { shape: [2], dtype: 'uint8', per: 'transition' } },
};
const plainRules: EnvRules = {
  ...rulesWithoutGoals(plain),
  captions: { sentences, reward: (_, steps) => 1 - steps / 10 },
};

/** `done`: the sentences that each step fulfils. */
function add(replay: Replay, asked: number, done: readonly (readonly number[])[]): void {
  const bits = done.flatMap((some) => {
    const mask = some.reduce((sum, sentence) => sum | (1 << sentence), 0);
    return [mask & 255, mask >> 8];
  });
  replay.addEpisode({
    columns: {
      observation: Array.from({ length: done.length + 1 }, (_, t) => 10 * asked + t),
      instruction: vector(asked),
      action: done.map(() => 0),
      reward: done.map((some) => (some.includes(asked) ? 0.5 : 0)),
      fulfilled: bits,
    },
    failed: done[done.length - 1].includes(asked),
  });
}

function episodes({ ring }: Replay, from: number) {
  const { layout, rows, capacity } = ring;
  const out = [];
  let row = ring.rowOf(from);
  for (let serial = from; serial < ring.nextSerial; serial++) {
    const steps = rows[row * layout.width + layout.remaining];
    const get = (name: string, count: number) =>
      Array.from({ length: count }, (_, t) => rows[((row + t) % capacity) * layout.width + layout.column(name).offset]);
    out.push({
      seen: get('observation', steps + 1),
      asked: get('instruction', steps + 1),
      reward: get('reward', steps),
      failed: Array.from({ length: steps }, (_, t) => rows[((row + t) % capacity) * layout.width + layout.failed]),
    });
    row = (row + steps + 1) % capacity;
  }
  return out;
}

const hindsight = (replay: Replay, rules: EnvRules, copies: number, seed = 1) =>
  createLanguageHindsight(replay, rules, {
    captioner: createVerifier(replay.ring, rules),
    vector,
    copies,
    seed,
  });

describe('without goals', () => {
  it('ends copies where the caption was fulfilled first, which is their success', () => {
    const replay = createReplay(plain, 100);
    add(replay, 1, [[], [9], [9], []]);
    const { rows, layout } = replay.ring;
    rows[replay.ring.rowOf(0) * layout.width + layout.failed] = 1; // as a learned reward may have it
    expect(hindsight(replay, plainRules, 4).relabel(0)).toBe(1);
    expect(episodes(replay, 1)).toEqual([
      { seen: [10, 11, 12], asked: [9, 9, 9], reward: [0, Math.fround(0.8)], failed: [0, 1] },
    ]);
  });

  it('leaves out what was asked for, and takes at most so many of the others, each once', () => {
    const replay = createReplay(plain, 100);
    add(replay, 1, [[2], [3, 4], [1]]);
    expect(hindsight(replay, plainRules, 2).relabel(0)).toBe(2);
    const [a, b] = episodes(replay, 1).map(({ asked }) => asked[0]);
    expect([2, 3, 4]).toContain(a);
    expect([2, 3, 4].filter((sentence) => sentence !== a)).toContain(b);
  });

  it('takes the episodes from a number on only, and is the same for the same seed', () => {
    const run = (seed: number) => {
      const replay = createReplay(plain, 200);
      add(replay, 0, [[5]]);
      for (let i = 0; i < 6; i++) add(replay, 1, [[2, 3, 4, 5, 6, 7]]);
      hindsight(replay, plainRules, 1, seed).relabel(1);
      return episodes(replay, 7).map(({ asked }) => asked[0]);
    };
    expect(run(1)).toHaveLength(6);
    expect(run(1)).toEqual(run(1));
    expect([run(2), run(3), run(4)]).not.toEqual([run(1), run(1), run(1)]);
  });
});

describe('with goals', () => {
  const spec: EnvSpec = {
    ...plain,
    achieved: box(1),
    goal: box(1),
    columns: {},
  };
  /** Sentence i is to be at i; 9 means nothing. */
  const rules: EnvRules = {
    spec,
    computeReward(achieved, desired, _, out) {
      for (let i = 0; i < out.length; i++) out[i] = achieved[i] === desired[i] ? 0 : -1;
    },
    computeSuccess(achieved, desired, _, out) {
      for (let i = 0; i < out.length; i++) out[i] = achieved[i] === desired[i] ? 1 : 0;
    },
    captions: {
      sentences,
      goal(sentence, _, goal) {
        goal[0] = sentence;
        return sentence !== 9;
      },
    },
  };

  it('gives copies the goal that the caption stands for, and rewards by the rules', () => {
    const replay = createReplay(spec, 100);
    replay.addEpisode({
      columns: {
        observation: [0, 1, 2, 3],
        achieved: [0, 9, 4, 9],
        goal: [8],
        instruction: vector(8),
        action: [0, 0, 0],
      },
      failed: false,
    });
    expect(hindsight(replay, rules, 4).relabel(0)).toBe(1);
    const { layout, rows } = replay.ring;
    const row = replay.ring.rowOf(1) * layout.width;
    expect(rows[row + layout.column('goal').offset]).toBe(4);
    expect(episodes(replay, 1)).toMatchObject([{ asked: [4, 4, 4, 4], reward: [-1, 0, -1], failed: [0, 0, 0] }]);
  });
});
