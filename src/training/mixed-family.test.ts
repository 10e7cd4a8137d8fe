// A family whose members differ in observations, goals and actions trains; held-out tasks, demonstrations and refusals by name.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeTasks } from '../conditioning/index.js';
import { defineEnv, type EnvDefinition, loadEnv, taskFamily } from '../envs/index.js';
import { walk } from '../envs/testing.js';
import { createMemoryStore } from '../runs/memory-store.js';
import { evaluateRun } from './policy.js';
import { recordData } from './record.js';
import { train } from './train.js';

const small = { hidden: [16] };
const quick = (config: Record<string, unknown> = {}) => ({
  agent: { options: small },
  training: { warmupSteps: 100, updatesPerStep: 0.2, batchSize: 32 },
  evaluation: { every: 0, episodes: 6 },
  runtime: { worker: false },
  ...config,
});
/** A place in the plane with two numbers and two actions; a line with two others and one action. */
const mixed = async () =>
  taskFamily('me/mixed', {
    plane: { env: (await loadEnv('point/reach')) as EnvDefinition },
    line: {
      env: defineEnv({ name: 'me/line', create: () => walk({ bound: 1, maxEpisodeSteps: 20 }) }) as EnvDefinition,
    },
  }) as EnvDefinition;

test('one policy for tasks with one and with two numbers of action, by each kind of learner', async () => {
  const env = await mixed();
  const [plane, line] = describeTasks(env, {}).tasks;
  expect([plane.action, line.action, plane.goal, line.goal]).toEqual([2, 1, 2, 1]);
  for (const [agent, config] of [
    ['sac', quick()],
    ['td3', quick()],
    ['ppo', { evaluation: { every: 0, episodes: 6 }, runtime: { worker: false }, agent: { options: small } }],
  ] as const) {
    const store = createMemoryStore();
    const { evalTasks, updates } = await train({ env, agent, steps: 400, seed: 1, store, config });
    expect(updates, agent).toBeGreaterThan(0);
    expect(evalTasks, agent).toMatchObject([
      { task: 'plane', episodes: 3 },
      { task: 'line', episodes: 3 },
    ]);
    expect(
      evalTasks?.every(({ meanReward }) => Number.isFinite(meanReward)),
      agent,
    ).toBe(true);
  }
}, 120_000);

test('what its members cannot have in common is refused with the reason', async () => {
  const env = await mixed();
  const refused = describeTasks(env, {}).methods.filter(({ allowed }) => !allowed);
  expect(refused.map(({ name, note }) => `${name}: ${note}`)).toEqual([
    expect.stringMatching(/^hindsight between tasks: plane, line without S, A, T in common: an episode of one task/),
    expect.stringMatching(/^one dynamics model for all: plane, line without S, A, T in common/),
    expect.stringMatching(/^scripted demonstrations: no task has/),
    expect.stringMatching(/^language instructions: no task has/),
  ]);
  const store = createMemoryStore();
  const asks = (config: Record<string, unknown>) => train({ env, steps: 200, seed: 1, store, config: quick(config) });
  await expect(asks({ env: { options: { demonstration: 3 } } })).rejects.toThrow(/nobody demonstrates plane, line/);
  await expect(asks({ tasks: { identifiers: ['task'] }, relabel: 'future:4' })).rejects.toThrow(
    /the policy would not see the new goals/,
  );
  const shares = ['A'] as const;
  const both = { plane: { env: (await loadEnv('point/reach')) as EnvDefinition, shares } };
  const line = { env: (await loadEnv('arm/reach')) as EnvDefinition, shares };
  const declared = taskFamily('me/declared', { ...both, line }) as EnvDefinition;
  await expect(train({ env: declared, steps: 200, store, config: quick() })).rejects.toThrow(
    /plane and line declare that they share A, but their actions differ/,
  );
});

test('a policy that sees demonstrations alone trains with an encoder over their states, and is asked for held-out tasks', async () => {
  const store = createMemoryStore();
  const encoders = { demonstration: { kind: 'transformer', size: 8, heads: 2, blocks: 1 } };
  const config = quick({
    agent: { options: { ...small, encoders } },
    env: { options: { places: 3, demonstration: 4, reward: 'dense' } },
    tasks: { identifiers: ['demonstration'], weights: { 'place-2': 0 } },
  });
  const { runDir, evalTasks, evalHeldOut } = await train({ env: 'point/navigate', steps: 400, seed: 1, store, config });
  expect(evalTasks?.map(({ heldOut }) => heldOut)).toEqual([undefined, undefined, true]);
  expect(evalHeldOut?.episodes).toBe(2);
  const run = runDir.slice(store.location.length + 1);
  const alone = await evaluateRun({ run, store, task: 'place-2', episodes: 2 });
  expect(alone.tasks).toMatchObject([{ task: 'place-2', heldOut: true }]);
  // A recorded episode says which task it is: fewer episodes than tasks will do, and another task is refused.
  const folder = mkdtempSync(join(tmpdir(), 'anygoal-shown-'));
  const demonstration = join(folder, 'one.safetensors');
  const recorded = { env: 'point/navigate', policy: 'scripted', tasks: { 'place-1': 1 }, seed: 5 };
  writeFileSync(demonstration, (await recordData({ ...recorded, envOptions: { places: 3 } })).bytes);
  const shown = await evaluateRun({ run, store, demonstration, episodes: 2 });
  expect(shown.episodes).toBe(2);
  expect(shown.tasks).toMatchObject([{ task: 'place-1' }]);
  await expect(evaluateRun({ run, store, demonstration, task: 'place-2', episodes: 2 })).rejects.toThrow(
    /task is place-2, but demonstration .* shows place-1/,
  );
  rmSync(folder, { recursive: true });
}, 60_000);
