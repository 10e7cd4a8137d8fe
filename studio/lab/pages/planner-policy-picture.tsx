// The picture of planner against policy: the angle of the real pendulum over time under each, from a start to drag.
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
import type { Swung, Way } from '../trainers/planner-policy.js';
import { learned, settings } from './planner-policy.js';

const STEPS = 200;
const ways = [
  { name: 'planner', label: 'Planner', className: 'in-2' },
  { name: 'policy', label: 'Policy', className: 'in-1' },
] as const;

export function Picture({ values, set }: PictureProps<typeof settings>) {
  const page = { settings, values, set };
  const { angle } = values;
  const wanted = learned(values);
  const { ask, ...training } = useTraining('plannerPolicy', wanted, (trainer) => trainer.learn(wanted));
  const swung = useSwung(ask, angle);
  const move = ([, y]: Place) => {
    const { min, max, step } = settings.angle;
    set({ angle: Math.min(max, Math.max(min, rounded(y, step))) });
  };
  return (
    <div className="lab-two">
      <Chart
        label="Height of the pendulum’s tip over time"
        x={[0, STEPS]}
        y={[-1.1, 1.1]}
        nameX="steps of 0.05 s"
        nameY="height of the tip, 1: upright"
        lines={ways.map(({ name, label, className }) => ({
          label,
          className,
          points: swung[name]?.angles.map((at, t): Place => [t, Math.cos(at)]) ?? [],
        }))}
      >
        <Handle
          label="Start"
          className="in-3"
          step={0.1}
          place={[0, Math.cos(angle)]}
          onMove={(to) => move([0, Math.sign(angle || 1) * Math.acos(Math.min(1, Math.max(-1, to[1])))])}
        />
      </Chart>
      <div className="lab-side">
        <TrainRow {...training} verbs={['Fit and train', 'Anew']} />
        <SettingSlider
          {...page}
          name="angle"
          label="Start: angle from upright"
          show={(value) => `${Math.round((180 * value) / Math.PI)}°`}
        />
        <Figures
          label="Returns and decisions a second"
          head={['', 'return', 'decisions a second', 'real steps']}
          rows={ways.map(({ name, label, className }) => {
            const found = swung[name];
            return [
              <span key="name" className={className}>
                <strong>{label}</strong>
              </span>,
              found ? <strong key="return">{figure(found.return, 3)}</strong> : '',
              found ? whole(STEPS / Math.max(found.seconds, 1e-6)) : '',
              whole(STEPS * values.episodes),
            ];
          })}
          rowProps={(row) => ({ 'data-way': ways[row].name })}
        />
        <SettingSlider {...page} name="episodes" label="Recorded episodes of 200 steps" />
        <SettingSlider {...page} name="updates" label="Updates of the policy" show={whole} />
        <div className="lab-row">
          <SeedButton seed={values.seed} onChange={(to) => set({ seed: to })} />
        </div>
        <p className="lab-note">
          The recorded steps have random torques. Neither learner touches the pendulum: both know it from the one model
          that is fitted to them. A planner takes any other reward at once; a policy must be trained again.
        </p>
      </div>
    </div>
  );
}

type Both = Partial<Record<Way, Swung>>;

/** Episodes of both from an angle, the policy's first: it has it at once. */
function useSwung(ask: TrainingOf<'plannerPolicy'>['ask'], angle: number): Both {
  const [swung, setSwung] = useState<Both>({});
  const wanted = useRest(useMemo(() => ({ angle }), [angle]));
  useEffect(() => {
    setSwung({});
    if (!ask) return;
    let current = true;
    for (const way of ['policy', 'planner'] as const) {
      void ask.swing(way, wanted.angle).then((found) => {
        if (current) setSwung((before) => ({ ...before, [way]: found }));
      });
    }
    return () => {
      current = false;
    };
  }, [ask, wanted]);
  return swung;
}
