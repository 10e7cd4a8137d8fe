// The picture of the universal value function: training in the page, then the value field, moves and paths of any goal.
import { memo, useEffect, useState } from 'react';
import { percent } from '../../../src/lab/index.js';
import type { PictureProps } from '../lab-page.js';
import { Choice, SeedButton, SettingSlider } from '../parts/controls.js';
import { Moves, Shades } from '../parts/field.js';
import { Figures } from '../parts/figures.js';
import { Tolerance } from '../parts/path.js';
import { Handle, type Place, Plane, useFrame } from '../parts/plane.js';
import { TrainRow } from '../parts/train-row.js';
import { useTraining } from '../parts/use-training.js';
import { roundPoint } from '../settings.js';
import type { GoalField } from '../trainers/universal.js';
import { learned, regions, settings } from './universal.js';

const RANGE: Place = [0, 1];
/** Cells of the value field, arrows, starts. */
const [CELLS, ARROWS, STARTS] = [24, 11, 6];
const EPISODES = 100;
/** The library's square is [-1, 1], the lecture's [0, 1]. */
const toUnit = (value: number) => (value + 1) / 2;
const toSquare = (value: number) => 2 * value - 1;
/** The library's tolerance, 0.05 of half a side. */
const EPS = 0.025;

interface Shares {
  readonly trained: number;
  readonly heldOut: number;
}

export function Picture({ values, set }: PictureProps<typeof settings>) {
  const page = { settings, values, set };
  const [goal] = values.goal;
  const { shares, field, ...training } = useUniversal(values);
  const { low, high } = regions[values.held];
  const place: Place = [goal[0], goal[1]];
  const move = (to: Place) => set({ goal: [roundPoint(to)] });
  return (
    <div className="lab-two">
      <Plane label="The unit square: press to place the goal" x={RANGE} y={RANGE} onPress={move} onMove={move}>
        {field && <Shades values={field.values} />}
        {low.length > 0 && <Region from={low} to={high} />}
        {field && <Moves moves={field.moves} />}
        {field && <Paths paths={field.paths} />}
        <Tolerance place={place} eps={EPS} />
        <Handle label="Goal" text="g" className="in-2" step={0.01} place={place} onMove={move} />
      </Plane>
      <div className="lab-side">
        <TrainRow {...training} />
        {shares && (
          <Figures
            label="Goals that are reached"
            head={[`Of ${EPISODES} goals each`, 'reached']}
            rows={[
              ['trained', <strong key="t">{percent(shares.trained)}</strong>],
              ['never seen in training', <strong key="h">{percent(shares.heldOut)}</strong>],
              [`this goal, from ${STARTS} starts`, field ? `${field.reached} of ${field.paths.length}` : ''],
            ]}
            rowProps={(row) => ({ 'data-success': ['trained', 'held-out', 'goal'][row] })}
          />
        )}
        <Choice
          label="Goals held out of training"
          setting={settings.held}
          value={values.held}
          onChange={(to) => set({ held: to })}
        />
        <Choice
          label="How the networks see state and goal"
          setting={settings.form}
          value={values.form}
          onChange={(to) => set({ form: to })}
          names={{ concat: 'side by side', encoders: 'an encoder each' }}
        />
        <SettingSlider {...page} name="goals" label="Different goals in training" />
        <SettingSlider {...page} name="steps" label="Steps of training" />
        <div className="lab-row">
          <SeedButton seed={values.seed} onChange={(to) => set({ seed: to })} />
        </div>
      </div>
    </div>
  );
}

/** A training when asked for, and the field of the present goal once there is one. */
function useUniversal(values: PictureProps<typeof settings>['values']) {
  const [shares, setShares] = useState<Shares>();
  const [field, setField] = useState<GoalField>();
  const wanted = learned(values);
  const { ask, ...training } = useTraining('universal', wanted, async (trainer) => {
    setField(undefined);
    setShares(undefined);
    await trainer.learn(wanted);
    setShares(await trainer.success(EPISODES));
  });
  const [goal] = values.goal;
  useEffect(() => {
    if (!ask) return;
    let current = true;
    // The latest goal only: while one is computed, a hand moves on.
    const timer = window.setTimeout(() => {
      void ask.field(goal.map(toSquare), STARTS, CELLS, ARROWS).then((found) => {
        if (current) setField(found);
      });
    }, 30);
    return () => {
      current = false;
      window.clearTimeout(timer);
    };
  }, [ask, goal]);
  return { ...training, shares, field };
}

const Paths = memo(({ paths }: { paths: GoalField['paths'] }) => {
  const { px, py } = useFrame();
  const way = (path: Float32Array) =>
    Array.from({ length: path.length / 2 }, (_, t) => `${px(toUnit(path[2 * t]))},${py(toUnit(path[2 * t + 1]))}`);
  return paths.map((path, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a path of each start
    <polyline key={i} className="lab-way" points={way(path).join(' ')} />
  ));
});

function Region({ from, to }: { from: readonly number[]; to: readonly number[] }) {
  const { px, py } = useFrame();
  const [x0, y0, x1, y1] = [...from, ...to].map(toUnit);
  return (
    <g>
      <rect className="lab-region" x={px(x0)} y={py(y1)} width={px(x1) - px(x0)} height={py(y0) - py(y1)} />
      <text x={px(x0) + 6} y={py(y1) + 16}>
        held out
      </text>
    </g>
  );
}
