// The picture of hindsight relabelling: draw the path, choose a step, see its new goals and rewards.
import { Button } from '@mantine/core';
import { useMemo } from 'react';
import { relabel } from '../../../examples/lab/hindsight.js';
import { percent, positiveRatioCorrections, transitions } from '../../../src/lab/index.js';
import type { PictureProps } from '../lab-page.js';
import { Choice, NumberSlider, SeedButton, SettingSlider } from '../parts/controls.js';
import { Corrections, Figures } from '../parts/figures.js';
import { Path, Tolerance } from '../parts/path.js';
import { Grid, Handle, type Place, Plane, useFrame } from '../parts/plane.js';
import { useDrawnPath } from '../parts/use-drawn-path.js';
import { useRest } from '../parts/use-rest.js';
import { number, type Points, roundPoint } from '../settings.js';
import { relabelled, settings } from './hindsight.js';

const RANGE: Place = [0, 1];

/** Paths for those who do not draw. */
const paths: Readonly<Record<string, (steps: number) => number[]>> = {
  Straight: (u) => [0.05 + 0.85 * u, 0.1 + 0.7 * u],
  Loop: (u) => [0.5 + 0.35 * Math.cos(2 * Math.PI * u), 0.5 + 0.35 * Math.sin(2 * Math.PI * u)],
  'There and back': (u) => [0.1 + 0.8 * (1 - Math.abs(2 * u - 1)), 0.5],
};
const STEPS = 20;

export function Picture({ values, set }: PictureProps<typeof settings>) {
  const page = { settings, values, set };
  const { path, strategy, eps, seed } = values;
  const [goal] = values.goal;
  const steps = path.length - 1;
  const step = Math.min(values.step, steps - 1);
  const drawing = useDrawnPath(settings.path.most, (to) => set({ path: to }));
  const rested = useRest(values);
  const shares = useMemo(() => {
    const given = relabelled(rested);
    return settings.strategy.options.map((one) => ({ strategy: one, ...relabel({ ...given, strategy: one }) }));
  }, [rested]);
  /** The goals that the chosen step gets. */
  const goals = transitions({ path, goal, strategy, order: 'forwards', discount: 1, alpha: 1, eps })
    .filter((one) => one.step === step)
    .map((one) => {
      const away = Math.hypot(path[step + 1][0] - one.goal[0], path[step + 1][1] - one.goal[1]);
      return { ...one, away, reward: away < eps ? 1 : 0 };
    });
  return (
    <>
      <div className="lab-two">
        <Plane label="The path: press and draw another one" x={RANGE} y={RANGE} {...drawing}>
          <Grid every={0.1} />
          <Tolerance place={[goal[0], goal[1]]} eps={eps} />
          <NewGoals path={path} step={step} eps={eps} goals={goals.filter((one) => one.relabelled)} />
          <Path
            small
            path={path}
            fewest={settings.path.fewest}
            onChange={(to) => set({ path: to })}
            stepClass={(t) => (t === step ? 'in-4' : 'in-1')}
          />
          <Handle
            label="Goal that was asked for"
            text="g"
            className="in-2"
            step={0.02}
            place={[goal[0], goal[1]]}
            onMove={(to) => set({ goal: [roundPoint(to)] })}
          />
        </Plane>
        <div className="lab-side">
          <div className="lab-row">
            {Object.entries(paths).map(([name, at]) => (
              <Button key={name} size="xs" variant="default" onClick={() => set({ path: sampled(at) })}>
                {name}
              </Button>
            ))}
          </div>
          <Choice
            label="Strategy"
            setting={settings.strategy}
            value={strategy}
            onChange={(to) => set({ strategy: to })}
          />
          <SettingSlider {...page} name="k" label="Relabelled goals per original, k" />
          <SettingSlider {...page} name="eps" label="Tolerance eps" />
          <NumberSlider
            label={`Step t of ${steps}`}
            setting={number(0, { min: 0, max: Math.max(steps - 1, 1), step: 1 })}
            value={step}
            onChange={(to) => set({ step: Math.min(to, steps - 1) })}
          />
          <SeedButton seed={seed} onChange={(to) => set({ seed: to })} />
        </div>
      </div>
      <Figures
        label={`Goals of step ${step}`}
        head={[`Goals of step ${step}`, 'distance of s’', 'reward']}
        rows={goals.map((one) => [
          `${one.relabelled ? 'achieved' : 'asked for'}: (${one.goal.join(', ')})`,
          one.away.toFixed(3),
          <strong key="reward">{one.reward}</strong>,
        ])}
        rowProps={(row) => ({ 'data-chosen': goals[row].reward === 1 || undefined })}
      />
      <Figures
        label="Share of transitions with reward 1"
        head={['Strategy', 'relabelled', 'reward 1: formula', 'counted', 'sampled']}
        rows={shares.map((share) => [
          share.strategy,
          percent(share.relabelled),
          percent(share.formula),
          <strong key="counted">{percent(share.counted)}</strong>,
          `${percent(share.sampled)} ± ${percent(Math.sqrt((share.counted * (1 - share.counted)) / 10_000), 2)}`,
        ])}
        rowProps={(row) => ({
          'data-strategy': shares[row].strategy,
          'data-chosen': shares[row].strategy === strategy || undefined,
        })}
      />
      <p className="lab-note">
        The formula takes the places of a path as further apart than eps: k/(1+k) H_T/T with future, k/(1+k)/T with
        final and episode. A path that comes back to where it was, or moves in steps shorter than eps, has more
        successes.
      </p>
      <Corrections corrections={positiveRatioCorrections()} />
    </>
  );
}

const sampled = (at: (u: number) => number[]): Points =>
  Array.from({ length: STEPS + 1 }, (_, i) => roundPoint(at(i / STEPS)));

interface NewGoalsProps {
  readonly path: Points;
  readonly step: number;
  readonly eps: number;
  readonly goals: readonly { readonly goal: readonly number[]; readonly reward: number }[];
}

/** Lines from where the step led to each of its new goals; circles around those, filled where the reward is 1. */
function NewGoals({ path, step, eps, goals }: NewGoalsProps) {
  const { px, py } = useFrame();
  const [x, y] = path[step + 1];
  return goals.map(({ goal, reward }, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: goals of one step, in the path's order
    <g key={i} className={reward ? 'lab-new-goal reached' : 'lab-new-goal'}>
      <line x1={px(x)} y1={py(y)} x2={px(goal[0])} y2={py(goal[1])} />
      <circle cx={px(goal[0])} cy={py(goal[1])} r={eps * (px(1) - px(0))} />
    </g>
  ));
}
