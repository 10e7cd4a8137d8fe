// Many rollouts side by side in a model, each written as rows of an episode: the start, then what was imagined.
import type { PolicyRunner } from '../acting/policy-runner.js';
import type { EnvRules } from '../envs/env.js';
import { hasGoals } from '../envs/spec.js';
import type { InputSpec } from '../nets/index.js';
import { nextTurn } from '../platform/yield.js';
import type { Random } from '../random.js';
import { type EpisodePiece, type EpisodePieces, type Ring, readColumn, rowMemory } from '../replay/index.js';
import type { DynamicsModel } from './dynamics-model.js';
import { readAction, readState, writeState } from './model-spec.js';
import type { BatchStep } from './model-step.js';
import { createStartGoals, type StartGoalsOptions } from './start-goals.js';
import type { Transitions } from './transitions.js';

export interface Rollouts {
  /** From states drawn uniformly, `horizon` steps or until the world ends; `explore` may replace actions [rows, a]. */
  run(starts: Transitions, horizon: number, explore: (actions: Float32Array) => void): Promise<void>;
  /** Puts the first so many of them into a replay's ring. */
  store(ring: Ring, count: number): void;
  /** All of them, each of an environment of its own, in rows that the next call of `run` writes over. */
  pieces(): EpisodePieces;
}

export interface RolloutsOptions extends Pick<StartGoalsOptions, 'relabel' | 'allowGoal'> {
  readonly model: DynamicsModel;
  readonly rules: Omit<EnvRules, 'dispose'>;
  readonly step: BatchStep;
  readonly runner: PolicyRunner;
  /** Of the policy. */
  readonly inputs: readonly InputSpec[];
  readonly random: Random;
}

/**
 * Every step of every rollout is predicted by an elite drawn at random: rows are shuffled, and each elite takes an equal
 * block. What belongs to episodes (goal, task) is the start's and never predicted; where there are goals, reward and
 * success are computed from the predicted achievement. What is predicted without being a finite number ends a rollout
 * before it. Hindsight gives starts other goals, which rollouts then follow: relabelled afterwards, a rollout of one step could only
 * have the goal that it reached.
 */
