// The forms of goal inputs compared: steps until 95% success, success on fresh goals, time of an update.
// npx tsx bench/goal-forms.ts
import { agentSpec, findAgent } from '../src/agents/index.js';
import { testBatch, testUpdater } from '../src/agents/testing.js';
import { makeEnv } from '../src/envs/index.js';
import { type GoalForm, goalForms } from '../src/nets/index.js';
import { createRandom } from '../src/random.js';
import { createMemoryStore, evaluateRun, train } from '../src/training/index.js';
import { record, table } from './record.js';

interface Task {
  readonly env: string;
  readonly envOptions: Record<string, unknown>;
  readonly agent: string;
  readonly options: Record<string, unknown>;
  readonly batchSize: number;
}

const seeds = [1, 2, 3];
const steps = 10_000;
const sac = { hidden: [64, 64], encoder: [64, 32], learningRate: 1e-3, discount: 0.95 };
const tasks: readonly Task[] = [
  { env: 'point/reach', envOptions: {}, agent: 'sac', options: sac, batchSize: 256 },
  // Quicker targets: ten times the share of the online critics in each update.
  {
    env: 'point/reach',
    envOptions: {},
    agent: 'sac',
    options: { ...sac, tau: 0.05, initialTemperature: 0.1 },
    batchSize: 256,
  },
  {
    env: 'bit-flip',
    envOptions: { bits: 12 },
    agent: 'dqn',
    options: { hidden: [64, 64], encoder: [64, 32], epsilonSteps: 3000 },
    batchSize: 128,
  },
];

async function learn({ env, envOptions, agent, options, batchSize }: Task, goalForm: GoalForm, seed: number) {
  const store = createMemoryStore();
  // Complete, so that an environment's tuned settings do not mix in.
  const complete = findAgent(agent).config.parse({ ...options, goalForm }) as Record<string, unknown>;
  const result = await train({
    env,
    agent,
    relabel: 'future:4',
    seed,
    steps,
    store,
    untilSuccess: 0.95,
    config: {
      env: { options: envOptions },
      agent: { options: complete },
      training: { batchSize, warmupSteps: 500, updatesPerStep: 1 },
      evaluation: { every: 500, episodes: 100 },
      runtime: { worker: false, overlap: false, threads: 1 },
    },
  });
  const run = result.runDir.slice(store.location.length + 1);
  const { successRate } = await evaluateRun({ run, store, checkpoint: 'last', episodes: 200 });
  // Two evaluations of 100 goals in a row at 95% or more; null: not within the steps.
  return { stepsTo95: result.ended === 'success' ? result.envSteps : null, freshSuccess: successRate };
}

/** Median milliseconds of an update by form, the forms taking turns so that a busy machine slows all alike. */
async function updateTimes({ env, envOptions, agent: name, options, batchSize }: Task): Promise<number[]> {
  const { spec } = await makeEnv(env, envOptions);
  const sizes = agentSpec(spec);
  const updaters = await Promise.all(
    goalForms.map((goalForm) => {
      const { create, config } = findAgent(name);
      const agent = create(sizes, config.parse({ ...options, goalForm }), { normalize: true });
      const batch = testBatch(sizes, batchSize);
      const random = createRandom(1);
      for (const part of ['observation', 'next.observation', 'goal']) random.fillNormal(batch[part]);
      return testUpdater(agent, batch, () => undefined);
    }),
  );
  const times: number[][] = updaters.map(() => []);
  for (let round = 0; round < 21; round++) {
    for (const [i, updater] of updaters.entries()) {
      const start = performance.now();
      await updater.update(50);
      if (round > 0) times[i].push((performance.now() - start) / 50);
    }
  }
  for (const updater of updaters) await updater.dispose();
  return times.map((ms) => ms.sort((a, b) => a - b)[ms.length >> 1]);
}

const results = [];
for (const task of tasks) {
  const milliseconds = await updateTimes(task);
  const forms = [];
  for (const [i, form] of goalForms.entries()) {
    const runs = [];
    for (const seed of seeds) runs.push(await learn(task, form, seed));
    forms.push({ form, millisecondsPerUpdate: Number(milliseconds[i].toFixed(3)), runs });
  }
  results.push({ ...task, forms });

  const settings = JSON.stringify({ ...task.envOptions, ...task.options });
  console.log(`\n${task.agent} on ${task.env} ${settings}, seeds ${seeds.join(', ')}`);
  const rows = forms.map(({ form, millisecondsPerUpdate, runs }) => [
    form,
    runs.map(({ stepsTo95 }) => stepsTo95 ?? 'never').join(', '),
    runs.map(({ freshSuccess }) => freshSuccess.toFixed(3)).join(', '),
    millisecondsPerUpdate.toFixed(2),
  ]);
  console.log(table([['form', 'steps to 95%', 'success on 200 fresh goals', 'ms per update'], ...rows]));
}
record('goal-forms', { seeds, steps, results });
