// Who learns from data alone can be stopped between any two updates, and what goes on then is the same run.
import { expect, it } from 'vitest';
import { openDataSet } from '../datasets/index.js';
import { createMemoryStore } from '../runs/memory-store.js';
import { readCheckpoint } from '../runs/run-reader.js';
import { recordData } from './record.js';
import { resume, train } from './train.js';

const { bytes } = await recordData({ env: 'point/reach', policy: 'random', episodes: 20, seed: 3 });
const data = await openDataSet('walks', bytes);

/** Iterations so long that no stop would come at the end of one. */
const CYCLE = 1000;
const STEPS = 1500;

/** Trains, stopped twice after so many milliseconds; gives where that was, what was learned and what was logged. */
async function learn(agent: string, updatesPerStep: number, milliseconds?: number) {
  const store = createMemoryStore();
  const stops: number[] = [];
  const watch = () => {
    const controller = new AbortController();
    const stopLater = () => void setTimeout(() => controller.abort(), milliseconds);
    return {
      store,
      signal: controller.signal,
      ...(milliseconds !== undefined && stops.length < 2 && { onStart: stopLater }),
    };
  };
  let result = await train({
    ...{ env: 'point/reach', agent, data, steps: STEPS, seed: 4, ...watch() },
    config: {
      agent: { options: { hidden: [8, 8] } },
      training: { batchSize: 16, cycleSteps: CYCLE, updatesPerStep },
      evaluation: { every: 1200, episodes: 1 },
      runtime: { worker: false },
    },
  });
  const run = result.runDir.slice(store.location.length + 1);
  while (result.ended === 'aborted') {
    stops.push(result.envSteps);
    result = await resume({ run, data: [data], ...watch() });
  }
  const { policy } = await readCheckpoint(store, run, STEPS);
  const logged = new TextDecoder()
    .decode(await store.read(`${run}/metrics.jsonl`))
    .trim()
    .split('\n')
    .map((line) => Object.entries(JSON.parse(line)).filter(([name]) => name !== 'wall' && !name.startsWith('time')));
  return { stops, policy, logged, updates: result.updates };
}

it.each([
  ['bc', 1],
  ['td3-bc', 0.5],
  ['bc', 3],
])('%s goes on with %d updates a step as if it had not been stopped', async (agent, updatesPerStep) => {
  const [{ stops, ...stopped }, { stops: none, ...whole }] = [
    await learn(agent, updatesPerStep, 40),
    await learn(agent, updatesPerStep),
  ];
  expect(none).toEqual([]);
  expect(stops.some((at) => at % CYCLE !== 0)).toBe(true);
  expect(stopped).toEqual(whole);
});

it('a stop within the first step after an evaluation leaves the policy that was evaluated', async () => {
  const evaluatedPolicy = async (stops: boolean) => {
    const store = createMemoryStore();
    const controller = new AbortController();
    const { runDir, ended } = await train({
      ...{ env: 'point/reach', agent: 'bc', data, steps: 2, seed: 4, store, signal: controller.signal },
      onEvaluation: ({ steps }) => {
        if (stops && steps === 1) setTimeout(() => controller.abort(), 10);
      },
      config: {
        agent: { options: { hidden: [8, 8] } },
        training: { batchSize: 16, cycleSteps: 1, updatesPerStep: 1000 },
        evaluation: { every: 1, episodes: 1 },
        runtime: { worker: false },
      },
    });
    expect(ended).toBe(stops ? 'aborted' : 'steps');
    const policy = `${runDir.slice(store.location.length + 1)}/checkpoints/1/policy.safetensors`;
    return Buffer.from(await store.read(policy)).toString('base64');
  };
  expect(await evaluatedPolicy(true)).toEqual(await evaluatedPolicy(false));
});
