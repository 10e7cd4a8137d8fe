// Trains the lab's universal value function, and asks it: success, the value field, the policy's moves, a path.
import { learn } from '../../../examples/lab/universal.js';
import {
  evaluateRun,
  loadPolicy,
  loadValue,
  makeEnv,
  type Policy,
  type PolicySource,
  type Value,
} from '../../../src/index.js';
import { type Tell, watching } from './watching.js';

type UniversalSettings = Parameters<typeof learn>[0];

export interface GoalField {
  /** V(s, g) of the states at the middles of [n, n] cells, from the lowest row. */
  readonly values: Float32Array;
  /** [m, m, 2]: the policy's moves, each within [-1, 1]. */
  readonly moves: Float32Array;
  /** [steps + 1, 2] each: where the policy goes from some random starts, and how many of them get there. */
  readonly paths: readonly Float32Array[];
  readonly reached: number;
}

/** Pairs valued in one call. */
const ROWS = 64;

let trained: { readonly source: PolicySource; readonly policy: Policy; readonly value: Value } | undefined;
const known = () => {
  if (!trained) throw new Error('nothing is trained yet.');
  return trained;
};

/** The middle of a cell of n in the square [-1, 1]. */
const middle = (i: number, n: number) => (2 * (i + 0.5)) / n - 1;

export const trainer = {
  async learn(settings: UniversalSettings, tell: Tell): Promise<void> {
    const source = await learn(settings, watching(tell));
    const [policy, value] = [await loadPolicy(source), await loadValue(source, { rows: ROWS })];
    trained = { source, policy, value };
  },
  /** Shares of goals that are reached, of those of training and of those held out. */
  async success(episodes: number): Promise<{ readonly trained: number; readonly heldOut: number }> {
    const share = async (goals: 'trained' | 'held-out') =>
      (await evaluateRun({ ...known().source, goals, episodes })).successRate;
    return { trained: await share('trained'), heldOut: await share('held-out') };
  },
  async field(goal: readonly number[], starts: number, n: number, m: number): Promise<GoalField> {
    const { policy, value } = known();
    const values = new Float32Array(n * n);
    const input = { observation: new Float32Array(2 * ROWS), goal: new Float32Array(2 * ROWS) };
    for (let row = 0; row < ROWS; row++) input.goal.set(goal, 2 * row);
    for (let at = 0; at < values.length; at += ROWS) {
      for (let row = 0; row < ROWS; row++) {
        const cell = Math.min(at + row, values.length - 1);
        input.observation.set([middle(cell % n, n), middle(Math.floor(cell / n), n)], 2 * row);
      }
      const found = await value.evaluate(input);
      values.set(found.subarray(0, Math.min(ROWS, values.length - at)), at);
    }
    const moves = new Float32Array(2 * m * m);
    for (let cell = 0; cell < m * m; cell++) {
      const observation = [middle(cell % m, m), middle(Math.floor(cell / m), m)];
      moves.set(await policy.act({ observation, goal }), 2 * cell);
    }
    return { values, moves, ...(await walk(policy, goal, starts)) };
  },
};

/** Episodes of the environment itself, from its own random starts to one goal. */
async function walk(policy: Policy, goal: readonly number[], starts: number) {
  const env = await makeEnv('point/reach');
  const paths: Float32Array[] = [];
  let reached = 0;
  for (let seed = 0; seed < starts; seed++) {
    let { observation } = env.reset({ seed, goal });
    const path = [...observation];
    for (let over = false; !over; ) {
      const next = env.step(await policy.act({ observation, goal }));
      observation = next.observation;
      path.push(...observation);
      over = next.isSuccess || next.truncated;
      if (next.isSuccess) reached++;
    }
    paths.push(Float32Array.from(path));
  }
  env.dispose?.();
  return { paths, reached };
}
