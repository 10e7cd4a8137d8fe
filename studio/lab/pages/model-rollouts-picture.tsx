// The picture of model rollouts: the height of a real pendulum over time, and what each member imagines from a moment on.
import { useEffect, useMemo, useState } from 'react';
import { number as figure, whole } from '../../../src/lab/index.js';
import type { PictureProps } from '../lab-page.js';
import { Chart } from '../parts/chart.js';
import { SeedButton, SettingSlider } from '../parts/controls.js';
import { Figures } from '../parts/figures.js';
import { Handle, type Place } from '../parts/plane.js';
import { TrainRow } from '../parts/train-row.js';
import { useRest } from '../parts/use-rest.js';
import { type TrainingOf, useTraining } from '../parts/use-training.js';
import { rounded } from '../settings.js';
import type { RealEpisode } from '../trainers/model-rollouts.js';
import { fitted, settings } from './model-rollouts.js';

const STEPS = 200;
/** Steps ahead in the table. */
const AHEAD = [1, 5, 10, 20, 50, 100];
const [LOW, HIGH] = [-1.4, 1.4];

interface Errors {
  readonly imagined: readonly number[];
  readonly still: readonly number[];
}

export function Picture({ values, set }: PictureProps<typeof settings>) {
  const page = { settings, values, set };
  const wanted = fitted(values);
  const [real, setReal] = useState<RealEpisode>();
  const [errors, setErrors] = useState<Errors>();
  const { ask, ...training } = useTraining('modelRollouts', wanted, async (trainer) => {
    setReal(undefined);
    setErrors(undefined);
    setReal(await trainer.learn(wanted));
    setErrors(await trainer.errors(AHEAD[AHEAD.length - 1]));
  });
  const { start } = values;
  const horizon = Math.min(values.horizon, STEPS - start);
  const imagined = useImagined(ask, start, horizon);
  const height = (t: number) => real?.observations[3 * t] ?? 0;
  const move = ([t]: Place) => {
    const { min, max, step } = settings.start;
    set({ start: Math.min(max, Math.max(min, rounded(t, step))) });
  };
  const points = (path: Float32Array, from: number): Place[] =>
    Array.from({ length: path.length / 3 }, (_, t) => [from + t, Math.min(HIGH, Math.max(LOW, path[3 * t]))]);
  return (
    <div className="lab-two">
      <Chart
        label="Height of the pendulum over time"
        x={[0, STEPS]}
        y={[LOW, HIGH]}
        nameX="steps of 0.05 s"
        nameY="height of the tip"
        onPress={move}
        lines={[
          {
            label: 'real',
            className: 'in-1',
            points: real ? Array.from({ length: STEPS + 1 }, (_, t): Place => [t, height(t)]) : [],
          },
          ...(imagined?.paths ?? []).map((path, member) => ({
            label: member === 0 ? 'imagined, by each member' : `member ${member + 1}`,
            className: 'in-2 lab-thin',
            unnamed: member > 0,
            points: points(path, imagined?.start ?? 0),
          })),
        ]}
        marks={[{ at: start + horizon, label: `${horizon} steps ahead` }]}
      >
        <Handle label="Start" className="in-2" step={1} place={[start, height(start)]} onMove={move} />
      </Chart>
      <div className="lab-side">
        <TrainRow {...training} verbs={['Fit the model', 'Fit anew']} />
        <SettingSlider {...page} name="horizon" label="Horizon: steps imagined" />
        <SettingSlider {...page} name="episodes" label="Recorded episodes of 200 steps" />
        <SettingSlider {...page} name="noise" label="Random pushes, rad/s" />
        <Figures
          label="Error of the height by steps ahead"
          head={['Steps ahead', 'imagined', 'nothing changes']}
          rows={AHEAD.map((ahead) => [
            ahead,
            errors ? <strong key="i">{figure(errors.imagined[ahead], 2)}</strong> : '',
            errors ? figure(errors.still[ahead], 2) : '',
          ])}
          rowProps={(row) => ({ 'data-ahead': String(AHEAD[row]) })}
        />
        <p className="lab-note">
          Root mean square error of the height, from starts all over an episode that the model was not fitted to, under
          that episode’s own torques.
          {real &&
            ` Fitted to ${whole(real.transitions)} steps; error of one step, normalised: ${figure(real.heldOutError, 2)}.`}
        </p>
        <div className="lab-row">
          <SeedButton seed={values.seed} onChange={(to) => set({ seed: to })} />
        </div>
      </div>
    </div>
  );
}

interface Imagined {
  readonly start: number;
  readonly paths: readonly Float32Array[];
}

/** What the members imagine; while something else is imagined, what was before stays. */
function useImagined(ask: TrainingOf<'modelRollouts'>['ask'], start: number, horizon: number): Imagined | undefined {
  const [imagined, setImagined] = useState<Imagined>();
  const wanted = useRest(useMemo(() => ({ start, horizon }), [start, horizon]));
  useEffect(() => {
    if (!ask) {
      setImagined(undefined);
      return;
    }
    let current = true;
    void ask.imagine(wanted.start, wanted.horizon).then((paths) => {
      if (current) setImagined({ start: wanted.start, paths });
    });
    return () => {
      current = false;
    };
  }, [ask, wanted]);
  return imagined;
}
