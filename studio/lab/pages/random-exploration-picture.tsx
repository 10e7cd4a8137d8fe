// The picture of random exploration: end points in the box, the ball around the goal, the goal to drag.
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useMemo, useRef } from 'react';
import { explore } from '../../../examples/lab/random-exploration.js';
import {
  log10HitProbability,
  percent,
  powerOfTen,
  sparseRewardCorrections,
  trialsToFirstSuccess,
  whole,
} from '../../../src/lab/index.js';
import { curveStyle } from '../../charts/palette.js';
import type { PictureProps } from '../lab-page.js';
import { NumberSlider, SeedButton, SettingSlider } from '../parts/controls.js';
import { Corrections, Figures } from '../parts/figures.js';
import { Handle, type Place, Plane, useFrame } from '../parts/plane.js';
import { number, roundPoint } from '../settings.js';
import { explored, settings } from './random-exploration.js';

/** Points drawn at most; hits are drawn first. */
const MOST_DRAWN = 4000;
/** Where depth goes in the drawing of three dimensions. */
const [DEPTH_X, DEPTH_Y] = [0.35, 0.25];
const SIZE: Place = [440, 440];
const depth = number(0.5, { min: 0, max: 1, step: 0.01 });

export function Picture({ values, set }: PictureProps<typeof settings>) {
  const page = { settings, values, set };
  const { dimensions, eps, seed } = values;
  const shown = Math.min(dimensions, 3);
  const [goal] = values.goal;
  const project = ([x, y = 0.5, z = 0]: ArrayLike<number> & Iterable<number>): Place =>
    shown === 3 ? [x + DEPTH_X * z, y + DEPTH_Y * z] : [x, shown === 1 ? 0.5 : y];
  const { result, drawn } = useMemo(() => {
    const hits: number[] = [];
    const misses: number[] = [];
    const keep = (point: Float64Array, hit: boolean) => {
      const into = hit ? hits : misses;
      if (into.length < 3 * MOST_DRAWN) into.push(point[0], point[1] ?? 0.5, point[2] ?? 0);
    };
    return { result: explore(explored(values), keep), drawn: { hits, misses } };
  }, [values]);

  const seen = { x: [0, shown === 3 ? 1 + DEPTH_X : 1], y: [0, shown === 3 ? 1 + DEPTH_Y : 1] } as const;
  const margin = 20;
  const place = project(goal);
  const move = ([u, v]: Place) => {
    const [dx, dy] = shown === 3 ? [DEPTH_X * goal[2], DEPTH_Y * goal[2]] : [0, 0];
    const y = shown === 1 ? goal[1] : v - dy;
    set({ goal: [roundPoint([u - dx, y, goal[2]].map((x) => Math.min(Math.max(x, 0), 1)))] });
  };
  const spread = Math.sqrt(result.expected * (1 - 10 ** result.log10Probability));
  const { mean } = trialsToFirstSuccess(result.log10Probability);
  return (
    <div className="lab-two">
      <div className="lab-layers">
        <Plane label={`End points in ${shown} dimensions`} {...seen} size={SIZE} margin={margin}>
          <Box shown={shown} />
          <Ball place={place} eps={eps} shown={shown} />
          <Handle label="Goal" place={place} onMove={move} step={0.02} className="in-2" />
        </Plane>
        <Dots {...drawn} project={project} seen={seen} margin={margin} />
      </div>
      <div className="lab-side">
        <SettingSlider {...page} name="dimensions" label="Dimensions" />
        <SettingSlider {...page} name="eps" label="Tolerance eps" show={(value) => `${Math.round(100 * value)} cm`} />
        <SettingSlider {...page} name="trials" label="Trials" show={whole} />
        {shown === 3 && (
          <NumberSlider
            label="Goal’s depth"
            setting={depth}
            value={goal[2]}
            onChange={(z) => set({ goal: [[goal[0], goal[1], z]] })}
          />
        )}
        <div className="lab-row">
          <SeedButton seed={seed} onChange={(to) => set({ seed: to })} />
        </div>
        <Figures
          label="Hits"
          rows={[
            [
              'Hits, counted',
              <strong key="hits" data-figure="hits">
                {whole(result.hits)}
              </strong>,
            ],
            [
              'Hits, by the formula',
              `${result.expected < 10 ? result.expected.toPrecision(3) : whole(result.expected)} ± ${spread.toPrecision(2)}`,
            ],
            [
              'Chance of one trial',
              <span key="p" data-figure="chance">
                {powerOfTen(result.log10Probability)}
              </span>,
            ],
            ['Trials to the first hit, on average', whole(mean)],
            ['Part of the ball inside the box', percent(result.shareInside)],
          ]}
        />
      </div>
      <ByDimension eps={eps} dimensions={dimensions} />
      <Corrections corrections={sparseRewardCorrections()} />
    </div>
  );
}

