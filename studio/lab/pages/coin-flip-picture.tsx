// The picture of the coin flip: learned against true value, the chance of heads to drag, four ways to take goals.
import { useEffect, useState } from 'react';
import type { flip } from '../../../examples/lab/coin-flip.js';
import { coinMethods, number as figure, learnedValue } from '../../../src/lab/index.js';
import type { PictureProps } from '../lab-page.js';
import { Chart } from '../parts/chart.js';
import { SeedButton, SettingSlider } from '../parts/controls.js';
import { Figures } from '../parts/figures.js';
import { Handle, type Place } from '../parts/plane.js';
import { useRest } from '../parts/use-rest.js';
import { useTrainer } from '../parts/use-training.js';
import { rounded } from '../settings.js';
import { settings } from './coin-flip.js';

const POINTS = 60;

const names: Readonly<Record<string, string>> = {
  none: 'none: only what was asked for',
  future: 'future (final and episode alike)',
  random: 'random: goals of other episodes',
  'future, weighted': 'future with importance weights',
};

export function Picture({ values, set }: PictureProps<typeof settings>) {
  const page = { settings, values, set };
  const { chance, k, wanted, seed } = values;
  const rested = useRest(values);
  const learned = useLearned(rested);
  const setChance = ([p]: Place) => {
    const { min, max, step } = settings.chance;
    set({ chance: Math.min(max, Math.max(min, rounded(p, step))) });
  };
  const value = learnedValue(chance, k, wanted);
  return (
    <div className="lab-two">
      <Chart
        label="Learned value over the true one"
        x={[0, 1]}
        y={[0, 1]}
        nameX="true value: chance p of heads"
        nameY="learned Q(heads)"
        onPress={setChance}
        lines={[
          {
            label: 'right',
            className: 'in-1',
            dashed: true,
            points: [
              [0, 0],
              [1, 1],
            ],
          },
          {
            label: `hindsight, k = ${k}`,
            className: 'in-2',
            points: Array.from({ length: POINTS }, (_, i): Place => {
              const p = (i + 1) / POINTS;
              return [p, learnedValue(p, k, wanted)];
            }),
          },
        ]}
        marks={[{ at: chance, label: `${figure(chance)} is learned as ${figure(value, 3)}` }]}
      >
        <Handle label="Chance of heads" className="in-2" place={[chance, value]} onMove={setChance} />
      </Chart>
      <div className="lab-side">
        <SettingSlider {...page} name="chance" label="Chance p of heads" />
        <SettingSlider {...page} name="k" label="Relabelled goals per original, k" />
        <SettingSlider {...page} name="wanted" label="Share w of episodes that ask for heads" />
        <div className="lab-row">
          <SeedButton seed={seed} onChange={(to) => set({ seed: to })} />
        </div>
        <Figures
          label="Learned values"
          head={['Goals taken by', 'formula', 'learned']}
          rows={coinMethods.map((method, i) => [
            names[method],
            figure(method === 'future' ? learnedValue(rested.chance, rested.k, rested.wanted) : rested.chance, 3),
            <strong key="simulated">{learned?.[i].simulated.toFixed(3) ?? ''}</strong>,
          ])}
          rowProps={(row) => ({
            'data-method': coinMethods[row],
            'data-chosen': coinMethods[row] === 'future' || undefined,
          })}
        />
        <p className="lab-note">
          Learned: the mean target over 10,000 transitions that the library’s sampler draws from 1,000 flips, which is
          where tabular Q-learning ends.
        </p>
      </div>
    </div>
  );
}

/** What each way learns; while others are simulated, the ones before stay. */
function useLearned(values: PictureProps<typeof settings>['values']): ReturnType<typeof flip> | undefined {
  const asked = useTrainer('coinFlip');
  const [learned, setLearned] = useState<ReturnType<typeof flip>>();
  useEffect(() => {
    let current = true;
    void asked?.flip(values).then((found) => {
      if (current) setLearned(found);
    });
    return () => {
      current = false;
    };
  }, [asked, values]);
  return learned;
}
