// A plane to draw in: coordinates as in mathematics (y up), handles that pointer, touch and arrow keys move.
import {
  createContext,
  type KeyboardEvent,
  memo,
  type PointerEvent,
  type ReactNode,
  useContext,
  useMemo,
  useRef,
} from 'react';

export type Place = readonly [x: number, y: number];

interface Frame {
  /** Pixels of the drawing. */
  px(x: number): number;
  py(y: number): number;
  /** The place under a pointer. */
  at(event: { clientX: number; clientY: number }): Place;
  readonly x: Place;
  readonly y: Place;
}

const FrameContext = createContext<Frame | undefined>(undefined);

export function useFrame(): Frame {
  const frame = useContext(FrameContext);
  if (!frame) throw new Error('only inside a Plane.');
  return frame;
}

interface PlaneProps {
  readonly label: string;
  /** From left to right and from bottom to top. */
  readonly x: Place;
  readonly y: Place;
  /** Width and height of the drawing; it is scaled to the room there is. */
  readonly size?: Place;
  readonly margin?: number;
  readonly className?: string;
  /** Where the ground, not a handle, was pressed; and where the pointer then went. */
  onPress?(place: Place): void;
  onMove?(place: Place): void;
  onRelease?(): void;
  readonly children: ReactNode;
}

export function Plane(props: PlaneProps) {
  const { label, x, y, size = [440, 440], margin = 14, className, onPress, onMove, onRelease, children } = props;
  const svg = useRef<SVGSVGElement>(null);
  const pressed = useRef(false);
  const [width, height] = size;
  const [left, right] = x;
  const [bottom, top] = y;
  // The same while something is dragged, so that what does not move is not drawn again.
  const frame = useMemo((): Frame => {
    const [sx, sy] = [(width - 2 * margin) / (right - left), (height - 2 * margin) / (top - bottom)];
    return {
      x: [left, right],
      y: [bottom, top],
      px: (value) => margin + (value - left) * sx,
      py: (value) => height - margin - (value - bottom) * sy,
      at(event) {
        const box = svg.current?.getBoundingClientRect() ?? { left: 0, top: 0, width, height };
        const [u, v] = [
          ((event.clientX - box.left) / box.width) * width,
          ((event.clientY - box.top) / box.height) * height,
        ];
        return [left + (u - margin) / sx, bottom + (height - margin - v) / sy];
      },
    };
  }, [left, right, bottom, top, width, height, margin]);
  const release = () => {
    if (pressed.current) onRelease?.();
    pressed.current = false;
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a drawing has no fieldset
    <svg
      ref={svg}
      viewBox={`0 0 ${width} ${height}`}
      className={`lab-plane ${className ?? ''}`}
      role="group"
      aria-label={label}
      data-touchable={onPress ? true : undefined}
      onPointerDown={(event) => {
        if (!onPress || event.button !== 0) return;
        pressed.current = true;
        event.currentTarget.setPointerCapture(event.pointerId);
        onPress(within(frame, frame.at(event)));
      }}
      onPointerMove={(event) => {
        if (pressed.current) onMove?.(within(frame, frame.at(event)));
      }}
      onPointerUp={release}
      onPointerCancel={release}
    >
      <FrameContext.Provider value={frame}>{children}</FrameContext.Provider>
    </svg>
  );
}

const clamp = (value: number, [low, high]: Place) => Math.min(Math.max(value, low), high);
const within = ({ x, y }: Frame, [a, b]: Place): Place => [clamp(a, x), clamp(b, y)];

/** Lines every `every` units, those of whole axes darker. */
export const Grid = memo(function Grid({ every }: { every: number }) {
  const { px, py, x, y } = useFrame();
  const lines = ([low, high]: Place) =>
    Array.from({ length: Math.floor((high - low) / every + 1e-9) + 1 }, (_, i) => low + i * every);
  return (
    <g className="lab-grid">
      {lines(x).map((at) => (
        <line key={`x${at}`} x1={px(at)} x2={px(at)} y1={py(y[0])} y2={py(y[1])} />
      ))}
      {lines(y).map((at) => (
        <line key={`y${at}`} y1={py(at)} y2={py(at)} x1={px(x[0])} x2={px(x[1])} />
      ))}
    </g>
  );
});

