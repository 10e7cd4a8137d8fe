// The picture of the hand calculation: the path to drag, and the table of its updates.
import { useMemo, useState } from 'react';
import { calculate } from '../../../examples/lab/hand-calculation.js';
import { exact, number as figure } from '../../../src/lab/index.js';
import type { PictureProps } from '../lab-page.js';
import { Choice, SettingSlider } from '../parts/controls.js';
import { Figures } from '../parts/figures.js';
import { Label, Path, Tolerance } from '../parts/path.js';
import { Grid, Handle, type Place, Plane } from '../parts/plane.js';
import { roundPoint } from '../settings.js';
import { calculated, settings } from './hand-calculation.js';

const RANGE: Place = [0, 1.2];
const MARGIN = 26;

export function Picture({ values, set }: PictureProps<typeof settings>) {
  const page = { settings, values, set };
  const { path, eps, strategy } = values;
  const [goal] = values.goal;
  const last = path[path.length - 1];
  const updates = useMemo(() => calculate(calculated(values)), [values]);
  const [chosen, choose] = useState<number>();
  const shown = updates.find((_, i) => i === chosen);
  /** Of the step's last update under the goal that the picture is about. */
  const learnedOf = (step: number) =>
    updates.findLast(
      (update) => update.step === step && String(update.goal) === String(strategy === 'none' ? goal : last),
    )?.after ?? 0;
  const middle = (t: number): Place => [(path[t][0] + path[t + 1][0]) / 2, (path[t][1] + path[t + 1][1]) / 2];
  const add = ([x, y]: Place) => {
    if (path.length < settings.path.most) set({ path: [...path, roundPoint([x, y])] });
  };
  return (
    <>
      <div className="lab-two">
        <Plane
          label="The path: drag its states, press to add one, Delete removes one"
          x={RANGE}
          y={RANGE}
          margin={MARGIN}
          onPress={add}
        >
          <Grid every={0.1} />
          <Tolerance place={[goal[0], goal[1]]} eps={eps} />
          {strategy !== 'none' && <Tolerance place={[last[0], last[1]]} eps={eps} className="in-hindsight" />}
          <Path
            path={path}
            fewest={settings.path.fewest}
            onChange={(to) => set({ path: to })}
            stepClass={(t) => (shown?.step === t ? 'in-2' : 'in-1')}
          />
          <Handle
            label="Goal"
            text="g"
            className="in-2"
            step={0.02}
            place={[goal[0], goal[1]]}
            onMove={(to) => set({ goal: [roundPoint(to)] })}
          />
          {path.slice(1).map((_, t) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a step is known by its number
            <Label key={t} place={middle(t)}>
              Q = {figure(learnedOf(t))}
            </Label>
          ))}
        </Plane>
        <div className="lab-side">
          <Choice
            label="Hindsight: which achieved goals the steps get as well"
            setting={settings.strategy}
            value={strategy}
            onChange={(to) => set({ strategy: to })}
          />
          <Choice
            label="Order of the updates"
            setting={settings.order}
            value={values.order}
            onChange={(to) => set({ order: to })}
          />
          <SettingSlider {...page} name="sweeps" label="Sweeps" />
          <SettingSlider {...page} name="discount" label="Discount gamma" />
          <SettingSlider {...page} name="alpha" label="Step size alpha" />
          <SettingSlider {...page} name="eps" label="Tolerance eps" />
        </div>
      </div>
      <p className="lab-note">
        Updates of sweep {values.sweeps}. Q labels: under the goal g’ = state {path.length - 1}
        {strategy === 'none' ? ' is not used; they are under g' : ''}. The path ends{' '}
        {figure(Math.hypot(last[0] - goal[0], last[1] - goal[1]))} from g.
      </p>
      <Figures
        label="Updates"
        head={['Q(s, a, g)', 'goal', 'distance', 'reward', 'max Q(s’)', 'target', 'error', 'before', 'after']}
        rows={updates.map((u) => [
          `Q(s${u.step}, a${u.step}, g${u.relabelled ? '’' : ''})`,
          `(${u.goal.map((x) => figure(x)).join(', ')})`,
          figure(u.distance),
          u.reward,
          exact(u.nextValue),
          exact(u.target),
          exact(u.error),
          exact(u.before),
          <strong key="after">{exact(u.after)}</strong>,
        ])}
        rowProps={(row) => ({
          'data-chosen': row === chosen || undefined,
          'data-update': `${updates[row].step}${updates[row].relabelled ? '’' : ''}`,
          onPointerEnter: () => choose(row),
          onPointerLeave: () => choose(undefined),
        })}
      />
    </>
  );
}
