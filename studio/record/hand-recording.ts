// Recording by hand: an environment that waits for a hand or goes by the clock, and the takes of it. Runs in a worker, draws nothing.
import { encodeTakes, recordTake, type Take } from '../../src/acting/takes.js';
import type { Controls } from '../../src/envs/controls.js';
import type { GoalEnv, TimeStep } from '../../src/envs/env.js';
import { actionSize, type Box, type Discrete } from '../../src/envs/space.js';
import { hasSuccess } from '../../src/envs/spec.js';
import { type Hand, steer } from '../../src/envs/steer.js';
import { wrapEnv } from '../../src/envs/wrap-env.js';
import { createAttempts } from '../../src/view/attempts.js';
import { factsOf, type StageFacts } from '../../src/view/facts.js';
import { type Frame, frameOf } from '../../src/view/frame.js';
import type { Say } from './instruction.js';

export interface RecordFacts {
  readonly stage: StageFacts;
  readonly action: Box | Discrete;
  /** Whether episodes can succeed. */
  readonly judged: boolean;
  /** Why it cannot be recorded by hand. */
  readonly problem?: string;
}

export interface TakeRequest {
  readonly seed: number;
  /** By its number, where there are several. */
  readonly task?: number;
  /** Ends once so many steps in a row were a success. */
  readonly holdSteps: number;
}

export interface TakeFigures {
  readonly task: number;
  readonly steps: number;
  readonly success: boolean;
}

/** What is told unasked. */
export interface HandListener {
  /** How it is steered from now on, and what it asks for in words: an episode waits for its first action. */
  begun(controls: Controls, asks: string | undefined): void;
  frame(frame: Frame, interval: number): void;
}

export interface HandRecording {
  readonly facts: RecordFacts;
  /** Records an episode, which waits for the hand; undefined where it was broken off. */
  record(request: TakeRequest): Promise<TakeFigures | undefined>;
  /** What the hand wants from now on; `begins`: the clock goes from now on, if it did not yet. */
  hand(hand: Hand, begins: boolean): void;
  /** The next choice of a discrete action; they are taken one after the other. */
  choose(choice: number): void;
  /** The episode ends with its next step. */
  end(): void;
  /** Ends it at once, and nothing is left of it. */
  breakOff(): void;
  setPaused(isPaused: boolean): void;
  /** 1: real time. */
  setSpeed(times: number): void;
  /** Keeps the take that ended last; undone by `dropLast`. */
  keep(): void;
  dropLast(): void;
  /** The data set of what was kept. */
  encode(): Uint8Array;
  /** Shows everything that there is to see. */
  whole(): void;
  dispose(): void;
}

interface KeptTake extends Take {
  readonly holdSteps: number;
}

/** What a take that is broken off ends with. */
const BROKEN = new Error('the take was broken off');
/** How far the clock may fall behind, in seconds. */
const LATE = 0.25;
/** Milliseconds in which a choice's movement is drawn. */
const CHOICE_MS = 120;

