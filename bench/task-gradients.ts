// What gradients per task cost: processor time of an update of mtsac by each way of putting them together, in turn.
// npx tsx bench/task-gradients.ts [--tasks 10] [--rows 128] [--hidden 256,256] [--seconds 30]
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { agentSpec, mtsac } from '../src/agents/index.js';
import { testBatch } from '../src/agents/testing.js';
import { box } from '../src/envs/index.js';
import { createRandom } from '../src/random.js';
import { nodeRuntime } from '../src/runtime/node.js';
import { createUpdater } from '../src/updates/updater.js';
import { recordRows, table } from './record.js';
import { median } from './update/measure.js';

const { values: options } = parseArgs({
  options: {
    tasks: { type: 'string', default: '10' },
    /** Of each task. */
    rows: { type: 'string', default: '128' },
    hidden: { type: 'string', default: '256,256' },
    seconds: { type: 'string', default: '30' },
  },
});
const tasks = Number(options.tasks);
const rows = tasks * Number(options.rows);
const hidden = options.hidden.split(',').map(Number);
const ways = ['plain', 'pcgrad', 'inverse-norm', 'gradnorm', 'cagrad'] as const;

const spec = agentSpec({
  observation: box(39),
  goal: box(0),
  tasks: Array.from({ length: tasks }, (_, i) => `task ${i}`),
  action: box(4, -1, 1),
  rewardRange: [0, 10],
});

/** Milliseconds that the processors spend on one update. One thread: what other programs do is not in it. */
async function contender(gradients: (typeof ways)[number]) {
  const batch = testBatch(spec, rows);
  const random = createRandom(3);
  for (const [name, values] of Object.entries(batch)) if (name !== 'normalizer') random.fillUniform(values, -1, 1);
  for (let i = 0; i < rows; i++) batch.task[i] = Math.floor((i * tasks) / rows);
  batch.terminated.fill(0);
  const updater = await createUpdater({
    agent: mtsac.create(spec, mtsac.config.parse({ hidden, gradients }), { normalize: true }),
    rows,
    runtime: nodeRuntime,
    threads: 1,
    random,
    batch,
    nextBatch: () => undefined,
  });
  await updater.update(3);
  return {
    gradients,
    times: [] as number[],
    async time() {
      const before = process.cpuUsage();
      await updater.update(1);
      const { user, system } = process.cpuUsage(before);
      this.times.push((user + system) / 1000);
    },
    dispose: () => updater.dispose(),
  };
}

const contenders = [];
for (const way of ways) contenders.push(await contender(way));
const end = performance.now() + 1000 * Number(options.seconds);
while (performance.now() < end) for (const each of contenders) await each.time();
const [plain] = contenders.map(({ times }) => median(times));
const measured = contenders.map(({ gradients, times }) => ({
  name: `${gradients}, ${tasks} tasks of ${options.rows} rows, ${options.hidden}`,
  milliseconds: Number(median(times).toPrecision(3)),
  toPlain: Number((median(times) / plain).toFixed(2)),
  updates: times.length,
}));
console.log(`load ${loadavg()[0].toFixed(1)}; processor time per update, one thread`);
console.log(
  table([
    ['', 'ms', 'to plain', 'updates'],
    ...measured.map(({ name, milliseconds, toPlain, updates }) => [name, milliseconds, toPlain, updates]),
  ]),
);
recordRows('task-gradients', measured);
for (const { dispose } of contenders) await dispose();
