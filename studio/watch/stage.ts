// What is watched: environments with policies in them, stepped together from the same start. Runs in a worker, draws nothing.
import type { GoalEnv, TimeStep } from '../../src/envs/env.js';
import { settingsInPage } from '../../src/envs/physics-setting.js';
import { makeEnv } from '../../src/envs/registry.js';
import { hasGoals } from '../../src/envs/spec.js';
import type { CheckpointName } from '../../src/runs/run-reader.js';
import type { Store } from '../../src/runs/store.js';
import { loadPolicy, type Policy, type PolicySource } from '../../src/training/policy.js';
import { type Counts, createAttempts } from '../../src/view/attempts.js';
import { factsOf, type StageFacts } from '../../src/view/facts.js';
import { type Frame, frameOf } from '../../src/view/frame.js';

export interface WatchedRun {
  /** For `loadPolicy`. */
  readonly run: string;
  readonly store?: Store;
  readonly checkpoint?: CheckpointName;
  readonly env: string;
  readonly options?: Record<string, unknown>;
}

export const policySourceOf = ({ run, store, checkpoint }: WatchedRun): PolicySource => ({ run, store, checkpoint });

/** What a policy sees, by name: observation, goal, task and the environment's parts. */
export type Seen = Readonly<Record<string, Float32Array | Uint8Array>> & {
  readonly observation: Float32Array;
  readonly goal: Float32Array;
};

/** What happens when an attempt ends: a new start, a new goal from where it is, or nothing: it goes on. */
export type AfterAttempt = 'restart' | 'new-goal' | 'go-on';

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
  /** A new start with this task, by its number, as all starts from now on; undefined: with any, drawn at each start. */
  setTask(task: number | undefined): void;
  /**
   * A new start that is asked for this, as all starts from now on; undefined: what each start asks for by itself.
   * @throws UsageError for sentences that the environment does not understand; the new start is then asked what was asked before
   */
  ask(sentence: string | undefined): void;
  /** One step of every panel. */
  step(): Promise<void>;
  counts(panel: number): Counts;
  /** What the policy of a panel sees now, by the names of its inputs; copies. */
  observed(panel: number): Seen;
  /** `whole`: with all shapes, for a page that has none yet. */
  frame(whole?: boolean): Frame;
  readonly panels: readonly { readonly env: GoalEnv; readonly run: number; readonly goal: number }[];
  dispose(): Promise<void>;
}

/** Seeds of goals lie apart from those of starts. */
const GOAL_SEEDS = 1_000_000_007;
/** Steps at the goal after which a new one is drawn. */
const STAY = 5;
/** Seconds, at normal speed, that the end of an attempt is shown before a new start. */
const REST = 0.4;

