// Any environment's scene on a canvas, as the studio draws it; pointing at it chooses goals.
import type { GoalEnv, TimeStep } from '../envs/env.js';
import { hasGoals } from '../envs/spec.js';
import { factsOf } from './facts.js';
import { frameOf } from './frame.js';
import { openView } from './open-view.js';

export interface SceneViewOptions {
  /** Someone points at the scene: the goal that is meant, or the nearest that there is, and the place pointed at. */
  readonly onGoal?: (goal: Float32Array, place: readonly number[]) => void;
  /** `click` (default): clicks, and drags of the goal; `hover`: wherever the pointer goes. */
  readonly pointing?: 'click' | 'hover';
  /** For dark pages. */
  readonly dark?: boolean;
  /** Without shadows, for pages that need the processor. */
  readonly plain?: boolean;
}

export interface SceneView {
  /** A scene of three dimensions is drawn from above, for want of WebGL. */
  readonly flat: boolean;
  /** Steps a second at which the environment moves at its normal pace. */
  readonly rate: number;
  /** Draws the environment as it now is; what moved gets there within `interval` milliseconds, by default a step's. */
  show(now: TimeStep, interval?: number): void;
  /** Back to where the camera began. */
  home(): void;
  dispose(): void;
}

const noCounts = { attempts: 0, reached: 0, latestSteps: Number.NaN, meanSteps: Number.NaN };

/**
 * Opens a view of an environment on a canvas, which keeps the size that the page gives it. Resets the environment, to see
 * where its goals lie: reset it afterwards, then `show` each step. Scenes of three dimensions need `three` installed.
 */
export async function openSceneView(
  canvas: HTMLCanvasElement,
  env: GoalEnv,
  { onGoal, pointing = 'click', dark = false, plain = false }: SceneViewOptions = {},
): Promise<SceneView> {
  const facts = factsOf(env, env.spec.name);
  const goal = new Float32Array(env.spec.goal.size);
  const { view, flat } = await openView(canvas, {
    facts,
    dark,
    plain,
    hover: pointing === 'hover',
    onPoint(_, place) {
      if (env.goalAt?.(place, goal)) onGoal?.(goal.slice(), place);
    },
  });
  const resize = () => view.resize(canvas.clientWidth, canvas.clientHeight);
  const observer = new ResizeObserver(resize);
  observer.observe(canvas);
  resize();

  const panel = { env, reward: 0, reached: false, steps: 0, sent: -1 };
  const success = new Uint8Array(1);
  let start = 0;
  let before: Float32Array | undefined;
  const isReached = ({ achieved, goal, info }: TimeStep): boolean => {
    if (!hasGoals(env.spec)) return false;
    env.computeSuccess(achieved, goal, info, success);
    return success[0] === 1;
  };
  return {
    flat,
    rate: facts.rate,
    show(now, interval = 1000 / facts.rate) {
      // A new beginning elsewhere is no movement; another goal in the same state is none either.
      const isStep = 'reward' in now;
      if (!isStep && before?.some((value, i) => value !== now.achieved[i])) start++;
      before = now.achieved.slice();
      const shown = Object.assign(panel, { now, reached: isReached(now) });
      view.show({ panels: [frameOf(shown, start, noCounts, false)] }, interval);
    },
    home: () => view.home(),
    dispose() {
      observer.disconnect();
      view.dispose();
    },
  };
}
