// What is watched: environments with policies in them, stepped together from the same start. Runs in a worker, draws nothing.
import type { GoalEnv, Scene, SceneShape } from '../../src/envs/env.js';
import { makeEnv } from '../../src/envs/registry.js';
import type { CheckpointName } from '../../src/runs/run-reader.js';
import type { Store } from '../../src/runs/store.js';
import { loadPolicy, type Policy } from '../../src/training/policy.js';
import { type Counts, createAttempts } from './attempts.js';
import { placeOf, toleranceOf } from './places.js';

export interface WatchedRun {
  /** For `loadPolicy`. */
  readonly run: string;
  readonly store?: Store;
  readonly checkpoint?: CheckpointName;
  readonly env: string;
  readonly options?: Record<string, unknown>;
}

/** What happens when an attempt ends: a new start, a new goal from where it is, or nothing: it goes on. */
export type AfterAttempt = 'restart' | 'new-goal' | 'go-on';

/** What a page needs to know once. */
export interface StageFacts {
  readonly env: string;
  readonly dimensions: 2 | 3;
  /** Of each goal number: its name, and the range in which the environment draws it. */
  readonly goal: readonly { readonly name: string; readonly low: number; readonly high: number }[];
  /** Pointing at the scene chooses goals. */
  readonly pointable: boolean;
  /** Goals are places, with a marker: values can be drawn over them. */
  readonly places: boolean;
  /** How near counts as reached, in the scene's units, if it is a distance. */
  readonly tolerance: number | undefined;
  readonly pushable: readonly string[];
  readonly maxEpisodeSteps: number;
  /** Steps a second at normal speed. */
  readonly rate: number;
  /** The policy sees nothing but what counts for goals, so values can be drawn over states too. */
  readonly statesAreGoals: boolean;
}

/** One panel: a run and a goal. */
export interface PanelFrame {
  /** Present where shapes are new or, in two dimensions, always. */
  readonly shapes?: readonly SceneShape[];
  /** [shape, 12]: position and row-major rotation. */
  readonly poses: Float32Array;
  readonly goal: Float32Array;
  /** Place of the goal and of what is achieved, where they are places. */
  readonly goalPlace?: readonly number[];
  readonly place?: readonly number[];
  readonly reward: number;
  readonly distance: number;
  readonly reached: boolean;
  readonly steps: number;
  /** Counts up when the scene jumps: a new start. */
  readonly start: number;
  readonly counts: Counts;
}

export interface Frame {
  readonly panels: readonly PanelFrame[];
}

export interface Stage {
  readonly facts: StageFacts;
  /** Same start in every panel, new goals; equal seeds give equal starts. */
  reset(seed: number): void;
  /** The goal with this index, in every run; the state stays. @throws UsageError outside the goal space */
  setGoal(index: number, goal: ArrayLike<number>): void;
  /** The goal at a place of the scene, or nearest to it; undefined: none. */
  goalAt(index: number, place: readonly number[]): number[] | undefined;
  /** Another goal as the environment draws them. */
  drawGoal(index: number): void;
  push(thing: string, velocity: readonly number[]): void;
  setAfter(after: AfterAttempt): void;
  /** One step of every panel. */
  step(): Promise<void>;
  /** What the policy of a panel sees now; copies. */
  observed(panel: number): { observation: Float32Array; goal: Float32Array };
  /** `whole`: with all shapes, for a page that has none yet. */
  frame(whole?: boolean): Frame;
  readonly panels: readonly { readonly env: GoalEnv; readonly run: number; readonly goal: number }[];
  dispose(): Promise<void>;
}

/** Seeds of goals lie apart from those of starts. */
const GOAL_SEEDS = 1_000_000_007;
const SAMPLES = 48;
/** Steps at the goal after which a new one is drawn. */
const STAY = 5;
/** Steps that the end of an attempt is shown before a new start. */
const REST = 4;