/** `options`: of the environment, as they were given. */
export function createHandRecording(
  env: GoalEnv,
  name: string,
  options: Readonly<Record<string, unknown>>,
  told: HandListener,
  say: Say = () => undefined,
): HandRecording {
  const { spec } = env;
  const space = spec.action;
  const stage = factsOf(env, name);
  const { move, grip, period = 1 / stage.rate }: Controls = controlsNow();
  const steered = space.kind === 'discrete' || move !== undefined || grip !== undefined;
  const facts: RecordFacts = {
    stage: { ...stage, rate: 1 / period },
    action: space,
    judged: hasSuccess(spec),
    ...(!steered && {
      problem: `${name} does not say how a hand steers its ${space.size} action numbers (controls), so it cannot be recorded by hand; anygoal data record takes a run's policy.`,
    }),
  };
  const noCounts = createAttempts().counts();
  const action = new Float32Array(actionSize(space));
  const queue: number[] = [];
  const shown = { env, now: env.reset() as TimeStep, reward: 0, reached: false, steps: 0, sent: -1 };
  let wanted: Hand = { push: [], open: false };
  let [begun, paused, ending, broken, going] = [false, false, false, false, false];
  let speed = 1;
  let due = 0;
  let start = 0;
  /** The moment that an episode ended in, which stays to be seen: recording has begun the next one already. */
  let end: Uint8Array | undefined;
  let wake: (() => void) | undefined;
  let last: KeptTake | undefined;
  const kept: KeptTake[] = [];

  function controlsNow(): Controls {
    return env.controls?.() ?? {};
  }
  function show(interval: number, whole = false): void {
    const { place } = controlsNow();
    const hand = place && (wanted.target ? place.map((value, i) => wanted.target?.[i] ?? value) : place);
    const panel = frameOf(shown, start, noCounts, whole);
    told.frame({ panels: [hand ? { ...panel, hand } : panel] }, interval);
  }
  const stir = () => {
    wake?.();
    wake = undefined;
  };
  /** Until something is told, or so many milliseconds have passed. */
  async function rest(ms?: number): Promise<void> {
    await new Promise<void>((resolve) => {
      wake = resolve;
      if (ms !== undefined) setTimeout(resolve, ms);
    });
    if (broken) throw BROKEN;
  }
  /** Until the next step is due. */
  async function untilDue(): Promise<void> {
    const step = () => (1000 * period) / speed;
    if (begun) due = Math.max(due + step(), performance.now() - 1000 * LATE);
    for (;;) {
      if (!begun || paused) {
        await rest();
        due = performance.now();
      } else if (performance.now() < due) await rest(due - performance.now());
      else return;
    }
  }
  async function act(): Promise<Float32Array> {
    if (broken) throw BROKEN;
    if (shown.steps === 0) show(0);
    if (space.kind === 'discrete') {
      while (queue.length === 0) await rest();
      action[0] = queue.shift() as number;
    } else {
      await untilDue();
      steer(space, controlsNow(), wanted, action);
    }
    return action;
  }
  const watched = wrapEnv(env, {
    reset(given) {
      if (going && shown.steps > 0) end = env.saveState();
      const now = env.reset(given);
      if (end === undefined) Object.assign(shown, { now, reward: 0, reached: false, steps: 0 });
      return now;
    },
    step(given) {
      const next = env.step(given);
      Object.assign(shown, { now: next, reward: next.reward, reached: next.isSuccess, steps: shown.steps + 1 });
      show(space.kind === 'discrete' ? CHOICE_MS : (1000 * period) / speed);
      return ending && !next.terminated ? { ...next, truncated: true } : next;
    },
  });

  return {
    facts,
    async record({ seed, task, holdSteps }) {
      [begun, ending, broken, going, end, last] = [false, false, false, true, undefined, undefined];
      queue.length = 0;
      start++;
      // Where the episode begins, to know how it is steered: its first observation comes with the first action.
      shown.steps = 0;
      let announced = false;
      const acting = () => {
        if (!announced) {
          announced = true;
          const controls = controlsNow();
          wanted = { push: [], open: controls.startsOpen === true };
          told.begun(controls, env.instruction?.() ?? say(shown.now));
        }
        return act();
      };
      try {
        const take = await recordTake(watched, acting, { seed, task, holdSteps });
        const figures = { task: take.episodes.columns.task?.[0] ?? 0, steps: take.steps, success: take.success };
        last = { ...take, holdSteps };
        return figures;
      } catch (error) {
        if (error !== BROKEN) throw error;
        return undefined;
      } finally {
        going = false;
        if (end) env.restoreState(end);
      }
    },
    hand(next, begins) {
      wanted = next;
      begun ||= begins;
      stir();
    },
    choose(choice) {
      queue.push(choice);
      stir();
    },
    end() {
      ending = true;
      begun = true;
      stir();
    },
    breakOff() {
      broken = true;
      stir();
    },
    setPaused(isPaused) {
      paused = isPaused;
      stir();
    },
    setSpeed(times) {
      speed = times;
      stir();
    },
    keep() {
      if (last) kept.push(last);
      last = undefined;
    },
    dropLast: () => void kept.pop(),
    encode() {
      // Said where it is the same for all.
      const holds = new Set(kept.map(({ holdSteps }) => holdSteps));
      const [holdSteps] = holds.size === 1 ? holds : [];
      return encodeTakes(kept, { env: { name, spec }, options, policy: 'by hand', holdSteps });
    },
    whole: () => show(0, true),
    dispose: () => env.dispose?.(),
  };
}
