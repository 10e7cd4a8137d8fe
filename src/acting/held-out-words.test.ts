// Words held out of training: no episode asks with them, evaluations of the other part do, recordings and runs refuse what does not fit.
import { expect, it } from 'vitest';
import { openEpisodes } from '../datasets/index.js';
import { makeEnv } from '../envs/index.js';

import { memorySource } from '../runs/byte-source.js';
import { createMemoryStore } from '../runs/memory-store.js';
import { configure } from '../training/configure.js';
import { recordData } from '../training/record.js';
import { train } from '../training/train.js';
import { onlyGoals, saysAny, trainingGoals } from './training-goals.js';

const words = ['red ball', 'blue'];

it('words count whole, one after the other, in whatever letters', () => {
  expect(saysAny('Go to the RED, ball!', ['red ball'])).toBe(true);
  expect(saysAny('go to the red box and a ball', ['red ball'])).toBe(false);
  expect(saysAny('go to the redball', ['red', 'ball'])).toBe(false);
});

it('training asks without them, the part that is held out with one of them', async () => {
  const env = await makeEnv('babyai/go-to-local');
  const config = await configure({
    env: 'babyai/go-to-local',
    agent: 'dqn',
    config: { goals: { heldOut: { words } } },
  });
  const goals = trainingGoals(env, config);
  const asked = (part: 'trained' | 'held-out', seed: number) => {
    const only = onlyGoals(env, goals, part);
    only.reset({ seed });
    return Array.from({ length: 60 }, () => {
      only.reset();
      return only.instruction!();
    });
  };
  expect(asked('trained', 1).some((sentence) => /red ball|blue/.test(sentence))).toBe(false);
  const heldOut = asked('held-out', 1);
  expect(heldOut.every((sentence) => /red ball|blue/.test(sentence))).toBe(true);
  expect(new Set(heldOut).size).toBeGreaterThan(3);
  expect(asked('held-out', 1)).toEqual(heldOut);
  // What is asked for by hand is asked, held out or not.
  const only = onlyGoals(env, goals, 'trained');
  only.reset({ instruction: 'go to the red ball' });
  expect(only.instruction!()).toBe('go to the red ball');
});

it('are refused where nothing is asked in words, and where data were recorded with them', async () => {
  const point = await makeEnv('point/reach');
  const config = await configure({ env: 'point/reach', config: { goals: { heldOut: { words } } } });
  expect(() => trainingGoals(point, config)).toThrow('point/reach does not ask in words; leave one out');
  await expect(
    recordData({ env: 'babyai/go-to-local', policy: 'random', episodes: 1, without: ['red ball', 'grean key'] }),
  ).rejects.toThrow('without has "grean key", with which babyai/go-to-local asks for nothing; is it misspelt?');
  await expect(recordData({ env: 'point/reach', policy: 'random', episodes: 1, without: words })).rejects.toThrow(
    'does not ask in words',
  );
  const env = 'babyai/go-to-local';
  const record = (without: readonly string[]) => recordData({ env, policy: 'scripted', episodes: 12, without });
  const { bytes } = await record(words);
  expect((await openEpisodes(memorySource('some', bytes))).origin.without).toEqual(words);
  const { bytes: others } = await record(['red ball']);
  const run = async (name: string, data: Uint8Array) =>
    train({
      env,
      agent: 'bc',
      steps: 2,
      store: createMemoryStore(),
      data: await openEpisodes(memorySource(name, data)),
      config: {
        goals: { heldOut: { words } },
        agent: { options: { hidden: [4] } },
        training: { batchSize: 8 },
        evaluation: { every: 2, episodes: 2 },
        runtime: { worker: false, overlap: false },
      },
    });
  await expect(run('others', others)).rejects.toThrow(
    'others was not recorded without "blue", which goals.heldOut.words holds out; record it with --without "blue".',
  );
  expect((await run('without', bytes)).updates).toBe(2);
});
