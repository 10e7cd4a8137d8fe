// The picture of dense against sparse: one map under both rewards, the best moves, the way from the start.
import { useMemo, useState } from 'react';
import { follow } from '../../../examples/lab/wall.js';
import { moves, parseMap } from '../../../src/envs/index.js';
import type { PictureProps } from '../lab-page.js';
import { Choice, SettingSlider } from '../parts/controls.js';
import { toggleWall } from '../parts/edit-map.js';
import { bestMoves, GridMapView } from '../parts/grid-map.js';
import { choice } from '../settings.js';
import { settings } from './wall.js';

const touching = choice('start', ['start', 'goal', 'wall']);
const rewards = [
  { name: 'dense', label: 'Dense: minus the distance to the goal' },
  { name: 'sparse', label: 'Sparse: 0 at the goal, else -1' },
] as const;

export function Picture({ values, set }: PictureProps<typeof settings>) {
  const page = { settings, values, set };
  const { map: drawn, discount } = values;
  const map = useMemo(() => parseMap(drawn), [drawn]);
  const start = Math.min(values.start, map.cells - 1);
  const goal = Math.min(values.goal, map.cells - 1);
  const result = useMemo(() => follow({ map: drawn, start, goal, discount }), [drawn, start, goal, discount]);
  const [touch, setTouch] = useState<(typeof touching.options)[number]>('start');
  function touched(place: { x: number; y: number; cell: number }) {
    if (touch !== 'wall') {
      if (place.cell >= 0) set({ [touch]: place.cell });
      return;
    }
    const next = toggleWall(drawn, map, place, [start, goal], settings.map);
    if (next) set({ map: next.map, start: next.kept[0], goal: next.kept[1] });
  }
  return (
    <>
      <div className="lab-two lab-even">
        {rewards.map(({ name, label }) => {
          const { q, path, arrives } = result[name];
          return (
            <figure key={name} className="lab-chart" data-reward={name}>
              <GridMapView
                label={label}
                map={map}
                goal={goal}
                chosen={start}
                path={path}
                layers={[{ best: (cell) => bestMoves(q, cell, moves.length) }]}
                onPick={touched}
              />
              <figcaption>
                <span>
                  {label}: <strong>{arrives ? `arrives after ${path.length - 1} steps` : 'stuck'}</strong>
                </span>
              </figcaption>
            </figure>
          );
        })}
      </div>
      <div className="lab-two lab-even">
        <SettingSlider {...page} name="discount" label="Discount gamma: how much the next step counts" />
        <Choice
          label="Pressing a cell places"
          setting={touching}
          value={touch}
          onChange={setTouch}
          names={{ start: 'the start', goal: 'the goal', wall: 'a wall' }}
        />
      </div>
      <p className="lab-note">
        Arrows: the best moves by exact values, a dot where staying is best. Dots: the way from the start (framed in
        black or white) towards the goal (framed in orange). Learners who explore only where the dense reward grows fall
        into the same pocket.
      </p>
    </>
  );
}
