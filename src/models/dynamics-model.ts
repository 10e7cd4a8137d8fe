// A model of the world at work: an ensemble, fitted anew to what the replay holds, judged on held-out data, saved exactly.
import { bytesOf, float32Of, float64Of, uint32Of } from '../bytes.js';
import type { ModelConfig } from '../config/model-config.js';
import type { EnvSpec } from '../envs/env.js';
import { RunError, UsageError } from '../errors.js';
import { createRandom, mixSeed } from '../random.js';
import type { Runtime } from '../runtime/runtime.js';
import { createUpdater } from '../updates/updater.js';
import { createBootstrap } from './bootstrap.js';
import { createEnsemble, type Ensemble } from './ensemble.js';
import { createJudge } from './judge.js';
import { copyMember } from './members.js';
import { type ModelSpec, modelSpec, readInputs, readTargets } from './model-spec.js';
import { writeScales } from './scales.js';
import { divide, type Transitions } from './transitions.js';

export interface FitReport {
  /** Passes over the data. */
  readonly epochs: number;
  /** Mean over the elites of the mean squared error of normalised numbers on held-out transitions. */
  readonly holdOutError: number;
  /** Those that it was fitted to; `heldOut` are none of them. */
  readonly transitions: number;
  readonly heldOut: number;
}

export interface DynamicsModel {
  readonly spec: ModelSpec;
  readonly ensemble: Ensemble;
  /** The elites' parameters, an ensemble of their own, and the input `scales`: written in place by each fit. */
  readonly elites: Float32Array;
  readonly eliteCount: number;
  readonly scales: Float32Array;
  /** Whether a fit was made, and whether one of its transitions failed: until then no predicted state is taken for an end. */
  readonly fitted: boolean;
  readonly failures: boolean;
  /** Goes on fitting from the parameters that there are, on the transitions as they are now. */
  fit(data: Transitions): Promise<FitReport>;
  /** All parts of a checkpoint: `restore` goes on with the same bits. */
  save(): Record<string, Uint8Array>;
  restore(parts: Readonly<Record<string, Uint8Array>>): void;
  dispose(): Promise<void>;
}

export interface DynamicsModelOptions {
  readonly env: EnvSpec;
  readonly config: ModelConfig;
  readonly runtime: Runtime;
  readonly seed: number;
}

/** Rows that are judged at once. */
const JUDGED = 1000;
/** Batches between two judgements: with little data a pass over it would be too short to tell anything. */
const LEAST_BATCHES = 10;
/** By what share the error of a member must fall for the fit to go on (MBPO's code: 1%). */
const BETTER = 0.01;
/** Mean squared error, in variances of an output, below which it is good enough: a hundredth of a deviation. */
const GOOD = 1e-4;

