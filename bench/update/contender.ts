// One way to compute an update, in a process of its own (process.ts): answers a count with milliseconds per turn.
import { createInterface } from 'node:readline';
import { startShares } from '#shares';
import { contender, perTurn } from './measure.js';
import type { Batches, ContenderSetup, OurFacts } from './process.js';
import { inTurn, openCompiled, openReferences } from './step.js';

interface Ours extends OurFacts {
  time(count: number, batches: Batches): Promise<readonly number[]>;
}

/** Updates in a row; the time of each is from one batch to the next. */
async function compiled({ of, threads }: ContenderSetup): Promise<Ours> {
  if (threads > 1 && !startShares) throw new Error('threads are compiled files: run it by npm run bench:update');
  const opened = await openCompiled(of, threads);
  const turns = opened.nodes.length;
  let times: number[] = [];
  let before = 0;
  opened.onUpdate = () => {
    const now = performance.now();
    times.push(now - before);
    before = now;
  };
  return {
    nodes: opened.nodes,
    async time(count, batches) {
      times = [];
      opened.sampled = batches === 'sampled';
      await opened.updater.update(count * turns + 1);
      return perTurn(times.slice(1), turns);
    },
  };
}

async function byHand({ of, threads }: ContenderSetup): Promise<Ours> {
  const steps = await openReferences(of, threads);
  return { nodes: steps.map(({ nodes }) => nodes), ...contender(inTurn(steps)) };
}

const setup: ContenderSetup = JSON.parse(process.argv[2]);
const { nodes, time } = await (setup.side === 'compiled' ? compiled(setup) : byHand(setup));
console.log(JSON.stringify({ nodes } satisfies OurFacts));
for await (const line of createInterface({ input: process.stdin })) {
  const [batches, count] = line.split(' ');
  console.log(JSON.stringify(await time(Number(count), batches as Batches)));
}
process.exit(0);
