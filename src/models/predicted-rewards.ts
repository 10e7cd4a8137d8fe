// Rewards and ends of predicted steps: computed by the rules from goals where there are any, else as the model says.
import type { EnvRules } from '../envs/env.js';
import { hasGoals } from '../envs/spec.js';
import type { DynamicsModel } from './dynamics-model.js';
import { placeOf } from './model-spec.js';
import type { BatchStep } from './model-step.js';

/** `run` reads what a step predicted and writes `reward`, `over` and, of those, `reached` its goal [rows]. */
export function predictedRewards(
  { spec, failures }: Pick<DynamicsModel, 'spec' | 'failures'>,
  rules: Omit<EnvRules, 'dispose'>,
  { rows, next, results, failure, task }: BatchStep,
) {
  const { layout, sizes, env } = spec;
  const { state: s, result: r } = sizes;
  const goals = hasGoals(env);
  const taskOfInfo = env.tasks ? env.info.indexOf('task') : -1;
  const size = (name: string) => layout.column(name).size;
  const place = { achieved: placeOf(spec, 'achieved'), observation: placeOf(spec, 'observation') };
  const asked = {
    achieved: new Float32Array(rows * size('achieved')),
    goal: new Float32Array(rows * size('goal')),
    info: new Float32Array(rows * size('info')),
    observation: new Float32Array(rules.computeFailed ? rows * size('observation') : 0),
  };
  const reward = new Float32Array(rows);
  const over = new Uint8Array(rows);
  const reached = new Uint8Array(rows);
  const cut = (out: Float32Array, from: Float32Array, width: number, at: number, n: number) => {
    for (let row = 0; row < rows; row++) for (let j = 0; j < n; j++) out[row * n + j] = from[row * width + at + j];
  };
  return {
    reward,
    over,
    reached,
    setGoal(row: number, memory: ArrayLike<number>, at: number): void {
      for (let j = 0; j < size('goal'); j++) asked.goal[row * size('goal') + j] = memory[at + j];
    },
    run(): void {
      if (rules.computeFailed) {
        cut(asked.observation, next, s, place.observation, size('observation'));
        rules.computeFailed(asked.observation, over);
      } else for (let row = 0; row < rows; row++) over[row] = failures && failure[row] > 0 ? 1 : 0;
      if (!goals) {
        for (let row = 0; row < rows; row++) reward[row] = results[row * r + r - 1];
        return;
      }
      cut(asked.achieved, next, s, place.achieved, size('achieved'));
      cut(asked.info, results, r, 0, size('info'));
      if (taskOfInfo >= 0) for (let row = 0; row < rows; row++) asked.info[row * size('info') + taskOfInfo] = task[row];
      rules.computeReward(asked.achieved, asked.goal, asked.info, reward);
      if (!env.successEndsEpisode) return;
      rules.computeSuccess(asked.achieved, asked.goal, asked.info, reached);
      for (let row = 0; row < rows; row++) if (reached[row] !== 0) over[row] = 1;
    },
  };
}