/** Panels: each of `runs` with each of `goals` goals. All runs must be of the same environment. */
export async function createStage(runs: readonly WatchedRun[], goals: number, seed: number): Promise<Stage> {
  const policies = new Map<WatchedRun, Policy>();
  const made: GoalEnv[] = [];
  const dispose = async () => {
    for (const env of made) env.dispose?.();
    await Promise.all([...policies.values()].map((policy) => policy.dispose()));
  };
  try {
    for (const run of runs) policies.set(run, await loadPolicy(run));
    const panels = [];
    for (const [r, run] of runs.entries()) {
      for (let g = 0; g < goals; g++) {
        const env = await makeEnv(run.env, run.options);
        made.push(env);
        const policy = policies.get(run) as Policy;
        if (policy.spec.observation.size !== env.spec.observation.size) {
          throw new Error(
            `this policy sees ${policy.spec.observation.size} numbers, but ${run.env} shows ${env.spec.observation.size}.`,
          );
        }
        panels.push(createPanel(env, policy, r, g));
      }
    }
    return assemble(panels, runs[0].env, seed, dispose);
  } catch (error) {
    await dispose();
    throw error;
  }
}

function createPanel(env: GoalEnv, policy: Policy, run: number, goal: number) {
  return {
    env,
    policy,
    run,
    goal,
    now: env.reset(),
    reward: 0,
    reached: false,
    steps: 0,
    ended: false,
    stayed: 0,
    sent: -1,
  };
}
type Panel = ReturnType<typeof createPanel>;

function assemble(panels: Panel[], name: string, firstSeed: number, dispose: () => Promise<void>): Stage {
  const [{ env: first }] = panels;
  const { spec } = first;
  const facts = factsOf(first, name);
  const attempts = panels.map(() => createAttempts());
  let after: AfterAttempt = 'restart';
  let starts = 0;
  let rested = 0;
  let nextSeed = firstSeed;
  let goalSeed = firstSeed;

  /** Goes on from the present state under a goal; the step count begins anew. */
  function retarget(panel: Panel, goal: ArrayLike<number>): void {
    panel.now = panel.env.reset({ state: panel.env.saveState(), goal });
    begin(panel);
  }
  function begin(panel: Panel): void {
    attempts[panels.indexOf(panel)].begin();
    Object.assign(panel, { steps: 0, reward: 0, ended: false, stayed: 0, reached: isReached(panel) });
  }
  const success = new Uint8Array(1);
  function isReached({ env, now }: Panel): boolean {
    env.computeSuccess(now.achieved, now.goal, now.info, success);
    return success[0] === 1;
  }
  /** A goal as an episode would draw it, with everything else left as it was. */
  function drawn(env: GoalEnv): Float32Array {
    const kept = env.saveState();
    const goal = env.reset({ seed: GOAL_SEEDS + goalSeed++ }).goal.slice();
    env.restoreState(kept);
    return goal;
  }

  const stage: Stage = {
    facts,
    panels,
    dispose,
    reset(seed) {
      nextSeed = seed + 1;
      starts++;
      const [lead] = panels;
      const goalsFor: Float32Array[] = [lead.env.reset({ seed }).goal.slice()];
      const state = lead.env.saveState();
      while (goalsFor.length <= Math.max(...panels.map(({ goal }) => goal))) goalsFor.push(drawn(lead.env));
      for (const panel of panels) {
        panel.now = panel.env.reset({ state, goal: goalsFor[panel.goal] });
        begin(panel);
      }
    },
    setGoal(index, goal) {
      for (const panel of panels) if (panel.goal === index) retarget(panel, goal);
    },
    goalAt(index, place) {
      const { now } = panels.find(({ goal }) => goal === index) ?? panels[0];
      const goal = now.goal.slice();
      return first.goalAt?.(place, goal) ? Array.from(goal) : undefined;
    },
    drawGoal(index) {
      stage.setGoal(index, drawn(first));
    },
    push(thing, velocity) {
      for (const panel of panels) panel.env.push?.(thing, velocity);
    },
    setAfter(next) {
      after = next;
    },
    async step() {
      if (after === 'restart' && panels.every(({ ended }) => ended)) {
        if (rested++ < REST) return;
        stage.reset(nextSeed);
      }
      rested = 0;
      for (const [i, panel] of panels.entries()) {
        // Waits for the others, or has arrived for good.
        if (panel.ended && (after === 'restart' || (panel.reached && spec.successEndsEpisode))) continue;
        if (panel.ended) retarget(panel, panel.now.goal.slice());
        const { observation, goal } = panel.now;
        const action = await panel.policy.act({ observation, goal });
        const step = panel.env.step(action);
        panel.now = step;
        panel.steps++;
        Object.assign(panel, {
          reward: step.reward,
          reached: step.isSuccess,
          ended: step.terminated || step.truncated,
        });
        panel.stayed = step.isSuccess ? panel.stayed + 1 : 0;
        attempts[i].step(step.isSuccess, panel.ended);
      }
      if (after !== 'new-goal') return;
      const indices = new Set(panels.map(({ goal }) => goal));
      for (const index of indices) {
        const own = panels.filter(({ goal }) => goal === index);
        if (own.every(({ ended, stayed }) => ended || stayed >= STAY)) stage.drawGoal(index);
      }
    },
    observed(panel) {
      const { observation, goal } = panels[panel].now;
      return { observation: observation.slice(), goal: goal.slice() };
    },
    frame: (whole = false) => ({ panels: panels.map((panel, i) => frameOf(panel, attempts[i].counts(), whole)) }),
  };

  function frameOf(panel: Panel, counts: Counts, whole: boolean): PanelFrame {
    const { env, now, reward, reached, steps } = panel;
    const scene: Scene = env.scene?.() ?? { dimensions: 2, shapes: [] };
    const { shapes } = scene;
    const isNew = whole || scene.dimensions === 2 || shapes.length !== panel.sent;
    panel.sent = shapes.length;
    const goalPlace = shapes.find((shape) => shape.name === 'goal')?.position;
    return {
      ...(isNew && { shapes }),
      poses: posesOf(shapes),
      goal: now.goal.slice(),
      goalPlace,
      place: placeOf(env, now, scene),
      reward,
      reached,
      steps,
      start: starts,
      counts,
      distance: distanceOf(spec.name, now),
    };
  }

  stage.reset(firstSeed);
  return stage;
}

