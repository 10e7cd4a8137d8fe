// Learner of tabular agents: Q-learning on sampled transitions with hindsight, and backwards through new episodes.

import { heldOutRegion, isInside } from '../acting/training-goals.js';
import type { TableLearning } from '../agents/agent.js';
import { identityNormalizer } from '../agents/policy-vectors.js';
import { bytesOf } from '../bytes.js';
import { createRandom, mixSeed } from '../random.js';
import { createExperience } from './experience.js';
import type { Learner, LearnerParts } from './learner.js';
import { adoptVectors, policyOf, restoreVectors, saveVectors, type Vectors } from './learner-state.js';
import { createOwedUpdates } from './owed-updates.js';
import { createRowIndex } from './row-index.js';
import { inputColumns } from './updater-inputs.js';

export async function createTabularLearner(options: LearnerParts, table: TableLearning): Promise<Learner> {
  const { config, rules, agent, spec } = options;
  const { actions, discount } = table;
  const sizes = { observation: rules.spec.observation.size, goal: rules.spec.goal.size };
  const experience = createExperience(config, rules, [...inputColumns(spec), 'action', 'reward', 'terminated']);
  const { replay } = experience;
  const { ring } = replay;
  const normalizer = identityNormalizer(spec);
  const random = createRandom(mixSeed(config.seed, 'learner'));
  const arrays = Object.fromEntries(Object.entries(agent.state).map(([name, { init }]) => [name, init(random)]));
  const vectors: Vectors = {
    names: Object.keys(arrays),
    vector: (name) => arrays[name],
    setVector: (name, values) => arrays[name].set(values),
  };
  const { values, visits } = arrays;
  const full = (kind: 'states' | 'goals', what: string) =>
    `the table has room for ${table[kind]} different ${what}, and ${rules.spec.name} has shown more; raise agent.${kind}, or use a network (dqn) where ${what} hardly repeat.`;
  const states = createRowIndex(arrays.states, sizes.observation, full('states', 'observations'));
  const goals = createRowIndex(arrays.goals, sizes.goal, full('goals', 'goals'));
  const heldOut = heldOutRegion(config, rules.spec);
  const batch = experience.batch.columns as Readonly<Record<string, Float32Array>>;
  /** One transition, under any goal. */
  const single = {
    observation: new Float32Array(sizes.observation),
    'next.observation': new Float32Array(sizes.observation),
    goal: new Float32Array(sizes.goal),
    action: new Float32Array(1),
    reward: new Float32Array(1),
    terminated: new Float32Array(1),
  };
  const judged = {
    achieved: new Float32Array(rules.spec.achieved.size),
    info: new Float32Array(rules.spec.info.length),
    success: new Uint8Array(1),
  };
  const owed = createOwedUpdates();
  let errors = 0;
  let learned = 0;

  const row = (state: number, goal: number) => (state * table.goals + goal) * actions;

  /** Q(s,a,g) += alpha (r + gamma (1 - terminated) max_a' Q(s',a',g) - Q(s,a,g)) for row `i` of a batch. */
  function learn(rows: Readonly<Record<string, Float32Array>>, i: number): void {
    const { observation, 'next.observation': nextObservation, goal, action, reward, terminated } = rows;
    const g = sizes.goal === 0 ? 0 : goals.find(goal, i * sizes.goal); // without goals all is under the first one
    const at = row(states.find(observation, i * sizes.observation), g) + action[i];
    const next = row(states.find(nextObservation, i * sizes.observation), g);
    let best = values[next];
    for (let a = 1; a < actions; a++) best = Math.max(best, values[next + a]);
    const error = reward[i] + discount * (1 - terminated[i]) * best - values[at];
    visits[at]++;
    values[at] += table.learningRate(visits[at]) * error;
    errors += Math.abs(error);
    learned++;
  }

  /** Learns from one stored transition under `goal`, or under its own. */
  function learnFrom(at: number, goal: Float32Array | undefined): void {
    const { layout, rows, capacity } = ring;
    const next = (at + 1) % capacity;
    const read = (out: Float32Array, row: number, name: string) => {
      const { offset, size } = layout.column(name);
      out.set(rows.subarray(row * layout.width + offset, row * layout.width + offset + size));
    };
    read(single.observation, at, 'observation');
    if (goal) single.goal.set(goal);
    else read(single.goal, at, 'goal');
    read(single.action, at, 'action');
    read(judged.info, at, 'info');
    read(single['next.observation'], next, 'observation');
    read(judged.achieved, next, 'achieved');
    if (sizes.goal === 0) read(single.reward, at, 'reward');
    else {
      rules.computeReward(judged.achieved, single.goal, judged.info, single.reward);
      rules.computeSuccess(judged.achieved, single.goal, judged.info, judged.success);
    }
    const failed = rows[at * layout.width + layout.failed] !== 0;
    single.terminated[0] = failed || (rules.spec.successEndsEpisode && judged.success[0] !== 0) ? 1 : 0;
    learn(single, 0);
  }

  /** Last transition first, so that one pass carries a reward to the beginning: for its goal, then for what it achieved. */
  function replayBackwards(serial: number): void {
    const { layout, rows, capacity } = ring;
    const first = ring.rowOf(serial);
    const steps = rows[first * layout.width + layout.remaining];
    const backwards = (goal?: Float32Array) => {
      for (let t = steps - 1; t >= 0; t--) learnFrom((first + t) % capacity, goal);
    };
    backwards();
    if (config.relabel === 'none' || !rules.goalFrom) return;
    const achieved = layout.column('achieved');
    const last = ((first + steps) % capacity) * layout.width + achieved.offset;
    const goal = new Float32Array(sizes.goal);
    rules.goalFrom(rows.slice(last, last + achieved.size), goal);
    if (!heldOut || !isInside(heldOut, goal)) backwards(goal);
  }

  const policy = () => policyOf(agent, vectors, normalizer);

  return {
    policy: async () => policy(),
    async load(episodes, rows) {
      experience.load(episodes, rows);
    },
    async learn(pieces, asked, most = asked) {
      const before = ring.nextSerial;
      replay.insert(pieces);
      if (table.replayBackwards) {
        const from = Math.max(before, ring.nextSerial - ring.episodes);
        for (let serial = from; serial < ring.nextSerial; serial++) replayBackwards(serial);
      }
      const count = owed.take(asked, most, experience.ready());
      const { size } = experience.batch;
      for (let update = 0; update < count; update++) {
        experience.sample();
        for (let i = 0; i < size; i++) learn(batch, i);
      }
      const metrics =
        count === 0
          ? {}
          : { td_error: errors / learned, states: states.count, goals: goals.count, ...experience.takeMetrics() };
      errors = 0;
      learned = 0;
      return { policy: policy(), updates: count, owed: owed.count, metrics };
    },
    async beginTask(task) {
      experience.focus(task);
    },
    async save() {
      const { parts, replay: segment } = experience.save();
      const own = { normalizer: bytesOf(normalizer), owed: owed.save() };
      return { parts: { ...saveVectors(vectors), ...parts, ...own }, replay: segment };
    },
    async restore(parts, segments) {
      restoreVectors(vectors, parts);
      states.rebuild();
      goals.rebuild();
      experience.restore(parts, segments);
      owed.restore(parts.owed);
      return policy();
    },
    async adopt(parts) {
      adoptVectors(agent, vectors, parts);
      states.rebuild();
      goals.rebuild();
      return policy();
    },
    async dispose() {},
  };
}
