// The newest policy acting in an environment of its own, a step at a time, for the eye.
import type { TrainConfig } from '../../src/config/config.js';
import type { Scene } from '../../src/envs/env.js';
import { loadEnv, parseEnvOptions } from '../../src/envs/index.js';
import { mixSeed } from '../../src/random.js';
import { webRuntime } from '../../src/runtime/web.js';
import { createAgent } from '../../src/training/create-agent.js';
import { createDecider } from '../../src/training/decider.js';
import type { PolicyVectors } from '../../src/training/policy-vectors.js';

export interface PracticeFrame {
  /** Absent where the environment has nothing to draw. */
  readonly scene?: Scene;
  readonly success: boolean;
  /** Whether the last episodes ended in success, oldest first. */
  readonly recent: readonly boolean[];
}

export interface Practice {
  /** Goes on by some steps, but not beyond the end of an episode. */
  step(policy: PolicyVectors, steps: number): Promise<PracticeFrame>;
}

/** Episodes that are remembered. */
const EPISODES = 10;
/** Steps for which the end of an episode stays to be seen. */
const REST = 8;

export async function createPractice(config: TrainConfig): Promise<Practice> {
  const definition = await loadEnv(config.env.name);
  const env = await definition.create(parseEnvOptions(definition, config.env.options));
  const { agent, spec } = createAgent(config, env.spec);
  const decider = await createDecider(webRuntime, agent, spec, 1, { deterministic: true });
  let now = env.reset({ seed: mixSeed(config.seed, 'practice') });
  let rest = 0;
  let success = false;
  let recent: readonly boolean[] = [];

  const frame = (): PracticeFrame => ({ scene: env.scene?.(), success, recent });
  return {
    async step(policy, steps) {
      if (rest > 0) {
        rest = Math.max(0, rest - steps);
        if (rest > 0) return frame();
        now = env.reset();
        success = false;
        return frame();
      }
      decider.setPolicy(policy);
      for (let i = 0; i < steps && rest === 0; i++) {
        decider.observation.set(now.observation);
        decider.goal.set(now.goal);
        await decider.decide();
        const step = env.step(decider.action);
        now = step;
        success = step.isSuccess;
        if (!step.terminated && !step.truncated) continue;
        recent = [...recent, success].slice(-EPISODES);
        rest = REST;
      }
      return frame();
    },
  };
}