/** @throws UsageError for more elites than members and for environments that show pictures */
export async function createDynamicsModel({
  env,
  config,
  runtime,
  seed,
}: DynamicsModelOptions): Promise<DynamicsModel> {
  const { members: count, elites: eliteCount, batchSize } = config;
  if (eliteCount > count) {
    throw new UsageError(
      `model.elites is ${eliteCount}, but there are model.members=${count}; set it from 1 to ${count}.`,
    );
  }
  const spec = modelSpec(env);
  const ensemble = createEnsemble(spec, config);
  const { inputs, outputs } = spec;
  const random = createRandom(mixSeed(seed, 'model'));
  const scales = new Float32Array(ensemble.scaleCount);
  const elites = new Float32Array(ensemble.layoutOf(eliteCount).size);
  const batch = {
    inputs: new Float32Array(count * batchSize * inputs),
    targets: new Float32Array(count * batchSize * outputs),
    failed: new Float32Array(count * batchSize),
    scales,
  };
  const bootstrap = createBootstrap(count, random);
  let data: Transitions | undefined;

  function nextBatch(): void {
    if (!data) return;
    const { failed } = spec.layout;
    for (let b = 0, at = 0; b < count; b++) {
      for (let n = 0; n < batchSize; n++, at++) {
        const i = bootstrap.next(b);
        const memory = data.memory(i);
        const row = data.row(i);
        readInputs(spec, memory, row, batch.inputs, at * inputs);
        readTargets(spec, memory, row, data.next(i), batch.targets, at * outputs);
        batch.failed[at] = memory[row + failed];
      }
    }
  }

  const updater = await createUpdater({
    agent: ensemble,
    rows: batchSize,
    runtime,
    threads: 1,
    random,
    batch,
    nextBatch,
    section: 'model',
  });
  const judge = await createJudge(ensemble, runtime, JUDGED);
  const layout = ensemble.layoutOf(count);
  /** Every member where its error was least. */
  const best = new Float32Array(layout.size);
  let fitted = false;
  let failures = false;

  /** Fits until no member has become better for a while; leaves each where it was best. Gives the errors, and the passes. */
  async function descend(fittedTo: Uint32Array, heldOut: Uint32Array, given: Transitions) {
    const members = updater.vector('members');
    const least = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
    const means = least.slice();
    /** The errors when a member last became so much better that the fit was worth going on with. */
    const marks = least.slice();
    /** Keeps members that became better; says whether one did by so much. */
    const keep = async (): Promise<boolean> => {
      const errors = await judge.errors(given, heldOut, members, scales);
      let worthwhile = false;
      for (let m = 0; m < count; m++) {
        const own = errors.subarray(m * outputs, (m + 1) * outputs);
        const error = typical(own);
        if (!(error < least[m])) continue;
        least[m] = error;
        means[m] = own.reduce((sum, one) => sum + one / outputs, 0);
        copyMember(layout, count, members, m, layout, best, m);
        if (!(error < (1 - BETTER) * marks[m])) continue;
        marks[m] = error;
        worthwhile = true;
      }
      return worthwhile;
    };
    await bootstrap.begin(fittedTo);
    if (fitted) await keep();
    const batches = Math.min(config.epochBatches, Math.max(LEAST_BATCHES, Math.ceil(fittedTo.length / batchSize)));
    let epochs = 0;
    for (let idle = 0; epochs < config.epochs && idle <= config.patience; epochs++) {
      await updater.update(batches);
      idle = (await keep()) ? 0 : idle + 1;
    }
    if (!least.every(Number.isFinite)) {
      throw new RunError(
        `the model's errors on held-out transitions are not finite after ${epochs} passes: its fit has diverged; lower model.learningRate.`,
      );
    }
    updater.setVector('members', best);
    return { least, means, epochs };
  }

  return {
    spec,
    ensemble,
    elites,
    eliteCount,
    scales,
    get fitted() {
      return fitted;
    },
    get failures() {
      return failures;
    },
    async fit(given) {
      data = given;
      const { fitted: fittedTo, heldOut } = await divide(spec, given, config.holdOut);
      await writeScales(spec, given, fittedTo, scales);
      for (let i = 0; i < given.count && !failures; i++) {
        failures = given.memory(i)[given.row(i) + spec.layout.failed] !== 0;
      }
      const { least, means, epochs } = await descend(fittedTo, heldOut, given);
      data = undefined;
      const order = Array.from(least, (error, member) => ({ error, member })).sort(
        (a, b) => a.error - b.error || a.member - b.member,
      );
      const chosen = order.slice(0, eliteCount);
      const eliteLayout = ensemble.layoutOf(eliteCount);
      for (const [e, { member }] of chosen.entries()) {
        copyMember(layout, count, best, member, eliteLayout, elites, e);
      }
      if (!failures) ensemble.neverEnd(eliteCount, elites);
      fitted = true;
      const holdOutError = chosen.reduce((sum, { member }) => sum + means[member], 0) / eliteCount;
      updater.takeMetrics();
      return { epochs, holdOutError, transitions: fittedTo.length, heldOut: heldOut.length };
    },
    save: () => ({
      ...Object.fromEntries(updater.names.map((name) => [name, bytesOf(updater.vector(name))])),
      elites: bytesOf(elites),
      scales: bytesOf(scales),
      random: bytesOf(random.save()),
      facts: bytesOf(Float64Array.of(updater.updates, fitted ? 1 : 0, failures ? 1 : 0)),
    }),
    restore(parts) {
      for (const name of updater.names) updater.setVector(name, sized(parts, name, updater.vector(name).length));
      elites.set(sized(parts, 'elites', elites.length));
      scales.set(sized(parts, 'scales', scales.length));
      random.restore(uint32Of(parts.random));
      const facts = float64Of(parts.facts);
      updater.updates = facts[0];
      fitted = facts[1] === 1;
      failures = facts[2] === 1;
    },
    async dispose() {
      await judge.dispose();
      await updater.dispose();
    },
  };
}

/**
 * The geometric mean of the outputs' errors. By their arithmetic mean a fit would end as soon as the output that is hardest
 * to predict (a reward that rarely differs, noise) gets no better, however much there is to learn about the others.
 */
function typical(errors: Float64Array): number {
  let sum = 0;
  for (const error of errors) sum += Math.log(Math.max(error, GOOD)) / errors.length; // what is no number stays none
  return Math.exp(sum);
}

function sized(parts: Readonly<Record<string, Uint8Array>>, name: string, size: number): Float32Array {
  const values = parts[name] && float32Of(parts[name]);
  if (values?.length === size) return values;
  throw new RunError(
    `the checkpoint's model has ${values?.length ?? 'no'} numbers of "${name}", needed are ${size}: it is of another environment or of other model settings.`,
  );
}
