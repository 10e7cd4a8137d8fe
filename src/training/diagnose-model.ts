// Whether a model of the world is worth it for a run's task, or for that of recorded data: a fitted model, measured and judged.
import * as platform from '#platform';
import { randomAction } from '../acting/actor.js';
import { float32Of, withoutPrefix } from '../bytes.js';
import type { TrainConfig } from '../config/config.js';
import type { ModelConfig } from '../config/model-config.js';
import { type EnvDefinition, type EnvSpec, parseEnvOptions } from '../envs/index.js';
import { UsageError } from '../errors.js';
import { type Cost, type Measurements, measure, measureCost } from '../models/diagnosis/measure.js';
import { pictureVerdict, type Verdict, verdictOf } from '../models/diagnosis/verdict.js';
import { createDynamicsModel, type DynamicsModel, type FitReport } from '../models/dynamics-model.js';
import { modelSpec, placeOf } from '../models/model-spec.js';
import { transitionsOf } from '../models/transitions.js';
import { createRandom, mixSeed } from '../random.js';
import type { Replay } from '../replay/index.js';
import type { Runtime } from '../runtime/runtime.js';
import { createValue } from './acting-policy.js';
import {
  LEAST_STEPS,
  type OpenedPolicy,
  openSubject,
  pictureOf,
  type SubjectOptions,
  testData,
} from './model-subject.js';

export interface DiagnoseModelOptions extends SubjectOptions {
  /** Steps of the run's policy in its environment that the model is tested on. Default: 2000. */
  readonly steps?: number;
  /** Most steps that rollouts are followed for. Default: 50. */
  readonly most?: number;
  /** Seconds that a step takes where the policy will be learned; default: as measured here. */
  readonly stepSeconds?: number;
  readonly seed?: number;
  readonly runtime?: Runtime;
  /** Called where another part of the work begins, in the order of `modelPhases`; parts that are not needed are left out. */
  readonly onPhase?: (phase: ModelPhase) => void;
}

export const modelPhases = ['reading', 'acting', 'fitting', 'measuring', 'timing'] as const;
export type ModelPhase = (typeof modelPhases)[number];

export interface ModelDiagnosis {
  readonly source: 'run' | 'data';
  /** The run's folder, or the data sets' names. */
  readonly name: string;
  readonly env: string;
  /** Of a run: its agent, and environment steps of the checkpoint. */
  readonly agent?: string;
  readonly steps?: number;
  /** Numbers of a state, and of an action. */
  readonly stateSize: number;
  readonly actionSize: number;
  /** Absent where pictures settle it. */
  readonly measured?: Measurements & {
    /** Whether it is the run's own model, or one that was fitted to its data here. */
    readonly own: boolean;
    readonly members: number;
    readonly elites: number;
    /** Transitions that there are to fit to, held out ones included. */
    readonly transitions: number;
    /** What it was tested on. */
    readonly testedOn: 'the present policy' | 'held-out episodes';
    readonly cost: Cost;
    /** Present for a model that was fitted here. */
    readonly fit?: FitReport;
  };
  readonly verdict: Verdict;
}

/** Starts of open loops. */
const STARTS = 200;

/**
 * Takes a run's last checkpoint with its replay (or recorded episodes), its model or one fitted here, lets the present
 * policy act for fresh transitions (or holds episodes out), and measures and judges the model on those. Nothing is
 * changed. Figures depend on run and seed only, those of time on the machine, and with them the verdict about costs.
 * @throws UsageError for data without an environment, and for tests that are too short
 */
