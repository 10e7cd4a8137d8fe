// The picture of conditioning on z: the trained network with its activations, state and goal to drag, the task to change.
import { useState } from 'react';
import { activate, change } from '../../../examples/lab/conditioning.js';
import { percent } from '../../../src/lab/index.js';
import type { PictureProps } from '../lab-page.js';
import { Choice, SeedButton, SettingSlider } from '../parts/controls.js';
import { Figures } from '../parts/figures.js';
import { NetworkView } from '../parts/network-view.js';
import { Arrow, Grid, Handle, type Place, Plane } from '../parts/plane.js';
import { TrainRow } from '../parts/train-row.js';
import { useTraining } from '../parts/use-training.js';
import { roundPoint } from '../settings.js';
import type { TrainedLayers } from '../trainers/conditioning.js';
import { learned, settings } from './conditioning.js';

const RANGE: Place = [-1.1, 1.1];
/** Of the arrows that show actions. */
const REACH = 0.45;
/** Units of the layers before training, by where z comes in. */
const sizes = { 'multi-head': [4, 24, 24, 24, 2], shared: [6, 24, 24, 24, 2] } as const;
const labels = ['x', 'y', 'gx', 'gy', 'z1', 'z2'];

export function Picture({ values, set }: PictureProps<typeof settings>) {
  const page = { settings, values, set };
  const [state] = values.state;
  const [goal] = values.goal;
  const [trained, setTrained] = useState<TrainedLayers>();
  const wanted = learned(values);
  const { ask: _, ...training } = useTraining('conditioning', wanted, async (trainer) => {
    setTrained(undefined);
    setTrained(await trainer.learn(wanted));
  });
  const task = Number(values.task);
  const both =
    trained && [0, 1].map((one) => activate(trained.layers, { state: [...state], goal: [...goal], task: one }));
  const here = trained && change(trained.layers, [...state], [...goal]);
  const names = layerNames(trained?.layers.length ?? 4);
  const at = (place: readonly number[]): Place => [place[0], place[1]];
  return (
    <>
      <div className="lab-two lab-network-row">
        <NetworkView
          label={`The network under task ${task + 1}${trained ? '' : ', not trained yet'}; press to change the task`}
          hint={`z = ${task + 1}: press to change`}
          heads={['s, g', ...names]}
          inputs={labels}
          sizes={both?.[0].map((units) => units.length) ?? sizes[values.network]}
          shown={both?.[task]}
          other={both?.[1 - task]}
          onPress={() => set({ task: values.task === '0' ? '1' : '0' })}
        />
        <div className="lab-side">
          <TrainRow {...training} />
          <Choice
            label="Task z"
            setting={settings.task}
            value={values.task}
            onChange={(to) => set({ task: to })}
            names={{ '0': '1: as it is', '1': '2: turned round' }}
          />
          <Plane label="State s and goal g" x={RANGE} y={RANGE} size={[260, 260]} margin={10} className="lab-square">
            <Grid every={0.5} />
            {both?.map((one, i) => {
              const [dx, dy] = one[one.length - 1];
              return (
                <Arrow
                  // biome-ignore lint/suspicious/noArrayIndexKey: a task is known by its number
                  key={i}
                  from={at(state)}
                  to={[state[0] + REACH * dx, state[1] + REACH * dy]}
                  className={i === task ? 'in-2' : 'lab-faint'}
                />
              );
            })}
            <Handle
              label="State"
              text="s"
              place={at(state)}
              onMove={(to) => set({ state: [roundPoint(inside(to))] })}
            />
            <Handle
              label="Goal"
              text="g"
              className="in-3"
              place={at(goal)}
              onMove={(to) => set({ goal: [roundPoint(inside(to))] })}
            />
          </Plane>
        </div>
      </div>
      <Figures
        label="How far each layer moves from one task to the other"
        head={['Layer', 'here', 'over the square']}
        rows={names.map((name, i) => [
          name,
          here ? <strong key="here">{percent(here[i])}</strong> : '',
          trained ? percent(trained.change[i]) : '',
        ])}
        rowProps={(row) => ({ 'data-layer': String(row) })}
      />
      <p className="lab-note">
        {trained
          ? `Of 40 goals, task 1 reaches ${percent(trained.reached[0])} and task 2 ${percent(trained.reached[1])}. `
          : ''}
        A unit is as full as its activation is large; a ring shows one that changes with z. In the table: how far a
        layer’s activations move when z changes, in their mean length (200% where they turn round).
      </p>
      <div className="lab-two lab-even">
        <Choice
          label="Where z comes in"
          setting={settings.network}
          value={values.network}
          onChange={(to) => set({ network: to })}
          names={{ 'multi-head': 'a head for each task', shared: 'one more input' }}
        />
        <div className="lab-side">
          <SettingSlider {...page} name="steps" label="Steps of training" />
          <div className="lab-row">
            <SeedButton seed={values.seed} onChange={(to) => set({ seed: to })} />
          </div>
        </div>
      </div>
    </>
  );
}

const inside = (place: Place): Place => [Math.min(Math.max(place[0], -1), 1), Math.min(Math.max(place[1], -1), 1)];
const layerNames = (layers: number) =>
  Array.from({ length: layers }, (_, i) => (i + 1 < layers ? `hidden ${i + 1}` : 'action'));
