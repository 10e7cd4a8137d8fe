// Processor milliseconds of the gradients of one update of each offline agent, built library against another build of it, call by call in turn.
// npm run build && npx tsx bench/offline-updates.ts [--before FOLDER with dist] [--agents gcivl,saw] [--widths 64,128] [--seconds 4] [--record]
import { loadavg } from 'node:os';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { createRandom } from '../src/random.js';
import { recordRows, table } from './record.js';
import { quantile } from './update/measure.js';

const { values: options } = parseArgs({
  options: {
    before: { type: 'string' },
    agents: { type: 'string', default: 'gcbc,gcivl,gciql,crl,qrl,hiql,saw' },
    widths: { type: 'string', default: '64,128' },
    seconds: { type: 'string', default: '4' },
    record: { type: 'boolean', default: false },
  },
});
const ROWS = 256;

/** One thread: the step's program of `agent`, of a build of the library, with random numbers for its inputs. */
async function contender(folder: string, agent: string, width: number) {
  const built = (path: string) => import(pathToFileURL(resolve(folder, 'dist', path)).href);
  const { findAgent, agentSpec }: typeof import('../src/agents/index.js') = await built('agents/index.js');
  const { box }: typeof import('../src/envs/index.js') = await built('envs/index.js');
  const { nodeRuntime }: typeof import('../src/runtime/node.js') = await built('runtime/node.js');
  const spec = agentSpec({ observation: box(2), goal: box(2), action: box(2, -1, 1), rewardRange: [-1, 0] });
  const definition = findAgent(agent);
  const settings = definition.config.parse({ hidden: [width, width, width] });
  const steps = Object.values(definition.create(spec, settings, { normalize: true }).steps(ROWS));
  const random = createRandom(1);
  const bound: { run(): Promise<unknown> }[] = [];
  for (const { program } of steps) {
    const executable = await nodeRuntime.compile(program, { threads: 1 });
    const arrays = (specs: typeof executable.inputs, fill: boolean) =>
      Object.fromEntries(
        specs.map(({ name, shape, dtype }) => {
          const size = shape.reduce((a, b) => a * b, 1);
          if (dtype === 'uint8') return [name, new Uint8Array(size).fill(1)];
          const values = new Float32Array(size);
          if (fill) random.fillUniform(values, -0.1, 0.1);
          return [name, values];
        }),
      );
    bound.push(executable.bind(arrays(executable.inputs, true), arrays(executable.outputs, false)));
  }
  const times: number[] = [];
  return {
    times,
    async time() {
      // Not the wall's: other programs may have the processor.
      const before = process.cpuUsage();
      for (const step of bound) await step.run();
      const { user, system } = process.cpuUsage(before);
      times.push((user + system) / 1000);
    },
  };
}

const rows: { name: string; after: number; before?: number; ratio?: number; load: number }[] = [];
for (const agent of options.agents.split(',')) {
  for (const width of options.widths.split(',').map(Number)) {
    const folders = [...(options.before ? [options.before] : []), '.'];
    const sides = [];
    for (const folder of folders) sides.push(await contender(folder, agent, width));
    for (const end = performance.now() + 1000 * Number(options.seconds); performance.now() < end; ) {
      for (const side of sides) await side.time();
    }
    const best = sides.map(({ times }) => Number(quantile(times.slice(3), 0.1).toPrecision(3)));
    const after = best[best.length - 1];
    rows.push({
      name: `${agent} ${width}x3`,
      ...(best.length > 1 && { before: best[0], ratio: Number((after / best[0]).toFixed(2)) }),
      after,
      load: Number(loadavg()[0].toFixed(1)),
    });
    console.error(rows[rows.length - 1]);
  }
}
console.log(
  table([
    ['', 'before', 'after', 'ratio'],
    ...rows.map(({ name, before = '-', after, ratio = '-' }) => [name, before, after, ratio]),
  ]),
);
if (options.record) recordRows('offline-updates', rows);
