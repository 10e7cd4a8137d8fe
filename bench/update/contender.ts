// One way to compute an update, in a process of its own (process.ts): answers a count with milliseconds per update.
import { createInterface } from 'node:readline';
import { testBatch } from '../../src/agents/testing.js';
import { createRandom } from '../../src/random.js';
import { toModel } from '../../src/tensor/index.js';
import { createUpdater } from '../../src/training/updater.js';
import { agentOf, specOf } from './cases.js';
import { type Contender, contender } from './measure.js';
import type { ContenderSetup, OurFacts } from './process.js';
import { inTurn, openSteps } from './step.js';

// Threads need compiled files, so the runtime comes from the build.
const { nodeRuntime }: typeof import('../../src/runtime/node.js') = await import(
  new URL('../../dist/runtime/node.js', import.meta.url).href
).catch((error) => {
  throw new Error('the runtime is not built: npm run build', { cause: error });
});

type Ours = OurFacts & Contender;

/** Through the updater, which shares an update out among threads; one batch and one noise for all, as on every side. */
async function simultaneous({ of, threads }: ContenderSetup): Promise<Ours> {
  const agent = agentOf(of, { simultaneous: true });
  const random = createRandom(1);
  const batch = testBatch(specOf(of), of.batch);
  for (const name of ['observation', 'nextObservation', 'goal', 'action']) random.fillNormal(batch[name]);
  batch.reward.fill(-1);
  let times: number[] = [];
  let before = 0;
  const updater = await createUpdater({
    agent,
    runtime: nodeRuntime,
    threads,
    random: { ...random, fillNormal: () => undefined },
    batch,
    nextBatch() {
      const now = performance.now();
      times.push(now - before);
      before = now;
    },
  });
  return {
    nodes: Object.values(agent.updates).map(({ program }) => toModel(program).nodes.length),
    async time(count) {
      times = [];
      await updater.update(count + 1);
      return times.slice(1);
    },
  };
}

async function steps({ of, side, threads }: ContenderSetup): Promise<Ours> {
  const all = await openSteps(of, side === 'reference' ? 'reference' : 'compiled', threads);
  return { nodes: all.map(({ nodes }) => nodes), ...contender(inTurn(all)) };
}

const setup: ContenderSetup = JSON.parse(process.argv[2]);
const { nodes, time } = await (setup.side === 'simultaneous' ? simultaneous(setup) : steps(setup));
console.log(JSON.stringify({ nodes } satisfies OurFacts));
for await (const count of createInterface({ input: process.stdin }))
  console.log(JSON.stringify(await time(Number(count))));
process.exit(0);