export async function diagnoseModel(options: DiagnoseModelOptions): Promise<ModelDiagnosis> {
  const { steps = 2000, most = 50, seed = 0, onPhase } = options;
  if (!(steps >= LEAST_STEPS)) throw new UsageError(`steps is ${steps}; test on at least ${LEAST_STEPS}.`);
  const runtime = options.runtime ?? (await platform.defaultRuntime());
  onPhase?.('reading');
  const subject = await openSubject(options);
  const { definition, config, rules } = subject;
  try {
    const facts = { source: subject.source, name: subject.name, env: rules.spec.name, ...subject.facts };
    const picture = pictureOf(rules.spec);
    if (picture !== undefined) {
      return {
        ...facts,
        stateSize: rules.spec.observation.size,
        actionSize: actionsOf(rules.spec),
        verdict: pictureVerdict(picture),
      };
    }
    const { sizes } = modelSpec(rules.spec);
    const made = { policy: subject.policy, definition, config, runtime, seed, spec: rules.spec };
    if (!subject.heldOut) onPhase?.('acting');
    const [test, more, actSeconds] = await testData(subject, made, steps);
    const history = transitionsOf([...subject.replays, ...more]);
    if (history.count < LEAST_STEPS) {
      throw new UsageError(
        `${subject.name} has ${history.count} transitions, too few to fit a model to; it takes ${LEAST_STEPS}.`,
      );
    }
    const settings: ModelConfig = { ...config.model, kind: 'ensemble' };
    const model = await createDynamicsModel({ env: rules.spec, config: settings, runtime, seed });
    try {
      const saved = subject.policy && withoutPrefix('model', subject.policy.parts);
      const own = saved?.facts !== undefined;
      if (own) model.restore(saved);
      if (!model.fitted) onPhase?.('fitting');
      const fit = model.fitted ? undefined : await model.fit(history);
      onPhase?.('measuring');
      const values = subject.policy && (await valuesOf(subject.policy, model, test, runtime));
      const random = createRandom(mixSeed(seed, 'model diagnosis'));
      const discount = discountOf(config);
      const tested = transitionsOf([test]);
      const aged =
        subject.source === 'run' && subject.replays.length > 0 ? transitionsOf(subject.replays.slice(0, 1)) : undefined;
      const found = await measure({
        model,
        rules,
        config: settings,
        runtime,
        random,
        test: tested,
        history: aged,
        most,
        starts: STARTS,
        discount,
        values: values?.evaluate,
      });
      await values?.dispose();
      onPhase?.('timing');
      const plans = subject.policy?.agent.plans ? actSeconds : undefined;
      const realStep = options.stepSeconds ?? (await secondsOfStep(definition, config, seed));
      const cost = await measureCost(
        { model, config: settings, runtime },
        history,
        realStep,
        subject.facts?.steps ?? 0,
        plans,
      );
      return {
        ...facts,
        stateSize: sizes.state,
        actionSize: sizes.action,
        measured: {
          ...found,
          own: fit === undefined,
          members: settings.members,
          elites: settings.elites,
          transitions: history.count,
          testedOn: subject.policy ? 'the present policy' : 'held-out episodes',
          cost,
          ...(fit && { fit }),
        },
        verdict: verdictOf({
          ...found,
          stateSize: sizes.state,
          fittedTo: history.count,
          stepSeconds: realStep,
          modelSecondsPerStep: cost.fit + cost.imagination,
          autoError: settings.autoError,
        }),
      };
    } finally {
      await model.dispose();
    }
  } finally {
    rules.dispose?.();
  }
}

/** The critics' values of states, with the goals and tasks of real ones; undefined where the agent estimates none. */
async function valuesOf({ agent, vectors, parts }: OpenedPolicy, model: DynamicsModel, test: Replay, runtime: Runtime) {
  const { value } = agent;
  if (!value) return undefined;
  const saved = value.vectors.flatMap((name) =>
    parts[`vector.${name}`] ? [[name, float32Of(parts[`vector.${name}`])]] : [],
  );
  const known = { ...vectors, ...Object.fromEntries(saved) };
  if (value.vectors.some((name) => !known[name])) return undefined;
  const { spec } = model;
  const { state: s } = spec.sizes;
  const rows = STARTS * model.eliteCount;
  const estimate = await createValue(agent, value, known, { rows, runtime });
  const data = transitionsOf([test]);
  const inputs = agent.spec.inputs.map(({ name, size }) => ({
    size,
    column: spec.layout.column(name),
    place: placeOf(spec, name),
    values: new Float32Array(rows * size),
    name,
  }));
  return {
    async evaluate(states: Float32Array, starts: readonly number[]): Promise<Float32Array> {
      for (const { size, column, place, values } of inputs) {
        for (const [row, i] of starts.entries()) {
          const [from, at] =
            column.per === 'state' ? [states, row * s + place] : [data.memory(i), data.row(i) + column.offset];
          for (let j = 0; j < size; j++) values[row * size + j] = from[at + j];
        }
      }
      return estimate.evaluate(Object.fromEntries(inputs.map(({ name, values }) => [name, values])));
    },
    dispose: () => estimate.dispose(),
  };
}

/** What a step of the environment takes, under random actions. */
async function secondsOfStep(definition: EnvDefinition, config: TrainConfig, seed: number): Promise<number> {
  const env = await definition.create(parseEnvOptions(definition, config.env.options));
  try {
    const random = createRandom(mixSeed(seed, 'step seconds'));
    const action = new Float32Array(actionsOf(env.spec));
    env.reset({ seed });
    const began = performance.now();
    let steps = 0;
    while (steps < 50 || (steps < 2000 && performance.now() - began < 30)) {
      randomAction(random, env.spec.action, action, 0);
      const { terminated, truncated } = env.step(action);
      if (terminated || truncated) env.reset();
      steps++;
    }
    return (performance.now() - began) / 1000 / steps;
  } finally {
    env.dispose?.();
  }
}

const actionsOf = ({ action }: EnvSpec): number => (action.kind === 'box' ? action.size : 1);

const discountOf = ({ agent }: TrainConfig): number => {
  const { discount } = agent.options;
  return typeof discount === 'number' ? discount : 0.99;
};
