// Runs with hindsight in words and learned rewards: to the bit the same after a resume, and refused where they cannot be.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openDataSet } from '../datasets/index.js';
import { createDiskStore } from '../runs/disk-store.js';
import { createMemoryStore } from '../runs/memory-store.js';
import { configure } from './configure.js';
import { recordData } from './record.js';
import { resume, train } from './train.js';
import type { TrainOptions } from './types.js';

const folder = mkdtempSync(join(tmpdir(), 'anygoal-language-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const env = { options: { view: 'planes', captions: true, roomSize: 5, objects: 2 } };
const small = {
  env,
  agent: { options: { hidden: [8], encoders: { image: { kind: 'dense', size: 8 } }, epsilonSteps: 200 } },
  training: { batchSize: 16, warmupSteps: 50, updatesPerStep: 0.1 },
  evaluation: { every: 150, episodes: 2 },
  checkpoint: { every: 150 },
  runtime: { worker: false },
};
const learned = { captioner: 'learned', rewardModel: true, labelled: 0.5, updates: 2 };
const STEPS = 300;
const given: TrainOptions = { env: 'babyai/go-to-local', agent: 'dqn', relabel: 'caption:2', seed: 3 };

/** What the last checkpoint holds of the policy and of what was learned of success, and what was logged of language. */
async function traces(store: ReturnType<typeof createMemoryStore>, runDir: string) {
  const run = runDir.slice(store.location.length + 1);
  const read = (path: string) => store.read(`${run}/${path}`);
  const files = [
    'policy.safetensors',
    ...['model.vector.success', 'labelled', 'tallies'].map((part) => `state/learner.language.${part}.bin`),
  ];
  const bytes = await Promise.all(
    files.map(async (name) => Array.from(await read(`checkpoints/${STEPS}/${name}`)).join()),
  );
  const metrics = new TextDecoder()
    .decode(await read('metrics.jsonl'))
    .trim()
    .split('\n');
  const language = metrics.flatMap((line) =>
    Object.entries(JSON.parse(line) as Record<string, number>).filter(([name]) => name.includes('language/')),
  );
  return { bytes, language };
}

describe('language', () => {
  it('what says how much is learned of labels is refused where nothing is', async () => {
    const of = (language: Record<string, unknown>) => configure({ env: 'babyai/go-to-local', config: { language } });
    await expect(of({ labelled: 0.25 })).rejects.toThrow(
      'language.labelled is 0.25, but nothing is learned of labelled episodes; set language.rewardModel=true or language.captioner=learned',
    );
    await expect(of({ updates: 4 })).rejects.toThrow('language.updates is 4, but nothing is learned');
    expect((await of({ labelled: 0.25, rewardModel: true })).language.labelled).toBe(0.25);
    expect((await of({ labelled: 1 })).language.labelled).toBe(1);
  });

  it('goes on after a resume as if nothing had been, what is learned of success included', async () => {
    const config = { ...small, language: learned };
    const [whole, parts] = [createMemoryStore(), createMemoryStore()];
    const one = await train({ ...given, steps: STEPS, store: whole, config });
    const first = await train({ ...given, steps: 150, store: parts, config });
    const run = first.runDir.slice(parts.location.length + 1);
    const two = await resume({ run, steps: STEPS, store: parts });
    const [a, b] = [await traces(whole, one.runDir), await traces(parts, two.runDir)];
    for (const name of ['reward_recall', 'caption_recall', 'captions']) {
      expect(a.language.map(([metric]) => metric)).toContain(`language/${name}`);
    }
    expect(b.bytes).toEqual(a.bytes);
  });

  it('episodes that are told keep their true rewards, the others have none before anything is claimed', async () => {
    const rewarded = async (language: Record<string, unknown>) => {
      const config = { ...small, training: { ...small.training, warmupSteps: 2000 }, language };
      const store = createDiskStore(join(folder, String(language.labelled)));
      const { runDir } = await train({ ...given, relabel: 'none', steps: 1500, store, config });
      const data = await openDataSet(runDir);
      const { columns } = await data.read(0, data.steps.length, ['reward']);
      await data.close();
      return [...(columns.reward ?? [])];
    };
    const [all, told] = [await rewarded({}), await rewarded({ rewardModel: true, labelled: 0.5 })];
    const kept = all.filter((reward, step) => reward > 0 && told[step] === reward).length;
    const successes = all.filter((reward) => reward > 0).length;
    expect(successes).toBeGreaterThan(20);
    expect(told.every((reward, step) => reward === 0 || reward === all[step])).toBe(true);
    expect(kept / successes).toBeGreaterThan(0.2);
    expect(kept / successes).toBeLessThan(0.8);
  });

  it.each<[string, Partial<TrainOptions>, RegExp]>([
    [
      'all told',
      { config: { ...small, language: { rewardModel: true } } },
      /language\.rewardModel is set, but language\.labelled is 1: .*; set language\.labelled below 1, such as 0\.5/,
    ],
    [
      'no column',
      { config: { ...small, env: { options: {} } } },
      /relabel is "caption:2", but steps of babyai\/go-to-local do not tell.*set env\.captions=true/,
    ],
    [
      'no words',
      { env: 'grid', config: { runtime: { worker: false } } },
      /relabel is "caption:2", but grid does not ask in words/,
    ],
    ['on-policy', { agent: 'ppo', config: { env } }, /relabel "caption:2" does not go with agent "ppo"/],
    [
      'no caption',
      { relabel: 'none', config: { ...small, language: { captioner: 'learned' } } },
      /language\.captioner is learned, but relabel is "none"/,
    ],
    [
      'goals',
      { env: 'tabletop/words', agent: 'sac', config: { runtime: { worker: false }, language: { rewardModel: true } } },
      /language\.rewardModel is set, but tabletop\/words has goals/,
    ],
    [
      'single words',
      {
        env: 'tabletop/words',
        agent: 'sac',
        config: { runtime: { worker: false }, env: { words: 12 }, tasks: { identifiers: ['instruction', 'words'] } },
      },
      /env\.words is 12: a caption takes the sentence's place/,
    ],
    [
      'nothing told',
      { config: { ...small, language: { ...learned, labelled: 0 } } },
      /language\.labelled is 0, so that nothing is told from which rewards are learned/,
    ],
    [
      'demonstrations',
      {
        relabel: 'none',
        config: {
          ...small,
          training: { ...small.training, demonstrations: 3 },
          language: { rewardModel: true, labelled: 0.5 },
        },
      },
      /language\.rewardModel is set, but training\.demonstrations is 3: .* would lose their rewards; set it to 0/,
    ],
    ['parts', { relabel: 'caption:1.5', config: small }, /captions are counted; write a whole number/],
  ])('refuses it: %s', async (_, changes, message) => {
    await expect(train({ ...given, steps: 100, store: createMemoryStore(), ...changes })).rejects.toThrow(message);
  });

  it('says so where it is the data that have single words', async () => {
    const made = { env: 'tabletop/words', policy: 'random', episodes: 2 } as const;
    const { bytes } = await recordData({ ...made, envOptions: { words: 12 } });
    const data = [await openDataSet('said.safetensors', bytes)];
    const changes = { env: 'tabletop/words', agent: 'sac', data, config: { runtime: { worker: false } } };
    await expect(train({ ...given, ...changes, steps: 100, store: createMemoryStore() })).rejects.toThrow(
      'relabel is "caption:2", but said.safetensors has the words of its sentences one by one (env.words is 12), and a caption takes the place of whole sentences only; leave relabel out, or record without env.words.',
    );
  });
});
