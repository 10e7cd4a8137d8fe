// The picture of specialists and generalist: costs over the share f and over the number of tasks, with the thresholds.
import { compare } from '../../../examples/lab/specialists.js';
import { number as figure, generalistCost, percent, specialistsCorrections, whole } from '../../../src/lab/index.js';
import type { PictureProps } from '../lab-page.js';
import { Chart } from '../parts/chart.js';
import { Choice, SettingSlider } from '../parts/controls.js';
import { Corrections, Figures } from '../parts/figures.js';
import { Handle, type Place } from '../parts/plane.js';
import { rounded } from '../settings.js';
import { settings } from './specialists.js';

const POINTS = 50;

export function Picture({ values, set }: PictureProps<typeof settings>) {
  const page = { settings, values, set };
  const { tasks, shared, overhead, model } = values;
  const both = settings.model.options.map((one) => ({ model: one, ...compare({ ...values, model: one }) }));
  const chosen = both.find((one) => one.model === model) ?? both[0];
  const top = Math.max(tasks, generalistCost(model, tasks, 0, overhead)) * 1.02;
  const most = Math.max(10, 2 * tasks);
  const over = (count: number, at: (share: number) => Place) =>
    Array.from({ length: count + 1 }, (_, i) => at(i / count));
  const setShared = ([f]: Place) => set({ shared: rounded(f, settings.shared.step) });
  const setTasks = ([k]: Place) => set({ tasks: Math.max(1, Math.min(1000, Math.round(k))) });
  const wins = (threshold: number) => (threshold < 1 ? percent(threshold) : 'never');
  return (
    <>
      <div className="lab-two lab-even">
        <Chart
          label="Cost over the share f that is common"
          x={[0, 1]}
          y={[0, top]}
          nameX="share f that is common to all tasks"
          nameY="cost, in specialists"
          formatX={(value) => percent(value)}
          formatY={(value) => figure(value, 3)}
          onPress={setShared}
          lines={[
            { label: 'specialists', className: 'in-1', points: over(1, (f) => [f, tasks]) },
            {
              label: 'generalist',
              className: 'in-2',
              points: over(1, (f) => [f, generalistCost(model, tasks, f, overhead)]),
            },
          ]}
          marks={[{ at: chosen.winsForSharedAbove, label: `wins above f = ${wins(chosen.winsForSharedAbove)}` }]}
        >
          <Handle label="Share f" className="in-2" step={0.01} place={[shared, chosen.generalist]} onMove={setShared} />
        </Chart>
        <Chart
          label="Cost over the number of tasks"
          x={[1, most]}
          y={[0, Math.max(most, generalistCost(model, most, shared, overhead))]}
          nameX="number of tasks K"
          nameY="cost, in specialists"
          formatX={(value) => figure(value, 3)}
          formatY={(value) => figure(value, 3)}
          onPress={setTasks}
          lines={[
            {
              label: 'specialists',
              className: 'in-1',
              points: over(1, (u) => [1 + u * (most - 1), 1 + u * (most - 1)]),
            },
            {
              label: 'generalist',
              className: 'in-2',
              points: over(POINTS, (u) => {
                const k = 1 + u * (most - 1);
                return [k, generalistCost(model, k, shared, overhead)];
              }),
            },
          ]}
          marks={[
            { at: chosen.winsForTasksAbove, label: `wins above K = ${figure(chosen.winsForTasksAbove, 3)}`, top: true },
          ]}
        >
          <Handle label="Tasks K" className="in-2" step={1} place={[tasks, chosen.generalist]} onMove={setTasks} />
        </Chart>
      </div>
      <div className="lab-two lab-even">
        <div className="lab-side">
          <SettingSlider {...page} name="tasks" label="Tasks K" show={whole} />
          <SettingSlider {...page} name="shared" label="Share f that is common" show={(value) => percent(value)} />
          <SettingSlider {...page} name="overhead" label="Cost c of the common part, in specialists" />
          <Choice
            label="The generalist’s cost"
            setting={settings.model}
            value={model}
            onChange={(to) => set({ model: to })}
            names={{ added: 'c + K (1 - f)', contained: 'c + (K-1)(1 - f)' }}
          />
        </div>
        <Figures
          label="Costs and thresholds"
          head={['', 'c + K (1 - f)', 'c + (K-1)(1 - f)']}
          rows={[
            ['Specialists cost', whole(tasks), whole(tasks)],
            ['Generalist costs', ...both.map((one) => figure(one.generalist))],
            ['Gain', ...both.map((one) => <strong key={one.model}>{figure(one.gain, 3)}</strong>)],
            ['Wins for f above', ...both.map((one) => wins(one.winsForSharedAbove))],
            [
              'Wins for K above',
              ...both.map((one) =>
                Number.isFinite(one.winsForTasksAbove) ? figure(one.winsForTasksAbove, 3) : 'never',
              ),
            ],
            ['Gain for ever more tasks', ...both.map(() => (shared < 1 ? figure(1 / (1 - shared), 3) : 'unbounded'))],
          ]}
        />
      </div>
      <Corrections corrections={specialistsCorrections()} />
    </>
  );
}
