// What library calls refuse before they begin: unknown options, missing ones, values of the wrong kind.
import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { createMemoryStore } from '../runs/memory-store.js';
import { configure } from './configure.js';
import { evaluateRun, exportPolicy, loadPolicy, loadValue } from './policy.js';
import { resume, train } from './train.js';

// As JavaScript calls them, which checks no types.
const calls = { train, configure, resume, evaluateRun, exportPolicy, loadPolicy, loadValue } as unknown as Record<
  string,
  (...given: readonly unknown[]) => Promise<unknown>
>;
const env = 'point/reach';
const run = 'x';

describe('a call is refused', () => {
  it.each<[string, readonly unknown[], string]>([
    ['train', [], "train takes an object of options, as in train({ env: 'arm/reach' }), not undefined."],
    ['train', [env], 'not "point/reach".'],
    ['train', [{}], 'train needs env: the name of an environment, the path of a module,'],
    ['train', [{ env, stepz: 5 }], 'unknown option "stepz" of train; did you mean "steps"? Available: env, agent,'],
    ['train', [{ env, seeds: [1] }], 'unknown option "seeds" of train; did you mean "seed"?'],
    ['train', [{ env, batchSize: 5 }], 'did you mean config: { training: { batchSize: ... } }?'],
    ['train', [{ env, config: [] }], 'config of train must be settings by section, such as { training:'],
    ['train', [{ env, config: 'my.yaml' }], 'not "my.yaml"'],
    ['train', [{ env: ['a'] }], 'env of train must be the name of an environment'],
    ['train', [{ env: Promise.resolve() }], 'not a promise (await it)'],
    ['train', [{ env, signal: new AbortController() }], 'must be an AbortSignal, such as the signal of an AbortContr'],
    ['train', [{ env, onProgress: true }], 'onProgress of train must be a function, not true.'],
    ['train', [{ env, store: 'runs' }], 'store of train must be a store: an object with read, write,'],
    ['train', [{ env, store: { read() {} } }], 'store of train must be a store'],
    ['train', [{ env, runtime: 'node' }], 'runtime of train must be a runtime'],
    ['train', [{ env, seed: -1 }], 'seed must be a whole number, at least 0, not -1'],
    ['configure', [{ env, stepz: 5 }], 'unknown option "stepz" of configure; did you mean "steps"?'],
    ['resume', ['runs/a'], "resume takes an object of options, as in resume({ run: 'runs/NAME' })"],
    ['resume', [{}], "resume needs run: a run's folder"],
    ['resume', [{ run, step: 5 }], 'unknown option "step" of resume; did you mean "steps"?'],
    ['resume', [{ run, steps: '5' }], 'steps of resume must be a whole number, at least 1, not "5".'],
    ['resume', [{ run, untilSuccess: 95 }], 'untilSuccess of resume must be a number from 0 to 1, not 95.'],
    ['resume', [{ run, workers: -1 }], 'workers of resume must be a whole number from 0 to 256, not -1.'],
    ['resume', [{ run, env }], 'env of resume must be an environment as defineEnv or loadEnv gives it'],
    ['loadPolicy', [], 'loadPolicy takes an object of options'],
    ['loadPolicy', [{ run: 5 }], "run of loadPolicy must be a run's folder: a path, in pages a URL,"],
    ['loadPolicy', [{ rum: 'x' }], 'unknown option "rum" of loadPolicy; did you mean "run"?'],
    ['loadPolicy', [{ run, checkpoint: 'newest' }], 'checkpoint of loadPolicy must be "best", "last" or the steps'],
    ['loadPolicy', [run, { checkpoint: 'last' }], 'unknown option "checkpoint" of loadPolicy\'s second argument'],
    ['loadValue', [{ run }, { row: 2 }], 'did you mean "rows"?'],
    ['loadValue', [{ run }, { rows: 0 }], "rows of loadValue's second argument must be a whole number, at least 1"],
    ['evaluateRun', [{}], 'evaluateRun needs run'],
    ['evaluateRun', [{ run, episode: 5 }], 'unknown option "episode" of evaluateRun; did you mean "episodes"?'],
    ['evaluateRun', [{ run, episodes: 0 }], 'episodes of evaluateRun must be a whole number, at least 1, not 0.'],
    ['evaluateRun', [{ run, goal: 5 }], 'goal of evaluateRun must be a list of numbers, not 5.'],
    ['evaluateRun', [{ run, goals: 'heldout' }], 'goals of evaluateRun must be "trained" or "held-out" or "all"'],
    ['evaluateRun', [{ run, seed: 1.5 }], 'seed of evaluateRun must be a whole number'],
    ['exportPolicy', [run], "exportPolicy takes an object of options, as in exportPolicy({ run: 'runs/NAME' })"],
    ['exportPolicy', [{ run, out: 'a.onnx' }], 'unknown option "out" of exportPolicy'],
  ])('%s(...%j)', async (name, given, message) => {
    const refused = expect(calls[name](...given)).rejects;
    await refused.toThrow(message);
    await refused.toBeInstanceOf(UsageError);
  });
});

it('nothing is written for a call that is refused', async () => {
  const store = createMemoryStore();
  await expect(calls.train({ env, store, stepz: 1 })).rejects.toThrow('stepz');
  expect(await store.list('')).toEqual([]);
});

it('undefined options are absent ones', async () => {
  expect((await configure({ env, agent: undefined, seed: undefined, config: undefined })).seed).toBe(0);
});
