// An agent's steps of learning, compiled and fed: in this thread alone, or dealt out to several by rows of the batch.
import { startShares } from '#shares';
import type { Agent } from '../agents/agent.js';
import { createMemory } from '../kernels/vector-kernels.js';
import type { Random } from '../random.js';
import type { Executable, Runtime } from '../runtime/runtime.js';
import { type Program, toOnnx } from '../tensor/index.js';
import { blocksOf, drawStreams } from './update-noise.js';
import { numbersAt, planUpdates, type UpdatePlan, wordsAt } from './update-plan.js';
import { createShare } from './update-share.js';

export interface StepsOptions {
  readonly agent: Agent;
  /**
   * The same agent for batches of so many rows, so that threads can share each batch out: only where what its steps
   * compute are means over the rows.
   */
  readonly agentOf?: (rows: number) => Agent;
  readonly runtime: Runtime;
  /** Threads of an update. */
  readonly threads: number;
  /** Generator of the initial values and of all noise; it belongs to the caller, who saves it. */
  readonly random: Random;
  /** The batch, by the names of agent.ts. */
  readonly batch: Readonly<Record<string, Float32Array>>;
}

export interface Steps {
  readonly names: readonly string[];
  /** State vectors, where they are: valid for good, but for what steps change. */
  readonly vectors: Readonly<Record<string, Float32Array>>;
  /**
   * Takes steps, by their places in `names`, as update number `update`, from the batch as it is. `changed`: vectors were
   * changed otherwise than by steps.
   */
  take(steps: readonly number[], update: number, changed: boolean): Promise<void>;
  /** The last value of a step's metric. */
  metric(step: number, index: number): number;
  dispose(): Promise<void>;
}

/** The largest number of equal shares of so many blocks, up to the threads. */
function sharesOf({ agentOf, threads }: StepsOptions, blocks: number): number {
  if (!agentOf || !startShares) return 1;
  let shares = Math.min(threads, blocks);
  while (blocks % shares !== 0) shares--;
  return shares;
}

export async function startSteps(options: StepsOptions): Promise<Steps> {
  const { agent, agentOf, batch, runtime, threads } = options;
  const batchRows = batch.terminated?.length ?? 0;
  const allBlocks = blocksOf(batchRows);
  const shares = sharesOf(options, allBlocks);
  const alone = shares === 1;
  const [rows, blocks] = [batchRows / shares, allBlocks / shares];
  const part = alone || !agentOf ? agent : agentOf(rows);
  const plan = planUpdates(part, { shares, rows, blocks });
  const memory = createMemory(plan.bytes, !alone);
  const names = Object.keys(part.updates);
  const all = names.map((name) => part.updates[name].program);

  const compiled = new Map<Program, Executable>();
  const models = alone ? [] : all.map((program) => toOnnx(program, { pieces: true }));
  const team = alone ? undefined : await startShares?.({ plan, memory, models });
  async function dispose(): Promise<void> {
    await team?.dispose();
    for (const program of compiled.values()) await program.dispose();
  }
  try {
    for (const program of all) {
      if (compiled.has(program)) continue;
      compiled.set(program, await runtime.compile(program, { threads: alone ? threads : 1 }));
    }
    const programs = all.map((program) => compiled.get(program) as Executable);
    const share = createShare({
      plan,
      index: 0,
      memory,
      programs,
      batch,
      meet: team?.meet ?? (async () => undefined),
    });
    const feed = feedsOf(plan, memory, part, options);
    const metrics = plan.steps.map((step) => step.metrics.map((place) => numbersAt(memory, place)));
    return {
      names,
      vectors: Object.fromEntries(
        Object.entries(plan.vectors).map(([name, place]) => [name, numbersAt(memory, place)]),
      ),
      async take(steps, update, changed) {
        for (const step of steps) feed[step](update);
        if (changed) share.reload();
        await team?.begin(steps, changed);
        for (const step of steps) await share.step(step);
      },
      metric(step, index) {
        let sum = 0;
        for (const values of metrics[step]) sum += values[index];
        return sum / shares;
      },
      dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Per step, what writes its inputs to the memory: Adam's numbers, noise, and the other threads' rows of the batch. */
function feedsOf(plan: UpdatePlan, memory: WebAssembly.Memory, part: Agent, options: StepsOptions) {
  const { agent, batch, random } = options;
  return plan.steps.map((step) => {
    const { optimizerSteps } = part.updates[step.name];
    const rates = step.optimizerSteps.map(({ scalars }, i) => ({
      scalars: numbersAt(memory, scalars),
      fill: optimizerSteps[i].fill,
    }));
    const streams = step.streams.map((place) => wordsAt(memory, place));
    const inputs = Object.entries(step.inputs[0]).map(([name, { size }]) => {
      return { name, size, parts: step.inputs.map((of) => numbersAt(memory, of[name])) };
    });
    // What concerns the whole update is the same for all shares.
    const noise = inputs
      .filter(({ name }) => name in agent.noise)
      .map(({ name, size, parts }) => ({ parts, same: agent.noise[name] === size }));
    const rows = inputs
      .filter(({ name }) => !(name in agent.noise))
      .flatMap(({ name, size, parts: [, ...others] }) => {
        const whole = batch[name];
        const divided = whole.length === plan.shares * size;
        return others.map((to, i) => ({ to, from: divided ? whole.subarray((i + 1) * size, (i + 2) * size) : whole }));
      });
    return (update: number) => {
      for (const { fill, scalars } of rates) fill(update, scalars);
      for (const words of streams) drawStreams(random, words);
      for (const { parts, same } of noise) {
        for (const part of parts) {
          if (same && part !== parts[0]) part.set(parts[0]);
          else random.fillNormal(part);
        }
      }
      for (const { from, to } of rows) to.set(from);
    };
  });
}
