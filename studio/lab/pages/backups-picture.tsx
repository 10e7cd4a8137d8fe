// The picture of Q backing up: a map whose goal is clicked, its values after each sweep, one cell's Q-values beside exact ones.
import { Button } from '@mantine/core';
import { useReducedMotion } from '@mantine/hooks';
import { useEffect, useMemo, useState } from 'react';
import { backUp } from '../../../examples/lab/backups.js';
import { moves, parseMap } from '../../../src/envs/index.js';
import { number as figure } from '../../../src/lab/index.js';
import type { PictureProps } from '../lab-page.js';
import { Choice, SettingSlider, Toggle } from '../parts/controls.js';
import { toggleWall } from '../parts/edit-map.js';
import { Figures } from '../parts/figures.js';
import { bestMoves, GridMapView } from '../parts/grid-map.js';
import { choice } from '../settings.js';
import { settings } from './backups.js';

const touching = choice('goal', ['goal', 'cell', 'wall']);
const ACTIONS = moves.length;
const PLAY_MS = 350;

export function Picture({ values, set }: PictureProps<typeof settings>) {
  const page = { settings, values, set };
  const { map: drawn, reward, ends, discount, slip, sweeps } = values;
  const map = useMemo(() => parseMap(drawn), [drawn]);
  const goal = Math.min(values.goal, map.cells - 1);
  const result = useMemo(
    () => backUp({ map: drawn, goal, reward, ends, discount, slip, sweeps }),
    [drawn, goal, reward, ends, discount, slip, sweeps],
  );
  const [touch, setTouch] = useState<(typeof touching.options)[number]>('goal');
  const [picked, pick] = useState(0);
  const cell = Math.min(picked, map.cells - 1);
  const [plays, setPlays] = useState(false);
  const still = useReducedMotion();
  useEffect(() => {
    if (!plays) return;
    if (still || sweeps >= settings.sweeps.max) {
      set({ sweeps: settings.sweeps.max });
      setPlays(false);
      return;
    }
    const timer = window.setTimeout(() => set({ sweeps: sweeps + 1 }), PLAY_MS);
    return () => window.clearTimeout(timer);
  }, [plays, still, sweeps, set]);

  const [low, high] = [Math.min(0, ...result.exactV), Math.max(1e-9, ...result.exactV)];
  const gap = Math.max(...result.v.map((value, i) => Math.abs(value - result.exactV[i])));
  function touched(place: { x: number; y: number; cell: number }) {
    if (touch === 'wall') {
      const next = toggleWall(drawn, map, place, [goal], settings.map);
      if (next) set({ map: next.map, goal: next.kept[0] });
    } else if (place.cell >= 0) {
      if (touch === 'goal') set({ goal: place.cell });
      else pick(place.cell);
    }
  }
  return (
    <div className="lab-two">
      <GridMapView
        label="Values of all cells"
        map={map}
        goal={goal}
        chosen={cell}
        shade={(c) => (0.85 * (result.v[c] - low)) / (high - low)}
        text={(c) => figure(result.v[c], 3)}
        layers={[{ best: (c) => bestMoves(result.q, c, ACTIONS) }]}
        onPick={touched}
      />
      <div className="lab-side">
        <Choice
          label="Pressing a cell"
          setting={touching}
          value={touch}
          onChange={setTouch}
          names={{ goal: 'moves the goal', cell: 'shows its Q', wall: 'builds a wall' }}
        />
        <SettingSlider {...page} name="sweeps" label="Sweeps" />
        <div className="lab-row">
          <Button
            size="xs"
            variant="default"
            onClick={() => set({ sweeps: Math.min(sweeps + 1, settings.sweeps.max) })}
          >
            One sweep
          </Button>
          <Button size="xs" variant="default" onClick={() => setPlays(!plays)}>
            {plays ? 'Pause' : 'Play'}
          </Button>
          <Button size="xs" variant="default" onClick={() => set({ sweeps: 0 })}>
            From the start
          </Button>
        </div>
        <Choice
          label="Reward"
          setting={settings.reward}
          value={reward}
          onChange={(to) => set({ reward: to })}
          names={{ 'zero-one': '1 at the goal, else 0', sparse: '0 at the goal, else -1' }}
        />
        <Toggle label="Reaching the goal ends the episode" value={ends} onChange={(on) => set({ ends: on })} />
        <SettingSlider {...page} name="discount" label="Discount gamma" />
        <SettingSlider {...page} name="slip" label="Chance of a random move" />
        <Figures
          label="Q-values of one cell"
          head={[`Row ${map.y[cell] + 1}, column ${map.x[cell] + 1}`, `after ${sweeps} sweeps`, 'exact']}
          rows={[
            ...moves.map((move, a) => [
              `Q(s, ${move}, g)`,
              figure(result.q[cell * ACTIONS + a]),
              figure(result.exactQ[cell * ACTIONS + a]),
            ]),
            ['V(s, g)', figure(result.v[cell]), <strong key="v">{figure(result.exactV[cell])}</strong>],
          ]}
        />
        <p className="lab-note">
          Largest error of a value: <span data-figure="gap">{figure(gap, 2)}</span>. A goal counts as reached on
          arriving, so beside it the value is the full reward.
        </p>
      </div>
    </div>
  );
}
