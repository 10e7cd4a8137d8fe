// The newest policy acting in an environment of its own, a step at a time, for the eye: a stage with one panel.

import { createPolicyRunner } from '../../src/acting/policy-runner.js';
import type { PolicyVectors } from '../../src/agents/policy-vectors.js';
import type { TrainConfig } from '../../src/config/config.js';
import { settingsInPage } from '../../src/envs/physics-setting.js';
import { makeEnv } from '../../src/envs/registry.js';
import { createAgent } from '../../src/learners/create-agent.js';
import { mixSeed } from '../../src/random.js';
import { webRuntime } from '../../src/runtime/web.js';
import type { PolicyInput } from '../../src/training/policy.js';
import type { StageFacts } from '../../src/view/facts.js';
import type { Frame } from '../../src/view/frame.js';
import { stageOf } from '../watch/stage.js';

export interface PracticeFrame {
  readonly facts: StageFacts;
  readonly frame: Frame;
  /** Whether the last attempts reached their goal, oldest first. */
  readonly recent: readonly boolean[];
}

export interface Practice {
  /** Goes on by some steps, or to the end of the attempt; `whole`: with all shapes. */
  step(policy: PolicyVectors, steps: number, whole: boolean): Promise<PracticeFrame>;
  /** Makes a place of the scene, or the nearest that can be reached, the goal of this attempt. */
  point(place: readonly number[]): void;
}

/** Attempts that are remembered. */
const ATTEMPTS = 10;

export async function createPractice(config: TrainConfig): Promise<Practice> {
  const env = await makeEnv(config.env.name, settingsInPage(config.env.options));
  const agent = createAgent(config, env.spec);
  const runner = await createPolicyRunner(webRuntime, agent, 1, { deterministic: true });
  const inputs = Object.entries(runner.inputs);
  const acting = {
    async act(seen: PolicyInput) {
      for (const [name, values] of inputs) values.set(seen[name] as ArrayLike<number>);
      await runner.run();
      return runner.action;
    },
    begin: () => runner.begin(),
  };
  const seed = mixSeed(config.seed, 'practice') >>> 2;
  const stage = stageOf([{ env, policy: acting, run: 0, goal: 0 }], config.env.name, seed, runner.dispose);
  let counted = stage.counts(0);
  let recent: readonly boolean[] = [];
  return {
    async step(policy, steps, whole) {
      runner.setPolicy(policy);
      for (let i = 0; i < steps; i++) {
        await stage.step();
        const counts = stage.counts(0);
        const isOver = counts.attempts > counted.attempts;
        if (isOver) recent = [...recent, counts.reached > counted.reached].slice(-ATTEMPTS);
        counted = counts;
        if (isOver) break;
      }
      return { facts: stage.facts, frame: stage.frame(whole), recent };
    },
    point(place) {
      const goal = stage.goalAt(0, place);
      if (goal) stage.setGoal(0, goal);
    },
  };
}
