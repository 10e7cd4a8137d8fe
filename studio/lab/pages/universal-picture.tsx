// The picture of the universal value function: training in the page, then the value field, moves and paths of any goal.
import { Button, Progress } from '@mantine/core';
import { memo, useEffect, useRef, useState } from 'react';
import { percent } from '../../../src/lab/index.js';
import { calls } from '../../../src/page/worker-calls.js';
import { Failure } from '../../shell/states.js';
import type { GoalField, UniversalProgress, UniversalWorker } from '../../workers/universal.worker.js';
import type { PictureProps } from '../lab-page.js';
import { Choice, SeedButton, SettingSlider } from '../parts/controls.js';
import { Figures } from '../parts/figures.js';
import { Tolerance } from '../parts/path.js';
import { Handle, type Place, Plane, useFrame } from '../parts/plane.js';
import { roundPoint } from '../settings.js';
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

interface Training {
  readonly phase: 'training' | 'trained' | 'failed';
  readonly progress?: UniversalProgress;
  readonly success?: { readonly trained: number; readonly heldOut: number };
  readonly problem?: Error;
  /** Of which settings. */
  readonly of: string;
}

export function Picture({ values, set }: PictureProps<typeof settings>) {
  const page = { settings, values, set };
  const [goal] = values.goal;
  const { training, field, start } = useUniversal(values);
  const { low, high } = regions[values.held];
  const place: Place = [goal[0], goal[1]];
  const move = (to: Place) => set({ goal: [roundPoint(to)] });
  const stale = training?.phase === 'trained' && training.of !== JSON.stringify(learned(values));
  return (
    <div className="lab-two">
      <Plane label="The unit square: press to place the goal" x={RANGE} y={RANGE} onPress={move} onMove={move}>
        {field && <FieldCells field={field} />}
        {low.length > 0 && <Region from={low} to={high} />}
        {field && <FieldMoves field={field} />}
        <Tolerance place={place} eps={EPS} />
        <Handle label="Goal" text="g" className="in-2" step={0.01} place={place} onMove={move} />
      </Plane>
      <div className="lab-side">
        <div className="lab-row">
          <Button onClick={start} loading={training?.phase === 'training'} data-phase={training?.phase}>
            {training === undefined ? 'Train' : 'Train again'}
          </Button>
          <span className="lab-note">
            {training === undefined && 'In this tab, on one thread.'}
            {stale && 'The picture is of other settings: train again.'}
          </span>
        </div>
        {training?.phase === 'training' && training.progress && (
          <>
            <Progress
              value={(100 * training.progress.steps) / training.progress.totalSteps}
              aria-label="Steps of training"
            />
            <span className="lab-note">
              {training.progress.steps} of {training.progress.totalSteps} steps; of the last 100 episodes{' '}
              {percent(training.progress.successRate)} reached their goal
            </span>
          </>
        )}
        {training?.problem && <Failure error={training.problem} retry={start} />}
        {training?.success && (
          <Figures
            label="Goals that are reached"
            head={[`Of ${EPISODES} goals each`, 'reached']}
            rows={[
              ['trained', <strong key="t">{percent(training.success.trained)}</strong>],
              ['never seen in training', <strong key="h">{percent(training.success.heldOut)}</strong>],
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

/** A worker that trains when asked, and the field of the present goal once it has. */
function useUniversal(values: PictureProps<typeof settings>['values']) {
  const worker = useRef<Worker>(undefined);
  const [training, setTraining] = useState<Training>();
  const [field, setField] = useState<GoalField>();
  useEffect(() => () => worker.current?.terminate(), []);

  function start() {
    worker.current?.terminate();
    const made = new Worker(new URL('../../workers/universal.worker.ts', import.meta.url), { type: 'module' });
    worker.current = made;
    const ask = calls<UniversalWorker>(made);
    const wanted = learned(values);
    const of = JSON.stringify(wanted);
    setField(undefined);
    setTraining({ phase: 'training', of });
    made.addEventListener('message', ({ data }: MessageEvent<{ progress?: UniversalProgress }>) => {
      if (data.progress) setTraining({ phase: 'training', of, progress: data.progress });
    });
    ask
      .learn(wanted)
      .then(async () => {
        setTraining({ phase: 'trained', of, success: await ask.success(EPISODES) });
      })
      .catch((problem: Error) => setTraining({ phase: 'failed', of, problem }));
  }

  const [goal] = values.goal;
  const ready = training?.phase === 'trained';
  useEffect(() => {
    const asked = worker.current;
    if (!ready || !asked) return;
    let current = true;
    // The latest goal only: while one is computed, a hand moves on.
    const timer = window.setTimeout(() => {
      void calls<UniversalWorker>(asked)
        .field(goal.map(toSquare), STARTS, CELLS, ARROWS)
        .then((found) => {
          if (current) setField(found);
        });
    }, 30);
    return () => {
      current = false;
      window.clearTimeout(timer);
    };
  }, [ready, goal]);
  return { training, field, start };
}

const FieldCells = memo(({ field: { values } }: { field: GoalField }) => {
  const { px, py } = useFrame();
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const side = px(1 / CELLS) - px(0);
  return (
    <g className="lab-field">
      {Array.from(values, (value, i) => (
        <rect
          // biome-ignore lint/suspicious/noArrayIndexKey: a cell is where it is
          key={i}
          x={px((i % CELLS) / CELLS)}
          y={py((Math.floor(i / CELLS) + 1) / CELLS)}
          width={side + 0.5}
          height={side + 0.5}
          opacity={(0.9 * (value - low)) / (high - low || 1)}
        />
      ))}
    </g>
  );
});

const FieldMoves = memo(({ field: { moves, paths } }: { field: GoalField }) => {
  const { px, py } = useFrame();
  const reach = 0.35 / ARROWS;
  return (
    <g className="lab-moves">
      {Array.from({ length: ARROWS * ARROWS }, (_, i) => {
        const [x, y] = [((i % ARROWS) + 0.5) / ARROWS, (Math.floor(i / ARROWS) + 0.5) / ARROWS];
        const [dx, dy] = [reach * moves[2 * i], reach * moves[2 * i + 1]];
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: an arrow is where it is
          <g key={i}>
            <line x1={px(x - dx)} y1={py(y - dy)} x2={px(x + dx)} y2={py(y + dy)} />
            <circle cx={px(x + dx)} cy={py(y + dy)} r={2} />
          </g>
        );
      })}
      {paths.map((path, i) => {
        const way = Array.from(
          { length: path.length / 2 },
          (_, t) => `${px(toUnit(path[2 * t]))},${py(toUnit(path[2 * t + 1]))}`,
        );
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a path of each start
          <polyline key={i} className="lab-way" points={way.join(' ')} />
        );
      })}
    </g>
  );
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
