// A planner whose plans are judged outside of programs: a small program for each round, and a judge between them.
import type { Executable, NumericArray, Runtime } from '../runtime/runtime.js';
import { program, type Tensor } from '../tensor/index.js';
import {
  type Planner,
  type PlannerKind,
  type PlannerSettings,
  plannerNoise,
  type Search,
  samplesOf,
} from './planners.js';
import type { PlanSize } from './problem.js';

/** Writes the returns [R, K] of plans [R, K, H, a]. */
export type Judge = (plans: Float32Array, count: number, returns: Float32Array) => Promise<void>;

export interface RoundPlanner {
  /** Most plans of a round. */
  readonly most: number;
  /**
   * From standard normals [R, plannerNoise] and what was remembered [R, H a]; gives `action` [R, a] in [-1, 1] (of choices
   * [R, 1], their numbers) and what is to be remembered.
   */
  plan(noise: Float32Array, warm: Float32Array, judge: Judge): Promise<{ action: Float32Array; next: Float32Array }>;
  dispose(): Promise<void>;
}

export async function createRoundPlanner(
  runtime: Runtime,
  planner: Planner,
  kind: PlannerKind,
  size: PlanSize,
  settings: PlannerSettings,
): Promise<RoundPlanner> {
  const { rows, horizon, actions } = size;
  const samples = samplesOf(kind, settings);
  const noiseSize = plannerNoise(kind, settings, horizon, actions);
  const executables: Executable[] = [];
  const counts: number[] = [];
  /** Shapes of what the program before hands on: its plans, and what the planner carries. */
  let handed: Readonly<Record<string, readonly number[]>> = {};

  const learned = (g: Parameters<Planner['begin']>[0]): Search => {
    const { plans, ...carried } = Object.fromEntries(
      Object.entries(handed).map(([name, shape]) => [name, g.input(name, [...shape])]),
    );
    return planner.learn(settings, carried, plans, g.input('returns', [rows, plans.shape[1]]));
  };
  for (const [round, count] of samples.entries()) {
    let outputs: Record<string, Tensor> = {};
    const one = program(`plan-round-${round}`, (g) => {
      const warm = g.input('warm', [rows, horizon * actions]);
      const search = round === 0 ? planner.begin(g, size, settings, warm) : learned(g);
      const noise = g.input('noise', [rows, count, horizon, actions]);
      outputs = { ...search, plans: planner.draw(g, settings, search, noise, round === samples.length - 1) };
      return outputs;
    });
    executables.push(await runtime.compile(one, { threads: 1 }));
    handed = Object.fromEntries(Object.entries(outputs).map(([name, { shape }]) => [name, shape]));
    counts.push(handed.plans[1]);
  }
  executables.push(
    await runtime.compile(
      program('plan-end', (g) => ({ ...planner.finish(g, learned(g)) })),
      { threads: 1 },
    ),
  );
  const returns = counts.map((count) => new Float32Array(rows * count));
  const noises = samples.map((count) => new Float32Array(rows * count * horizon * actions));

  return {
    most: Math.max(...counts),
    async plan(noise, warm, judge) {
      let at = 0;
      for (const part of noises) {
        const each = part.length / rows;
        for (let r = 0; r < rows; r++)
          part.set(noise.subarray(r * noiseSize + at, r * noiseSize + at + each), r * each);
        at += each;
      }
      let known: Record<string, NumericArray> = { warm };
      for (const [round, executable] of executables.entries()) {
        if (round < noises.length) known.noise = noises[round];
        const given = executable.inputs.filter(({ unused }) => !unused).map(({ name }) => [name, known[name]]);
        known = await executable.run(Object.fromEntries(given));
        if (round === noises.length) break;
        await judge(known.plans as Float32Array, counts[round], returns[round]);
        known.returns = returns[round];
      }
      return { action: known.action as Float32Array, next: known.next as Float32Array };
    },
    async dispose() {
      for (const executable of executables) await executable.dispose();
    },
  };
}
