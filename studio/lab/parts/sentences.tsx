// Sentences in the plane of their vectors, the things that they speak of, and a way among those.
import { memo } from 'react';
import { heldOut, things } from '../../../examples/lab/instructions.js';
import type { SentenceMap } from '../trainers/instructions.js';
import { Plane, useFrame } from './plane.js';

const colours: Readonly<Record<string, string>> = { red: 'in-2', green: 'in-3', blue: 'in-1', yellow: 'in-5' };

interface SentencePlaneProps {
  readonly map?: SentenceMap;
  /** Numbers of the sentences that lines go to, with commas between them. */
  readonly nearest: string;
}

export const SentencePlane = memo(function SentencePlane({ map, nearest }: SentencePlaneProps) {
  const across = map?.places.map(([x]) => x) ?? [0];
  const up = map?.places.map(([, y]) => y) ?? [0];
  const span = (all: readonly number[]) => Math.max(...all) - Math.min(...all);
  const middle = (all: readonly number[]) => (Math.min(...all) + Math.max(...all)) / 2;
  const half = 0.58 * Math.max(1e-3, span(across), span(up));
  const [cx, cy] = [middle(across), middle(up)];
  return (
    <Plane label="Sentences by their vectors" x={[cx - half, cx + half]} y={[cy - half, cy + half]}>
      {map && <Sentences map={map} nearest={nearest === '' ? [] : nearest.split(',').map(Number)} />}
    </Plane>
  );
});

/** The thing that a sentence names in training's own words. */
function thingIn(sentence: string) {
  const words = sentence.split(' ');
  return things.find(({ colour, shape }) => words.includes(colour) && words.includes(shape));
}

function Sentences({ map: { sentences, places }, nearest }: { map: SentenceMap; nearest: readonly number[] }) {
  const { px, py, x: range } = useFrame();
  const last = places.length - 1;
  const [x, y] = [px(places[last][0]), py(places[last][1])];
  const right = places[last][0] > (range[0] + range[1]) / 2;
  return (
    <>
      {nearest.map((at) => (
        <line key={at} className="lab-near" x1={x} y1={y} x2={px(places[at][0])} y2={py(places[at][1])} />
      ))}
      {places.slice(0, last).map(([u, v], i) => {
        const thing = thingIn(sentences[i]);
        return (
          <g key={sentences[i]} className={colours[thing?.colour ?? 'blue']}>
            <title>{sentences[i]}</title>
            <Mark shape={thing?.shape ?? 'circle'} x={px(u)} y={py(v)} r={6} />
          </g>
        );
      })}
      <circle cx={x} cy={y} r={6} className="lab-asked" />
      <text x={x + (right ? -10 : 10)} y={y - 9} className="lab-label" textAnchor={right ? 'end' : 'start'}>
        {sentences[last]}
      </text>
    </>
  );
}

export const Things = memo(function Things({ held }: { held: boolean }) {
  const { px, py } = useFrame();
  return things.map(({ colour, shape, place: [x, y] }) => (
    <g key={colour + shape} className={colours[colour]}>
      <title>{`${colour} ${shape}`}</title>
      <Mark shape={shape} x={px(x)} y={py(y)} r={17} />
      {held && heldOut.some(([c, s]) => c === colour && s === shape) && (
        <circle className="lab-region" cx={px(x)} cy={py(y)} r={29} />
      )}
    </g>
  ));
});

export function Way({ path }: { path: readonly (readonly number[])[] }) {
  const { px, py } = useFrame();
  const [endX, endY] = path[path.length - 1];
  const points = path.map(([x, y]) => `${px(x).toFixed(1)},${py(y).toFixed(1)}`).join(' ');
  return (
    <g className="in-4">
      <polyline className="lab-line" points={points} />
      <circle className="lab-asked" cx={px(endX)} cy={py(endY)} r={5} />
    </g>
  );
}

/** A filled circle, square, star or cross. */
function Mark({ shape, x, y, r }: { shape: string; x: number; y: number; r: number }) {
  if (shape === 'circle') return <circle className="lab-thing" cx={x} cy={y} r={r} />;
  if (shape === 'square') return <rect className="lab-thing" x={x - r} y={y - r} width={2 * r} height={2 * r} />;
  if (shape === 'cross') {
    const [a, b] = [r, r / 3];
    return (
      <path
        className="lab-thing"
        d={`M${x - b} ${y - a}h${2 * b}v${a - b}h${a - b}v${2 * b}h${b - a}v${a - b}h${-2 * b}v${b - a}h${b - a}v${-2 * b}h${a - b}z`}
      />
    );
  }
  const corner = (i: number) => {
    const [far, angle] = [i % 2 === 0 ? 1.25 * r : 0.55 * r, (i * Math.PI) / 5 - Math.PI / 2];
    return `${(x + far * Math.cos(angle)).toFixed(1)},${(y + far * Math.sin(angle)).toFixed(1)}`;
  };
  return <polygon className="lab-thing" points={Array.from({ length: 10 }, (_, i) => corner(i)).join(' ')} />;
}