/** Panels: each of `runs` with each of `goals` goals. All runs must be of the same environment. */
export async function createStage(runs: readonly WatchedRun[], goals: number, seed: number): Promise<Stage> {
  const policies = new Map<WatchedRun, Policy>();
  const made: GoalEnv[] = [];
  const dispose = async () => {
    for (const env of made) env.dispose?.();
    await Promise.all([...policies.values()].map((policy) => policy.dispose()));
  };
  try {
    const panels: Actor[] = [];
    const warnings = new Set<string>();
    for (const [r, run] of runs.entries()) {
      for (let g = 0; g < goals; g++) {
        const env = await makeEnv(run.env, settingsInPage(run.options));
        made.push(env);
        const policy = policies.get(run) ?? (await loadPolicy(policySourceOf(run), { env }));
        policies.set(run, policy);
        for (const warning of policy.warnings) warnings.add(warning);
        const shown = ['goal', ...Object.keys(env.spec.goalPictures ?? {})];
        const seesGoal = shown.some((name) => policy.inputs.includes(name));
        if (hasGoals(env.spec) && !seesGoal) warnings.add(unseenGoal(policy));
        const { observation, goal } = env.spec;
        const [first] = made;
        if (first.spec.observation.size !== observation.size || first.spec.goal.size !== goal.size) {
          throw new Error(
            `these runs cannot stand side by side: their settings of ${run.env} differ, so they have no state in common.`,
          );
        }
        panels.push({ env, policy, run: r, goal: g });
      }
    }
    const stage = stageOf(panels, runs[0].env, seed, dispose);
    return { ...stage, facts: { ...stage.facts, warnings: [...warnings] } };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** A goal that is placed by hand moves nothing but the mark. */
function unseenGoal({ inputs, spec: { parts = {} } }: Policy): string {
  const told = inputs.filter((name) => name === 'task' || parts[name]?.per).join(' and ');
  return `This policy does not see the goal${told ? `: what it shall do is told by ${told}` : ''}. Goals that are placed here do not change what it does.`;
}

/** Who acts in a panel, and the indices of its run and of its goal. */
export interface Actor {
  readonly env: GoalEnv;
  readonly policy: Pick<Policy, 'act'> & Partial<Pick<Policy, 'begin'>>;
  readonly run: number;
  readonly goal: number;
}

const seenOf = ({ observation, achieved, goal, task, columns }: TimeStep): Seen => ({
  ...columns,
  observation,
  achieved,
  goal,
  task,
});

const panelOf = (actor: Actor) => ({
  ...actor,
  now: actor.env.reset(),
  reward: 0,
  reached: false,
  steps: 0,
  ended: false,
  stayed: 0,
  sent: -1,
});
type Panel = ReturnType<typeof panelOf>;

/** A stage of these actors, in environments of one kind, called `name`; `dispose` frees what they hold. */
export function stageOf(
  actors: readonly Actor[],
  name: string,
  firstSeed: number,
  dispose: () => Promise<void>,
): Stage {
  const panels = actors.map(panelOf);
  const [{ env: first }] = panels;
  const { spec } = first;
  const facts = factsOf(first, name);
  const attempts = panels.map(() => createAttempts());
  let after: AfterAttempt = 'restart';
  let starts = 0;
  let rested = 0;
  let nextSeed = firstSeed;
  let goalSeed = firstSeed;
  let chosenTask: number | undefined;
  let asked: string | undefined;

  /** Goes on from the present state under a goal; the step count begins anew, and perhaps another attempt. */
  function retarget(panel: Panel, goal: ArrayLike<number>, isAttempt = true): void {
    panel.now = panel.env.reset({ state: panel.env.saveState(), goal });
    if (isAttempt) begin(panel);
    else Object.assign(panel, { steps: 0, ended: false });
  }
  function begin(panel: Panel): void {
    attempts[panels.indexOf(panel)].begin();
    panel.policy.begin?.();
    Object.assign(panel, { steps: 0, reward: 0, ended: false, stayed: 0, reached: isReached(panel) });
  }
  const success = new Uint8Array(1);
  function isReached({ env, now }: Panel): boolean {
    if (!hasGoals(env.spec)) return false;
    env.computeSuccess(now.achieved, now.goal, now.info, success);
    return success[0] === 1;
  }
  /** A goal as an episode of the present task would draw it, with everything else left as it was. */
  function drawn(env: GoalEnv): Float32Array {
    const kept = env.saveState();
    const task = panels.find((panel) => panel.env === env)?.now.task[0];
    const goal = env.reset({ seed: GOAL_SEEDS + goalSeed++, task }).goal.slice();
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
      lead.now = lead.env.reset({ seed, task: chosenTask, instruction: asked });
      const goalsFor: Float32Array[] = [lead.now.goal.slice()];
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
    setTask(task) {
      chosenTask = task;
      stage.reset(nextSeed);
    },
    ask(sentence) {
      const before = { asked, nextSeed, starts };
      try {
        asked = sentence;
        stage.reset(nextSeed);
      } catch (error) {
        ({ asked, nextSeed, starts } = before);
        stage.reset(nextSeed);
        throw error;
      }
    },
    async step() {
      if (after === 'restart' && panels.every(({ ended }) => ended)) {
        if (rested++ < REST * facts.rate) return;
        stage.reset(nextSeed);
      }
      rested = 0;
      for (const [i, panel] of panels.entries()) {
        // Waits for the others, or has arrived for good.
        if (panel.ended && (after === 'restart' || (panel.reached && spec.successEndsEpisode))) continue;
        // Who stays at the goal makes no new attempt.
        if (panel.ended) retarget(panel, panel.now.goal.slice(), !panel.reached);
        const action = await panel.policy.act(seenOf(panel.now));
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
    counts: (panel) => attempts[panel].counts(),
    observed(panel) {
      const seen = Object.entries(seenOf(panels[panel].now)).map(([name, values]) => [name, values.slice()]);
      return Object.fromEntries(seen) as Seen;
    },
    frame: (whole = false) => ({
      panels: panels.map((panel, i) => frameOf(panel, starts, attempts[i].counts(), whole)),
    }),
  };

  stage.reset(firstSeed);
  return stage;
}
