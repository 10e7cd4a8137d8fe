// What tasks.gradientsEvery costs: processor time of a measurement against that of an update, for mtsac on the tabletop's families.
// npx tsx bench/gradient-monitor.ts [--seconds 20]
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { rowsOfEpisodes } from '../src/datasets/index.js';
import { openDataSet } from '../src/datasets/open.js';
import { loadEnv } from '../src/envs/index.js';
import { createAgent } from '../src/learners/create-agent.js';
import { createExperience } from '../src/learners/experience.js';
import { createGradientMonitor } from '../src/learners/gradient-monitor.js';
import { createInputStatistics } from '../src/learners/input-statistics.js';
import { batchOf } from '../src/learners/updater-inputs.js';
import { createRandom } from '../src/random.js';
import { nodeRuntime } from '../src/runtime/node.js';
import { configure, recordData } from '../src/training/index.js';
import { createUpdater } from '../src/updates/updater.js';
import { recordRows, table } from './record.js';
import { median } from './update/measure.js';

const { values: options } = parseArgs({ options: { seconds: { type: 'string', default: '20' } } });

/** Milliseconds that the processors spend. */
async function time(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** One thread: what other programs do is not in it. Batches have the default 256 rows. */
async function measured(env: string) {
  const config = await configure({
    env,
    agent: 'mtsac',
    config: { tasks: { gradientsEvery: 1 }, agent: { options: { network: 'shared', hidden: [256, 256] } } },
  });
  const rules = (await loadEnv(env)).rules(config.env.options as never);
  const agent = createAgent(config, rules.spec);
  const { names, request } = batchOf(agent, config.training.batchSize);
  const experience = createExperience(config, rules, names, request);
  const { bytes } = await recordData({ env, policy: 'random', episodes: 40 });
  const set = await openDataSet('random.safetensors', bytes);
  const episodes = rowsOfEpisodes(rules.spec, await set.read(0, set.steps.length));
  experience.replay.insert(episodes);
  const normalizer = createInputStatistics(agent.spec, true).vector;
  const updater = await createUpdater({
    agent,
    rows: config.training.batchSize,
    runtime: nodeRuntime,
    threads: 1,
    random: createRandom(3),
    batch: { ...experience.batch.columns, normalizer },
    nextBatch: experience.sample,
  });
  const given: Readonly<Record<string, Float32Array>> = { normalizer };
  const inputs = (name: string) => (name in agent.state ? updater.vector(name).slice() : given[name]);
  const monitor = await createGradientMonitor({ config, rules, agent, runtime: nodeRuntime, experience, inputs });
  await updater.update(3);
  const [updates, measurements]: [number[], number[]] = [[], []];
  const end = performance.now() + 1000 * Number(options.seconds);
  for (let number = 1; performance.now() < end; number++) {
    updates.push(await time(() => updater.update(1)));
    measurements.push(await time(async () => monitor?.measure(number - 1, number)));
  }
  await monitor?.dispose();
  await updater.dispose();
  const [update, measurement] = [median(updates), median(measurements)];
  return {
    name: `${env}, mtsac of 256, 256, batches of ${config.training.batchSize}`,
    update: Number(update.toPrecision(3)),
    measurement: Number(measurement.toPrecision(3)),
    every100: Number((measurement / update / 100).toPrecision(2)),
    times: updates.length,
  };
}

const rows = [];
for (const env of ['tabletop/mt3', 'tabletop/mt10']) rows.push(await measured(env));
console.log(`load ${loadavg()[0].toFixed(1)}; processor milliseconds, one thread`);
console.log(
  table([
    ['', 'update', 'measurement', 'more for one in 100 updates'],
    ...rows.map(({ name, update, measurement, every100 }) => [name, update, measurement, every100]),
  ]),
);
recordRows('gradient-monitor', rows);
