// Episodes whose numbers tell where they come from, for tests: a sampled transition can be traced back.
import type { EnvSpec, GoalRules } from '../envs/env.js';
import { box } from '../envs/space.js';
import { createRandom } from '../random.js';
import { createBatch } from './batch.js';
import { createReplay, type Replay } from './replay.js';
import type { Episode } from './rows.js';
import { createSampler, type SamplerOptions } from './sampler.js';

export const codedSpec = (maxEpisodeSteps: number, successEndsEpisode = false): EnvSpec => ({
  name: 'test/coded',
  observation: box(2),
  achieved: box(1),
  goal: box(1),
  action: box(1),
  maxEpisodeSteps,
  rewardRange: [-2, 0],
  successEndsEpisode,
  info: ['column'],
});

/** What is achieved at step t of an episode: exact in float32 up to episode 16,000. */
export const code = (episode: number, t: number): number => 1000 * episode + t;
export const episodeOf = (achieved: number): number => Math.floor(achieved / 1000);
export const stepOf = (achieved: number): number => achieved % 1000;

/** Asymmetric in (achieved, desired): 0 where equal, -1 below the goal, -2 above. */
export const codedRules: GoalRules = {
  computeReward(achieved, desired, _info, out) {
    for (let i = 0; i < out.length; i++) {
      out[i] = achieved[i] === desired[i] ? 0 : achieved[i] < desired[i] ? -1 : -2;
    }
  },
  computeSuccess(achieved, desired, _info, out) {
    for (let i = 0; i < out.length; i++) out[i] = achieved[i] === desired[i] ? 1 : 0;
  },
  goalFrom: (achieved, out) => out.set(achieved),
};

/** Observation (episode, t), achieved `code(episode, t)`, action and info after it t + 0.5; the goal -1 is never reached. */
export function codedEpisode(
  episode: number,
  steps: number,
  options: { failed?: boolean; goal?: number } = {},
): Episode {
  const t = Array.from({ length: steps + 1 }, (_, i) => i);
  return {
    columns: {
      observation: Float32Array.from(t.flatMap((i) => [episode, i])),
      achieved: Float32Array.from(t, (i) => code(episode, i)),
      goal: [options.goal ?? -1],
      action: Float32Array.from(t.slice(1), (i) => i - 0.5),
      info: Float32Array.from(t.slice(1), (i) => i - 0.5),
      reward: new Float32Array(steps).fill(-1),
    },
    failed: options.failed ?? false,
  };
}

/** Episodes 0, 1, ... of these lengths. */
export function filled(lengths: readonly number[], capacity = 1000, spec = codedSpec(Math.max(...lengths))): Replay {
  const replay = createReplay(spec, capacity);
  for (const [episode, steps] of lengths.entries()) replay.addEpisode(codedEpisode(episode, steps));
  return replay;
}

/** Many batches of coded transitions, one after the other. */
export function* draws(replay: Replay, options: SamplerOptions, count: number, seed = 1, rules = codedRules) {
  const sampler = createSampler(replay, rules, options);
  const batch = createBatch(replay.spec, 256);
  const random = createRandom(seed);
  for (let n = 0; n < count; n += batch.size) {
    sampler.sample(random, batch);
    const { columns } = batch;
    for (let i = 0; i < batch.size; i++) {
      yield {
        episode: columns.observation[2 * i],
        t: columns.observation[2 * i + 1],
        nextEpisode: columns['next.observation'][2 * i],
        nextT: columns['next.observation'][2 * i + 1],
        achieved: columns.achieved[i],
        nextAchieved: columns['next.achieved'][i],
        goal: columns.goal[i],
        action: columns.action[i],
        info: columns.info[i],
        reward: columns.reward[i],
        terminated: columns.terminated[i],
        success: columns.success[i],
        relabelled: columns.relabelled[i] === 1,
      };
    }
  }
}

/** With so many tasks. */
export const tasksSpec = (tasks: number): EnvSpec => ({
  ...codedSpec(6),
  tasks: Array.from({ length: tasks }, (_, i) => `task ${i}`),
});

/** Task k has k + 1 episodes of 6 steps. */
export function taskReplay(tasks: number, capacity = 1000): Replay {
  const replay = createReplay(tasksSpec(tasks), capacity);
  for (let task = tasks - 1; task >= 0; task--) {
    for (let i = 0; i <= task; i++) {
      const { columns, failed } = codedEpisode(10 * task + i, 6);
      replay.addEpisode({ columns: { ...columns, task: [task] }, failed });
    }
  }
  return replay;
}
