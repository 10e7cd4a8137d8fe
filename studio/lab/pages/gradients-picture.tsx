// The picture of gradients in conflict: two or three arrows to drag, and the four combined ones.
import { memo, useEffect, useState } from 'react';
import { combine } from '../../../examples/lab/gradients.js';
import { number as figure } from '../../../src/lab/index.js';
import type { PictureProps } from '../lab-page.js';
import { SeedButton, SettingSlider, Toggle } from '../parts/controls.js';
import { Figures } from '../parts/figures.js';
import { methods } from '../parts/methods.js';
import { Arrow, Grid, Handle, type Place, Plane } from '../parts/plane.js';
import { type Points, roundPoint } from '../settings.js';
import { settings } from './gradients.js';

const RANGE: Place = [-1.5, 1.5];
const ORIGIN: Place = [0, 0];
const THIRD = [0.1, -0.9];

/** What each method makes, and of which gradients. */
interface Combined {
  readonly of: Points;
  readonly by: Readonly<Record<(typeof methods)[number]['name'], readonly number[]>>;
}

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, i) => sum + value * b[i], 0);
const place = ([x, y]: readonly number[]): Place => [x, y];

export function Picture({ values, set }: PictureProps<typeof settings>) {
  const page = { settings, values, set };
  const { gradients } = values;
  const combined = useCombined(values);
  const [a, b] = gradients;
  const cosine = dot(a, b) / Math.max(Math.hypot(...a) * Math.hypot(...b), 1e-12);
  const move = (i: number) => (to: Place) =>
    set({ gradients: gradients.map((g, j) => (j === i ? roundPoint(to) : g)) as Points });
  return (
    <div className="lab-two">
      <Plane label="Gradients: drag the tips" x={RANGE} y={RANGE}>
        <Grid every={0.5} />
        {gradients.map((g, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a task is known by its number
          <Arrow key={i} from={ORIGIN} to={place(g)} className="in-1" short={9} />
        ))}
        {combined &&
          methods.map(({ name, className }) => (
            <Arrow key={name} from={ORIGIN} to={place(combined.by[name])} className={className} />
          ))}
        {gradients.map((g, i) => (
          <Handle
            // biome-ignore lint/suspicious/noArrayIndexKey: a task is known by its number
            key={i}
            label={`Gradient of task ${i + 1}`}
            text={String(i + 1)}
            place={place(g)}
            onMove={move(i)}
          />
        ))}
      </Plane>
      <div className="lab-side">
        {combined && <Results {...combined} />}
        <p className="lab-note">
          Under the tasks: the inner product of the direction with the task’s gradient. Where it is negative, a small
          step makes that task worse. Cosine of 1 and 2: {figure(cosine, 3)}
          {cosine < 0 ? ', a conflict' : ', no conflict'}.
        </p>
        <Toggle
          label="Three tasks"
          value={gradients.length === 3}
          onChange={(on) => set({ gradients: on ? [a, b, THIRD] : [a, b] })}
        />
        <SettingSlider {...page} name="radius" label="CAGrad’s c: how far from the mean" />
        <SettingSlider {...page} name="steps" label="GradNorm’s steps on its weights" />
        {gradients.length === 3 && <SeedButton seed={values.seed} onChange={(to) => set({ seed: to })} />}
        <p className="lab-note">
          Exactly opposite gradients: PCGrad takes everything and stands still. With three tasks PCGrad’s order is
          random and may change the result.
        </p>
      </div>
    </div>
  );
}

/** Drawn again with each result, not with each movement before it. */
const Results = memo(({ of, by }: Combined) => (
  <Figures
    label="What each method does for each task"
    head={['', 'direction', ...of.map((_, i) => `task ${i + 1}`)]}
    rows={methods.map(({ name, label, className }) => [
      <span key="name" className={className}>
        <strong>{label}</strong>
      </span>,
      `(${by[name].map((x) => x.toFixed(2)).join(', ')})`,
      ...of.map((g, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a task is known by its number
        <Progress key={i} value={dot(by[name], g)} />
      )),
    ])}
    rowProps={(row) => ({ 'data-method': methods[row].name })}
  />
));

const Progress = ({ value }: { value: number }) => (
  <span className={value < -1e-6 ? 'lab-worse' : undefined}>
    {value < -1e-6 ? '▼' : '▲'} {value.toFixed(3)}
  </span>
);

/** The latest result; while another one is computed, the one before stays. */
function useCombined(values: PictureProps<typeof settings>['values']): Combined | undefined {
  const [combined, setCombined] = useState<Combined>();
  useEffect(() => {
    let current = true;
    void combine({ ...values, gradients: values.gradients.map((g) => [...g]) }).then((by) => {
      if (current) setCombined({ of: values.gradients, by });
    });
    return () => {
      current = false;
    };
  }, [values]);
  return combined;
}
