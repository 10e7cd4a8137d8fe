// The picture of two tasks and one descent: targets and start to drag, the path of each method, the losses at its end.
import { useEffect, useState } from 'react';
import { descend } from '../../../examples/lab/descent.js';
import type { PictureProps } from '../lab-page.js';
import { SettingSlider } from '../parts/controls.js';
import { Figures } from '../parts/figures.js';
import { methods } from '../parts/methods.js';
import { Grid, Handle, type Place, Plane, useFrame } from '../parts/plane.js';
import { useRest } from '../parts/use-rest.js';
import { roundPoint } from '../settings.js';
import { descended, settings } from './descent.js';

const RANGE: Place = [-1, 1];

type Descents = Awaited<ReturnType<typeof descend>>;

export function Picture({ values, set }: PictureProps<typeof settings>) {
  const page = { settings, values, set };
  const [start] = values.start;
  const [a, b] = values.targets;
  const found = useDescents(useRest(values));
  return (
    <div className="lab-two">
      <Plane label="The two shared parameters: drag the start and both targets" x={RANGE} y={RANGE}>
        <Grid every={0.25} />
        <Levels target={[a[0], a[1]]} steepness={1} className="in-1" />
        <Levels target={[b[0], b[1]]} steepness={values.steepness} className="in-1" />
        {found &&
          methods.map(({ name, className }) => <Way key={name} path={found[name].path} className={className} />)}
        <Handle label="Start" text="s" place={[start[0], start[1]]} onMove={(to) => set({ start: [roundPoint(to)] })} />
        <Handle
          label="Target of task 1"
          text="1"
          place={[a[0], a[1]]}
          onMove={(to) => set({ targets: [roundPoint(to), b] })}
        />
        <Handle
          label="Target of task 2"
          text="2"
          place={[b[0], b[1]]}
          onMove={(to) => set({ targets: [a, roundPoint(to)] })}
        />
      </Plane>
      <div className="lab-side">
        <Figures
          label="Losses at the end"
          head={['', 'ends at', 'loss 1', 'loss 2', 'sum']}
          rows={methods.map(({ name, label, className }) => {
            const { path, losses } = found?.[name] ?? {
              path: [[Number.NaN, Number.NaN]],
              losses: [Number.NaN, Number.NaN],
            };
            const [x, y] = path[path.length - 1];
            return [
              <span key="name" className={className}>
                <strong>{label}</strong>
              </span>,
              `(${x.toFixed(2)}, ${y.toFixed(2)})`,
              losses[0].toFixed(3),
              losses[1].toFixed(3),
              (losses[0] + losses[1]).toFixed(3),
            ];
          })}
          rowProps={(row) => ({ 'data-method': methods[row].name })}
        />
        <SettingSlider {...page} name="steepness" label="How steep task 2 is beside task 1" />
        <SettingSlider {...page} name="rate" label="Step size" />
        <SettingSlider {...page} name="steps" label="Steps" />
        <p className="lab-note">
          Loss i is (steepness times distance to target i) squared, halved; circles are lines of equal loss. All methods
          take the same step size along the mean of what they make.
        </p>
      </div>
    </div>
  );
}

/** The latest descents; while others are computed, the ones before stay. */
function useDescents(values: PictureProps<typeof settings>['values']): Descents | undefined {
  const [found, setFound] = useState<Descents>();
  useEffect(() => {
    let current = true;
    void descend(descended(values)).then((result) => {
      if (current) setFound(result);
    });
    return () => {
      current = false;
    };
  }, [values]);
  return found;
}

/** Circles on which a loss is 0.1, 0.2 and 0.4. */
function Levels({ target, steepness, className }: { target: Place; steepness: number; className: string }) {
  const { px, py } = useFrame();
  return (
    <g className={className}>
      {[0.1, 0.2, 0.4].map((loss) => (
        <circle
          key={loss}
          className="lab-level"
          cx={px(target[0])}
          cy={py(target[1])}
          r={(Math.sqrt(2 * loss) / steepness) * (px(1) - px(0))}
        />
      ))}
    </g>
  );
}

function Way({ path, className }: { path: readonly (readonly number[])[]; className: string }) {
  const { px, py } = useFrame();
  const [x, y] = path[path.length - 1];
  return (
    <g className={className}>
      <polyline
        className="lab-line"
        points={path.map(([a, b]) => `${px(a).toFixed(1)},${py(b).toFixed(1)}`).join(' ')}
      />
      <circle className="lab-arrow-none" cx={px(x)} cy={py(y)} r={4.5} />
    </g>
  );
}