export function createRollouts(options: RolloutsOptions): Rollouts {
  const { model, rules, step, runner, inputs, random } = options;
  const hindsight = createStartGoals(options);
  const { spec } = model;
  const { env, layout, results, sizes } = spec;
  const { width } = layout;
  const { rows } = step;
  const places = inputs.map(({ name }) => ({ column: layout.column(name), name }));
  const [action, task, reward] = ['action', 'task', 'reward'].map(layout.column);
  const info = layout.column('info');
  const taskOfInfo = env.tasks ? env.info.indexOf('task') : -1;
  const goals = hasGoals(env);
  const [achieved, goal] = [layout.column('achieved'), layout.column('goal')];
  const observation = layout.column('observation');
  const ofTransitions = layout.columns.filter(({ per, dtype }) => per === 'transition' && dtype === 'float32');
  /** What the rules are asked about, one row for each rollout. */
  const asked = {
    achieved: new Float32Array(rows * achieved.size),
    goal: new Float32Array(rows * goal.size),
    info: new Float32Array(rows * info.size),
    observation: new Float32Array(rules.computeFailed ? rows * observation.size : 0),
    reward: new Float32Array(rows),
    success: new Uint8Array(rows),
    failed: new Uint8Array(rows),
  };
  const order = new Int32Array(rows);
  const lengths = new Int32Array(rows);
  const open = new Uint8Array(rows);
  /** Where a rollout is over because its goal was reached or the world ended. */
  const over = new Uint8Array(rows);
  let memory = rowMemory(new Float32Array(0));
  let span = 0;

  const copy = (out: Float32Array, at: number, row: number, { offset, size }: typeof action) => {
    for (let j = 0; j < size; j++) out[at * size + j] = memory.floats[row + offset + j];
  };

  function begin(starts: Transitions, horizon: number): void {
    if (span !== horizon + 1) {
      span = horizon + 1;
      memory = rowMemory(new Float32Array(rows * span * width));
    }
    for (let i = 0; i < rows; i++) {
      const n = random.below(starts.count);
      const row = starts.row(n);
      const at = i * span * width;
      memory.floats.set(starts.memory(n).subarray(row, row + width), at);
      for (const { offset, size } of ofTransitions) memory.floats.fill(0, at + offset, at + offset + size);
      hindsight?.(starts, n, memory.floats, at);
      runner.begin(i);
    }
    // From the same order each time, so that nothing but the generator needs saving.
    for (let i = 0; i < rows; i++) order[i] = i;
    lengths.fill(0);
    open.fill(1);
    over.fill(0);
  }

  async function act(t: number, explore: (actions: Float32Array) => void): Promise<void> {
    for (const { column, name } of places) {
      const out = runner.inputs[name];
      for (let i = 0; i < rows; i++) readColumn(memory, (i * span + t) * width, column, out, i * column.size);
    }
    random.fillNormal(runner.noise);
    await runner.run();
    explore(runner.action);
    for (let i = 0; i < rows; i++) {
      const row = (i * span + t) * width;
      for (let j = 0; j < action.size; j++) memory.floats[row + action.offset + j] = runner.action[i * action.size + j];
    }
  }

  async function predict(t: number): Promise<void> {
    for (let i = rows - 1; i > 0; i--) {
      const other = random.below(i + 1);
      [order[i], order[other]] = [order[other], order[i]];
    }
    for (let p = 0; p < rows; p++) {
      const row = (order[p] * span + t) * width;
      readState(spec, memory.floats, row, step.state, p * sizes.state);
      readAction(spec, memory.floats, row, step.action, p * action.size);
      if (spec.tasks > 1) step.task[p] = memory.floats[row + task.offset];
    }
    random.fillNormal(step.noise);
    await step.run();
    for (let p = 0; p < rows; p++) write(order[p], p, t);
  }

  /** What was predicted at place `p` becomes step `t` of rollout `i`. */
  function write(i: number, p: number, t: number): void {
    const row = (i * span + t) * width;
    const { floats } = memory;
    floats.copyWithin(row + width, row, row + width); // what belongs to episodes
    writeState(spec, step.next, p * sizes.state, floats, row + width);
    for (const { offset, size } of ofTransitions) floats.fill(0, row + width + offset, row + width + offset + size);
    let at = p * sizes.result;
    let sum = 0;
    for (const { offset, size } of results) {
      for (let j = 0; j < size; j++) floats[row + offset + j] = step.results[at++];
    }
    if (taskOfInfo >= 0) floats[row + info.offset + taskOfInfo] = floats[row + task.offset];
    for (let j = 0; j < sizes.state; j++) sum += step.next[p * sizes.state + j];
    for (let j = 0; j < sizes.result; j++) sum += step.results[p * sizes.result + j];
    floats[row + layout.failed] = model.failures && !rules.computeFailed && step.failure[p] > 0 ? 1 : 0;
    floats[row + width + layout.failed] = 0;
    if (!Number.isFinite(sum)) open[i] = 0;
  }

  /** Ends and, where there are goals, rewards, by the rules. */
  function judge(t: number): void {
    for (let i = 0; i < rows; i++) {
      const row = (i * span + t) * width;
      if (goals) {
        copy(asked.achieved, i, row + width, achieved);
        copy(asked.goal, i, row, goal);
        copy(asked.info, i, row, info);
      }
      if (rules.computeFailed) copy(asked.observation, i, row + width, observation);
    }
    if (goals) {
      closeUnclear();
      rules.computeReward(asked.achieved, asked.goal, asked.info, asked.reward);
      rules.computeSuccess(asked.achieved, asked.goal, asked.info, asked.success);
    }
    rules.computeFailed?.(asked.observation, asked.failed);
    for (let i = 0; i < rows; i++) {
      if (open[i] === 0) continue;
      const row = (i * span + t) * width;
      lengths[i] = t + 1;
      if (rules.computeFailed) memory.floats[row + layout.failed] = asked.failed[i];
      if (goals) memory.floats[row + reward.offset] = asked.reward[i];
      const reached = goals && env.successEndsEpisode && asked.success[i] !== 0;
      if (!reached && memory.floats[row + layout.failed] === 0) continue;
      open[i] = 0;
      over[i] = 1;
    }
  }

  /** Rules are not asked about what is no number. */
  function closeUnclear(): void {
    for (let i = 0; i < rows; i++) {
      if (open[i] !== 0) continue;
      asked.achieved.fill(0, i * achieved.size, (i + 1) * achieved.size);
      asked.info.fill(0, i * info.size, (i + 1) * info.size);
    }
  }

  return {
    async run(starts, horizon, explore) {
      begin(starts, horizon);
      for (let t = 0; t < horizon && open.includes(1); t++) {
        await act(t, explore);
        await predict(t);
        judge(t);
        await nextTurn();
      }
    },
    store(ring, count) {
      for (let i = 0; i < count; i++) {
        if (lengths[i] > 0) ring.insert(memory.floats, i * span * width, lengths[i] + 1);
      }
    },
    pieces() {
      const pieces: EpisodePiece[] = [];
      for (let i = 0; i < rows; i++) {
        if (lengths[i] === 0) continue;
        pieces.push({ env: i, first: i * span, steps: lengths[i], end: over[i] ? 'terminated' : 'truncated' });
      }
      return { rows: memory.floats, pieces };
    },
  };
}
