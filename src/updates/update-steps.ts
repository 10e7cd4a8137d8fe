// An agent's steps of learning, compiled and fed: in this thread alone, or dealt out to several by rows or tasks.
import { startShares } from '#shares';
import type { Learnable, UpdateStep } from '../agents/agent.js';
import { RunError } from '../errors.js';
import { createMemory } from '../kernels/vector-kernels.js';
import type { Random } from '../random.js';
import type { Executable, Runtime } from '../runtime/runtime.js';
import { type Program, toOnnx } from '../tensor/index.js';
import { type Combiner, createCombiner } from './task-gradients.js';
import { blocksOf, drawStreams } from './update-noise.js';
import { inputAt, numbersAt, planUpdates, type StepPlan, stepsOf, type UpdatePlan, wordsAt } from './update-plan.js';
import { type BatchColumns, createShare, rowsOf } from './update-share.js';

export interface StepsOptions {
  readonly agent: Learnable;
  /** Rows of a batch. */
  readonly rows: number;
  readonly runtime: Runtime;
  /** Threads of an update. */
  readonly threads: number;
  /** Generator of the initial values and of all noise; it belongs to the caller, who saves it. */
  readonly random: Random;
  /** The batch, by the names of agent.ts, and `normalizer`. */
  readonly batch: BatchColumns;
}

export interface Steps {
  readonly names: readonly string[];
  /** Per step. */
  readonly metricNames: readonly (readonly string[])[];
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
function sharesOf({ threads }: StepsOptions, blocks: number): number {
  if (!startShares) return 1;
  let shares = Math.min(threads, blocks);
  while (blocks % shares !== 0) shares--;
  return shares;
}

export async function startSteps(options: StepsOptions): Promise<Steps> {
  const { agent, rows, batch, runtime, threads } = options;
  const shares = sharesOf(options, blocksOf(rows));
  const alone = shares === 1;
  const parts = stepsOf(agent, { shares, rows });
  const plan = planUpdates(agent, parts, { shares, rows });
  refuseMissing(plan, parts, batch);
  const memory = createMemory(plan.bytes, !alone);
  const names = Object.keys(parts);

  const compiled = new Map<Program, Executable>();
  const combiners: (readonly Combiner[])[] = [];
  const elsewhere = ({ runs }: StepPlan) => runs.some(({ share }) => share > 0);
  const models = plan.steps.map((step) =>
    elsewhere(step) ? toOnnx(parts[step.name].program, { pieces: true }) : undefined,
  );
  const team = alone ? undefined : await startShares?.({ plan, memory, models });
  async function dispose(): Promise<void> {
    await team?.dispose();
    for (const program of compiled.values()) await program.dispose();
    for (const combiner of combiners.flat()) await combiner.dispose();
  }
  try {
    for (const step of plan.steps) {
      const { program, divisible, tasks } = parts[step.name];
      // Threads inside an operation change how it rounds: only for steps that several shares would round differently too.
      const inside = alone && divisible && !tasks ? threads : 1;
      if (!compiled.has(program)) compiled.set(program, await runtime.compile(program, { threads: inside }));
      combiners.push(await combinersOf(step, parts[step.name], runtime, memory));
    }
    const share = createShare({
      plan,
      index: 0,
      memory,
      programs: names.map((name) => compiled.get(parts[name].program)),
      batch,
      async combine(step) {
        for (const combiner of combiners[step]) await combiner.run();
      },
      meet: team?.meet ?? (async () => undefined),
    });
    const feed = plan.steps.map((step, at) => feedOf(step, parts[step.name], memory, combiners[at], options));
    const metrics = plan.steps.map(({ runs }) => runs.map((run) => numbersAt(memory, run.metrics)));
    return {
      names,
      metricNames: names.map((name) => parts[name].metricNames),
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
        return sum / metrics[step].length;
      },
      dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** A column that no one gives is told by its name, before anything is compiled. */
function refuseMissing({ steps }: UpdatePlan, parts: Readonly<Record<string, UpdateStep>>, batch: BatchColumns): void {
  for (const { name, runs } of steps) {
    const missing = Object.keys(runs[0].inputs).find((input) => !(input in parts[name].noise) && !batch[input]);
    if (missing) {
      throw new RunError(
        `the step "${name}" reads "${missing}", which its batches do not have: ${Object.keys(batch).join(', ')}. An agent asks for more than the environment's columns by its \`batch\`.`,
      );
    }
  }
}

const combinersOf = (
  { optimizerSteps }: StepPlan,
  { tasks }: UpdateStep,
  runtime: Runtime,
  memory: WebAssembly.Memory,
): Promise<readonly Combiner[]> =>
  Promise.all(
    optimizerSteps.flatMap(({ vector, combined }) =>
      combined && tasks ? [createCombiner(runtime, memory, tasks.combine[vector], combined)] : [],
    ),
  );

/** What writes a step's inputs to the memory: Adam's numbers, noise, and the other threads' rows of the batch. */
function feedOf(
  plan: StepPlan,
  { optimizerSteps, noise: declared }: UpdateStep,
  memory: WebAssembly.Memory,
  combiners: readonly Combiner[],
  { batch, random }: StepsOptions,
): (update: number) => void {
  const rates = plan.optimizerSteps.map(({ scalars }, i) => ({
    scalars: numbersAt(memory, scalars),
    fill: optimizerSteps[i].fill,
  }));
  const streams = plan.runs.map((run) => wordsAt(memory, run.streams));
  const inputs = Object.keys(plan.runs[0].inputs);
  const noise = inputs
    .filter((name) => name in declared)
    .map((name) => ({
      isCommon: declared[name].per === 'update',
      parts: plan.runs.map((run) => numbersAt(memory, run.inputs[name])),
    }));
  // The first share reads its rows where they are.
  const rows = inputs
    .filter((name) => !(name in declared))
    .flatMap((name) =>
      plan.runs.flatMap(({ share, inputs: places }, place) => {
        const from = rowsOf(batch[name], places[name], place, plan.runs.length);
        return share > 0 && from ? [{ from, to: inputAt(memory, places[name]) }] : [];
      }),
    );
  return (update) => {
    for (const { fill, scalars } of rates) fill(update, scalars);
    for (const words of streams) drawStreams(random, words);
    for (const { parts, isCommon } of noise) {
      for (const part of parts) {
        if (isCommon && part !== parts[0]) part.set(parts[0]);
        else random.fillNormal(part);
      }
    }
    for (const combiner of combiners) combiner.drawNoise(random);
    for (const { from, to } of rows) to.set(from);
  };
}
