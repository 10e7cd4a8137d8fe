// The picture of the same state under other goals: arrows of each goal in its colour, Q-values of one cell.
import { useMemo, useState } from 'react';
import { choose } from '../../../examples/lab/same-state.js';
import { moves, parseMap } from '../../../src/envs/index.js';
import { number as figure } from '../../../src/lab/index.js';
import type { PictureProps } from '../lab-page.js';
import { Choice, SettingSlider } from '../parts/controls.js';
import { toggleWall } from '../parts/edit-map.js';
import { Figures } from '../parts/figures.js';
import { bestMoves, GridMapView } from '../parts/grid-map.js';
import { choice } from '../settings.js';
import { chosen, settings } from './same-state.js';

const touching = choice('state', ['state', '0', '1', '2', 'wall']);
const colours = ['in-2', 'in-3', 'in-4'] as const;
const names = ['A', 'B', 'C'] as const;

export function Picture({ values, set }: PictureProps<typeof settings>) {
  const page = { settings, values, set };
  const map = useMemo(() => parseMap(values.map), [values.map]);
  const last = map.cells - 1;
  const { goals, state, found } = useMemo(() => {
    const given = chosen(values);
    const within = { goals: given.goals.map((goal) => Math.min(goal, last)), state: Math.min(given.state, last) };
    return { ...within, found: choose({ ...given, ...within }) };
  }, [values, last]);
  const [touch, setTouch] = useState<(typeof touching.options)[number]>('state');
  function touched(place: { x: number; y: number; cell: number }) {
    if (touch === 'wall') {
      const next = toggleWall(values.map, map, place, [state, ...goals], settings.map);
      if (next) set({ map: next.map, state: next.kept[0], goals: next.kept.slice(1).map((goal) => [goal]) });
    } else if (place.cell >= 0) {
      if (touch === 'state') set({ state: place.cell });
      else set({ goals: goals.map((goal, i) => [String(i) === touch ? place.cell : goal]) });
    }
  }
  const at = (cell: number) => goals.flatMap((goal, i) => (goal === cell ? [names[i]] : [])).join(' ');
  return (
    <div className="lab-two">
      <GridMapView
        label="Best moves for each goal"
        map={map}
        chosen={state}
        text={at}
        layers={found.map(({ all }, i) => ({
          best: (cell) => bestMoves(all, cell, moves.length),
          className: colours[i],
        }))}
        onPick={touched}
      />
      <div className="lab-side">
        <Choice
          label="Pressing a cell places"
          setting={touching}
          value={touch}
          onChange={setTouch}
          names={{ state: 'the state', '0': 'A', '1': 'B', '2': 'C', wall: 'a wall' }}
        />
        <SettingSlider {...page} name="discount" label="Discount gamma" />
        <Figures
          label="Q-values of the state for each goal"
          head={['Q(s, a, g)', ...goals.map((_, i) => `goal ${names[i]}`)]}
          rows={moves.map((move) => [
            move,
            ...found.map(({ here }, i) => {
              const best = here[move] >= Math.max(...Object.values(here)) - 1e-9 && here[move] > 0;
              return (
                // biome-ignore lint/suspicious/noArrayIndexKey: a goal is known by its number
                <span key={i} className={best ? colours[i] : undefined}>
                  {best ? <strong>{figure(here[move], 3)}</strong> : figure(here[move], 3)}
                </span>
              );
            }),
          ])}
          rowProps={(row) => ({ 'data-move': moves[row] })}
        />
        <p className="lab-note">
          Arrows: the best moves for goal <span className={colours[0]}>A</span>, <span className={colours[1]}>B</span>{' '}
          and <span className={colours[2]}>C</span>, by exact values; a dot where staying is best. The state is framed.
        </p>
      </div>
    </div>
  );
}