interface HandleProps {
  readonly label: string;
  readonly place: Place;
  onMove(place: Place): void;
  /** What an arrow key moves it by; with Shift five times as much. */
  readonly step?: number;
  readonly radius?: number;
  readonly className?: string;
  /** A short text inside. */
  readonly text?: string;
  /** Delete or Backspace. */
  onRemove?(): void;
}

const STEPS: Readonly<Record<string, Place>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/** Something to drag. For keys and screen readers it is a slider in two directions that tells where it is. */
export function Handle({ label, place, onMove, step = 0.05, radius = 9, className, text, onRemove }: HandleProps) {
  const frame = useFrame();
  const dragging = useRef(false);
  const { px, py } = frame;
  function keyed(event: KeyboardEvent) {
    const way = STEPS[event.key];
    if (way) {
      event.preventDefault();
      const far = step * (event.shiftKey ? 5 : 1);
      onMove(within(frame, [place[0] + way[0] * far, place[1] + way[1] * far]));
    } else if (onRemove && (event.key === 'Delete' || event.key === 'Backspace')) {
      event.preventDefault();
      onRemove();
    }
  }
  function follow(event: PointerEvent) {
    if (dragging.current) onMove(within(frame, frame.at(event)));
  }
  return (
    <g
      className={`lab-handle ${className ?? ''}`}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuetext={place.map((value) => value.toFixed(2)).join(', ')}
      aria-valuenow={place[0]}
      aria-valuemin={frame.x[0]}
      aria-valuemax={frame.x[1]}
      transform={`translate(${px(place[0]).toFixed(2)} ${py(place[1]).toFixed(2)})`}
      onKeyDown={keyed}
      onPointerDown={(event) => {
        event.stopPropagation();
        if (event.button !== 0) return;
        dragging.current = true;
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={follow}
      onPointerUp={() => {
        dragging.current = false;
      }}
      onPointerCancel={() => {
        dragging.current = false;
      }}
    >
      <circle r={22} className="lab-handle-reach" />
      <circle r={radius} className="lab-handle-body" />
      {text && (
        <text textAnchor="middle" dominantBaseline="central">
          {text}
        </text>
      )}
    </g>
  );
}

interface ArrowProps {
  readonly from: Place;
  readonly to: Place;
  readonly className?: string;
  /** Pixels that it ends before `to`, where a handle lies over it. */
  readonly short?: number;
}

/** An arrow with its head, from place to place. */
export function Arrow({ from, to, className, short = 0 }: ArrowProps) {
  const { px, py } = useFrame();
  const [x1, y1] = [px(from[0]), py(from[1])];
  const whole = Math.hypot(px(to[0]) - x1, py(to[1]) - y1);
  const length = Math.max(0, whole - short);
  const share = whole > 0 ? length / whole : 0;
  const [x2, y2] = [x1 + share * (px(to[0]) - x1), y1 + share * (py(to[1]) - y1)];
  if (length < 1) return <circle cx={x1} cy={y1} r={3} className={`lab-arrow-none ${className ?? ''}`} />;
  const [ux, uy] = [(x2 - x1) / length, (y2 - y1) / length];
  const head = Math.min(11, length * 0.6);
  const corner = (side: number) =>
    `${(x2 - head * ux - side * head * 0.45 * uy).toFixed(2)},${(y2 - head * uy + side * head * 0.45 * ux).toFixed(2)}`;
  return (
    <g className={`lab-arrow ${className ?? ''}`}>
      <line x1={x1} y1={y1} x2={x2 - head * 0.8 * ux} y2={y2 - head * 0.8 * uy} />
      <polygon points={`${x2},${y2} ${corner(1)} ${corner(-1)}`} />
    </g>
  );
}
