// One policy for two tasks: what each layer of its network makes of the same state under task 1 and task 2.
import { createMemoryStore, createRandom, evaluateRun, openRun, train } from 'anygoal';

/**
 * @param {{ network: 'shared' | 'multi-head', steps: number, seed: number }} settings whether the task z is an input of the
 *   whole network, or chooses one of two last layers; steps of training
 * @param {Partial<import('anygoal').TrainOptions>} [watch] is told how it goes
 * @returns where the run is
 */
export async function learn({ network, steps, seed }, watch = {}) {
  const config = {
    agent: { options: { network, hidden: [24, 24, 24], learningRate: 0.003 } },
    training: { normalize: false }, // places lie within [-1, 1] as they are
    evaluation: { every: steps },
    runtime: { worker: false, overlap: false },
  };
  const store = createMemoryStore();
  const { runDir } = await train({ env: 'point/two-tasks', agent: 'mtsac', steps, seed, store, config, ...watch });
  return { run: runDir.slice(runDir.lastIndexOf('/') + 1), store, checkpoint: /** @type {const} */ ('last') };
}

/** @returns the trained policy's layers, from the first: weights [inputs][outputs] and biases [outputs] */
export async function layersOf({ run, store }) {
  const { policy } = await openRun(store, run, 'last');
  const layers = [];
  for (let i = 0; policy[`actor.${i}.weight`]; i++) {
    const { shape, data } = policy[`actor.${i}.weight`];
    const weight = Array.from({ length: shape[0] }, (_, row) => [...data.slice(row * shape[1], (row + 1) * shape[1])]);
    layers.push({ weight, bias: [...policy[`actor.${i}.bias`].data] });
  }
  return layers;
}

/**
 * @param {{ weight: number[][], bias: number[] }[]} layers
 * @param {{ state: readonly number[], goal: readonly number[], task: number }} input the task is 0 or 1
 * @returns what every layer gives, the inputs first and the action last
 */
export function activate(layers, { state, goal, task }) {
  const heads = layers[0].weight.length === 4; // the trunk does not see the task
  const seen = [...state, ...goal, ...(heads ? [] : [1 - task, task])];
  const shown = [seen];
  for (const [i, { weight, bias }] of layers.entries()) {
    const x = shown[i];
    const y = bias.map((b, j) => x.reduce((sum, value, k) => sum + value * weight[k][j], b));
    // Of the last layer, means and deviations for each head, the task's own two means count.
    const own = heads ? 4 * task : 0;
    shown.push(i + 1 < layers.length ? y.map((value) => Math.max(0, value)) : y.slice(own, own + 2).map(Math.tanh));
  }
  return shown;
}

/** How far what a layer gives moves from one task to the other, beside how long it is: 0 where it stays, at most 2. */
export function change(layers, state, goal) {
  const [one, other] = [0, 1].map((task) => activate(layers, { state, goal, task }));
  return one.slice(1).map((a, layer) => {
    const b = other[layer + 1];
    const moved = Math.hypot(...a.map((value, i) => value - b[i]));
    return moved === 0 ? 0 : (2 * moved) / (Math.hypot(...a) + Math.hypot(...b));
  });
}

/** The same, a mean over states and goals all over the square. */
export function meanChange(layers) {
  const random = createRandom(0);
  const place = () => [2 * random.uniform() - 1, 2 * random.uniform() - 1];
  const all = Array.from({ length: 200 }, () => change(layers, place(), place()));
  return all[0].map((_, layer) => all.reduce((sum, one) => sum + one[layer], 0) / all.length);
}

/** @returns the share of goals that each task's episodes reach, the change of every layer, and the actions at one state */
export async function compare({ network, steps, seed, state, goal }) {
  const source = await learn({ network, steps, seed });
  const { tasks } = await evaluateRun({ ...source, episodes: 40 });
  const layers = await layersOf(source);
  return {
    reached: tasks.map(({ successRate }) => successRate),
    change: meanChange(layers),
    actions: [0, 1].map((task) => activate(layers, { state, goal, task }).at(-1)),
  };
}
