// The picture of forgetting: success on both tasks while first one and then the other is learned, and the moves at any moment.
import { useEffect, useState } from 'react';
import { percent, whole } from '../../../src/lab/index.js';
import type { PictureProps } from '../lab-page.js';
import { Chart } from '../parts/chart.js';
import { Choice, SeedButton, SettingSlider, Toggle } from '../parts/controls.js';
import { Moves } from '../parts/field.js';
import { Figures } from '../parts/figures.js';
import { Label, Tolerance } from '../parts/path.js';
import { Handle, type Place, Plane } from '../parts/plane.js';
import { TrainRow } from '../parts/train-row.js';
import { useTraining } from '../parts/use-training.js';
import { rounded } from '../settings.js';
import type { Forgotten } from '../trainers/forgetting.js';
import { learned, settings } from './forgetting.js';

const SQUARE: Place = [-1, 1];
/** Arrows along a side. */
const ARROWS = 11;
/** The places of point/navigate with two of them, by their formula (src/envs/point/places.ts). */
const places = [0, 1].map((k): Place => {
  const radius = 0.9 * Math.sqrt((k + 0.5) / 2);
  const angle = k * Math.PI * (3 - Math.sqrt(5));
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
});
const EPS = 0.05;
const tasks = ['A', 'B'] as const;
const colours = ['in-1', 'in-2'] as const;
const remedyNames = { none: 'nothing', ewc: 'EWC', replay: 'replay of A' } as const;

interface Result extends Forgotten {
  readonly name: string;
  /** Of each task. */
  readonly steps: number;
}

export function Picture({ values, set }: PictureProps<typeof settings>) {
  const page = { settings, values, set };
  const { moment, shown } = values;
  const wanted = learned(values);
  const [results, setResults] = useState<readonly Result[]>([]);
  const [latest, setLatest] = useState<Result>();
  const { ask, ...training } = useTraining('forgetting', wanted, async (trainer) => {
    setLatest(undefined);
    const result = { ...(await trainer.learn(wanted)), name: nameOf(wanted), steps: wanted.steps };
    setLatest(result);
    setResults((before) => [...before.filter(({ name }) => name !== result.name), result]);
  });
  const all = 2 * (latest?.steps ?? wanted.steps);
  const task = shown === 'A' ? 0 : 1;
  const now = momentOf(latest, moment, all);
  const moves = useMoves(ask, now, task);
  const success = latest?.curve.find(({ steps }) => steps === now)?.success;
  const move = ([steps]: Place) => {
    const { min, max, step } = settings.moment;
    set({ moment: Math.min(max, Math.max(min, rounded(steps / all, step))) });
  };
  return (
    <>
      <div className="lab-two lab-even">
        <Chart
          label="Success on both tasks"
          x={[0, all]}
          y={[0, 1]}
          nameX="steps of training: first A, then B"
          nameY="episodes that reach the place"
          formatX={(value) => whole(value)}
          formatY={(value) => percent(value)}
          onPress={move}
          lines={tasks.map((name, i) => ({
            label: `task ${name}`,
            className: colours[i],
            points: latest?.curve.map(({ steps, success }): Place => [steps, success[i]]) ?? [],
          }))}
          marks={[{ at: all / 2, label: 'B begins', top: true }]}
        >
          <Handle
            label="Moment"
            className={colours[task]}
            place={[now, success?.[task] ?? 0]}
            step={all / 10}
            onMove={move}
          />
        </Chart>
        <figure className="lab-chart">
          <Plane
            label={`The policy’s moves for task ${shown}`}
            x={SQUARE}
            y={SQUARE}
            size={[320, 320]}
            className="lab-square"
          >
            {moves && <Moves moves={moves} />}
            {places.map((place, i) => (
              <g key={tasks[i]} className={colours[i]}>
                <Tolerance place={place} eps={EPS} className={i === task ? undefined : 'lab-faint'} />
                <Label place={place}>{tasks[i]}</Label>
              </g>
            ))}
          </Plane>
          <figcaption>
            <span>
              Moves for task {shown} after {whole(now)} steps
              {success && (
                <>
                  : <strong data-figure="success">{percent(success[task])}</strong> reach it
                </>
              )}
            </span>
          </figcaption>
        </figure>
      </div>
      <div className="lab-two lab-even">
        <div className="lab-side">
          <TrainRow {...training} verbs={['Train A, then B', 'Train anew']} />
          <Choice
            label="What holds A while B is learned"
            setting={settings.remedy}
            value={values.remedy}
            onChange={(to) => set({ remedy: to })}
            names={remedyNames}
          />
          <Toggle label="A head for each task" value={values.heads} onChange={(on) => set({ heads: on })} />
          {values.remedy === 'ewc' && <SettingSlider {...page} name="strength" label="EWC’s lambda" show={whole} />}
          <SettingSlider {...page} name="steps" label="Steps of each task" show={whole} />
        </div>
        <div className="lab-side">
          <Choice
            label="Moves of which task"
            setting={settings.shown}
            value={shown}
            onChange={(to) => set({ shown: to })}
          />
          <Figures
            label="What was learned and lost"
            head={['Held by', 'A after A', 'A after B', 'B after B']}
            rows={results.map(({ name, success: [afterA, afterB] }) => [
              name,
              percent(afterA[0]),
              <strong key="left">{percent(afterB[0])}</strong>,
              percent(afterB[1]),
            ])}
            rowProps={(row) => ({ 'data-chosen': results[row] === latest || undefined })}
          />
          <div className="lab-row">
            <SeedButton seed={values.seed} onChange={(to) => set({ seed: to })} />
          </div>
          <p className="lab-note">
            Train with other choices: the rows stay, to compare. One seed tells little; runs of three are in Ways
            compared.
          </p>
        </div>
      </div>
    </>
  );
}

const nameOf = ({ remedy, heads, strength, steps, seed }: ReturnType<typeof learned>): string =>
  [
    remedyNames[remedy] + (remedy === 'ewc' ? ` ${whole(strength)}` : ''),
    ...(heads ? ['heads'] : []),
    ...(steps === settings.steps.initial ? [] : [`${whole(steps)} steps`]),
    ...(seed === 0 ? [] : [`seed ${seed}`]),
  ].join(', ');

/** Steps of the evaluation nearest to a share of all; without a result that share itself. */
function momentOf(result: Result | undefined, moment: number, all: number): number {
  const wanted = moment * all;
  const evaluated = result?.curve.slice(1).map(({ steps }) => steps) ?? [wanted];
  return evaluated.reduce((best, one) => (Math.abs(one - wanted) < Math.abs(best - wanted) ? one : best));
}

/** The policy's moves at a moment; while others are computed, the ones before stay. */
function useMoves(ask: ReturnType<typeof useTraining<'forgetting'>>['ask'], steps: number, task: number) {
  const [moves, setMoves] = useState<Float32Array>();
  useEffect(() => {
    if (!ask) {
      setMoves(undefined);
      return;
    }
    let current = true;
    void ask.moves(steps, task, ARROWS).then((found) => {
      if (current) setMoves(found);
    });
    return () => {
      current = false;
    };
  }, [ask, steps, task]);
  return moves;
}