const upright = [1, 0, 0, 0, 1, 0, 0, 0, 1];

function posesOf(shapes: readonly SceneShape[]): Float32Array {
  const poses = new Float32Array(12 * shapes.length);
  for (const [i, { position, rotation = upright }] of shapes.entries()) {
    poses.set(position, 12 * i);
    poses.set(rotation, 12 * i + 3);
  }
  return poses;
}

/** Euclidean, of bits their number; NaN where goal and achievement are of different kinds. */
function distanceOf(name: string, { achieved, goal }: { achieved: Float32Array; goal: Float32Array }): number {
  if (achieved.length !== goal.length) return Number.NaN;
  const square = goal.reduce((sum, value, i) => sum + (value - achieved[i]) ** 2, 0);
  return name === 'bit-flip' ? square : Math.sqrt(square);
}

function factsOf(env: GoalEnv, name: string): StageFacts {
  const { spec } = env;
  const { size, low, high, names } = spec.goal;
  const from = new Array<number>(size).fill(Infinity);
  const to = new Array<number>(size).fill(-Infinity);
  for (let seed = 0; seed < SAMPLES; seed++) {
    const { goal } = env.reset({ seed });
    for (let i = 0; i < size; i++) {
      from[i] = Math.min(from[i], goal[i]);
      to[i] = Math.max(to[i], goal[i]);
    }
  }
  const scene = env.scene?.();
  const place = env.goalAt !== undefined && scene?.shapes.some((shape) => shape.name === 'goal') === true;
  const same = spec.observation.names?.join() === spec.goal.names?.join() && spec.observation.size === size;
  return {
    env: name,
    dimensions: scene?.dimensions ?? 2,
    goal: from.map((value, i) => ({
      name: names?.[i] ?? `goal ${i}`,
      low: Number.isFinite(low[i]) ? low[i] : value,
      high: Number.isFinite(high[i]) ? high[i] : to[i],
    })),
    pointable: env.goalAt !== undefined,
    places: place,
    tolerance: place ? toleranceOf(env) : undefined,
    pushable: env.pushable ?? [],
    maxEpisodeSteps: spec.maxEpisodeSteps,
    rate: scene?.dimensions === 3 ? 25 : 10,
    statesAreGoals: place && same && (spec.goalKind ?? 'state') === 'state',
  };
}