function Box({ shown }: { shown: number }) {
  const { px, py } = useFrame();
  const at = (x: number, y: number) => `${px(x)},${py(y)}`;
  if (shown === 1) return <line className="lab-axis" x1={px(0)} x2={px(1)} y1={py(0.5)} y2={py(0.5)} />;
  const square = (dx: number, dy: number) =>
    `M${at(dx, dy)}L${at(1 + dx, dy)}L${at(1 + dx, 1 + dy)}L${at(dx, 1 + dy)}Z`;
  const edges = [0, 1].flatMap((x) => [0, 1].map((y) => `M${at(x, y)}L${at(x + DEPTH_X, y + DEPTH_Y)}`));
  return (
    <path
      className="lab-box"
      d={shown === 2 ? square(0, 0) : square(0, 0) + square(DEPTH_X, DEPTH_Y) + edges.join('')}
    />
  );
}

function Ball({ place: [x, y], eps, shown }: { place: Place; eps: number; shown: number }) {
  const { px, py } = useFrame();
  const scale = px(1) - px(0);
  if (shown > 1) return <circle className="lab-goal" cx={px(x)} cy={py(y)} r={eps * scale} />;
  const [low, high] = [Math.max(x - eps, 0), Math.min(x + eps, 1)];
  return <rect className="lab-goal" x={px(low)} y={py(0.5) - 16} width={(high - low) * scale} height={32} />;
}

interface DotsProps {
  /** [points, 3] */
  readonly hits: readonly number[];
  readonly misses: readonly number[];
  readonly project: (point: readonly number[]) => Place;
  readonly seen: { readonly x: Place; readonly y: Place };
  readonly margin: number;
}

/** The points, on a canvas over the drawing: thousands would be too many elements. */
function Dots({ hits, misses, project, seen, margin }: DotsProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const dark = useComputedColorScheme('light') === 'dark';
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const [width, height] = SIZE;
    context.clearRect(0, 0, 2 * width, 2 * height);
    const paint = (points: readonly number[], color: string, size: number) => {
      context.fillStyle = color;
      for (let i = 0; i < points.length; i += 3) {
        const [u, v] = project([points[i], points[i + 1], points[i + 2]]);
        const x = margin + ((u - seen.x[0]) / (seen.x[1] - seen.x[0])) * (width - 2 * margin);
        const y = height - margin - ((v - seen.y[0]) / (seen.y[1] - seen.y[0])) * (height - 2 * margin);
        context.fillRect(2 * x - size / 2, 2 * y - size / 2, size, size);
      }
    };
    paint(misses.slice(0, Math.max(0, 3 * MOST_DRAWN - hits.length)), dark ? '#8b929a80' : '#6b728080', 3);
    paint(hits, curveStyle(1, dark).color, 6);
  });
  return <canvas ref={canvas} className="lab-canvas" width={2 * SIZE[0]} height={2 * SIZE[1]} />;
}

function ByDimension({ eps, dimensions }: { eps: number; dimensions: number }) {
  const counts = [1, 2, 3, 4, 6, 7, 14];
  const chances = counts.map(
    (d) => log10HitProbability(new Array(d).fill(1), new Array(d).fill(0.5), eps).log10Probability,
  );
  return (
    <Figures
      label="The same tolerance in other dimensions, goal in the middle"
      head={['Dimensions', 'Chance', 'Trials to the first hit']}
      rows={counts.map((d, i) => [d, powerOfTen(chances[i]), powerOfTen(-chances[i])])}
      rowProps={(row) => ({ 'data-chosen': counts[row] === dimensions || undefined })}
    />
  );
}
