// A scene on a canvas that only remembers what was drawn: goals come from clicks, drags and the pointer's way.
import { beforeEach, expect, it, vi } from 'vitest';
import { makeEnv } from '../envs/registry.js';
import { openSceneView } from './scene-view.js';

/** 400 x 400 pixels with a pen that notes its strokes. */
function fakeCanvas() {
  const strokes: string[] = [];
  const pen = new Proxy({} as Record<string, unknown>, {
    get: (own, name: string) => own[name] ?? ((..._: unknown[]) => void strokes.push(name)),
  });
  const canvas = Object.assign(new EventTarget(), {
    clientWidth: 400,
    clientHeight: 400,
    style: {},
    dataset: {},
    getContext: () => pen,
    getBoundingClientRect: () => ({ left: 0, top: 0 }),
    setPointerCapture: () => undefined,
  });
  const pointer = (type: string, clientX: number, clientY: number, buttons = 0) =>
    canvas.dispatchEvent(Object.assign(new Event(type), { clientX, clientY, buttons, button: 0, isPrimary: true }));
  return { canvas: canvas as unknown as HTMLCanvasElement, pointer, strokes };
}

beforeEach(() => {
  vi.stubGlobal('window', { devicePixelRatio: 1 });
  vi.stubGlobal('requestAnimationFrame', (draw: (time: number) => void) => setTimeout(() => draw(performance.now())));
  vi.stubGlobal('cancelAnimationFrame', clearTimeout);
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      disconnect() {}
    },
  );
});

async function opened(pointing: 'click' | 'hover') {
  const env = await makeEnv('point/reach');
  const { canvas, pointer, strokes } = fakeCanvas();
  const goals: number[][] = [];
  const view = await openSceneView(canvas, env, { pointing, onGoal: (goal) => goals.push([...goal]) });
  view.show(env.reset({ seed: 1, goal: [-0.5, -0.5] }));
  return { env, view, pointer, strokes, goals };
}

it('a click places the goal where it was clicked', async () => {
  const { view, pointer, goals, strokes } = await opened('click');
  expect(view).toMatchObject({ flat: false, rate: 10 });
  pointer('pointermove', 200, 200);
  expect(goals).toEqual([]);
  pointer('pointerdown', 200, 200);
  pointer('pointerup', 200, 200);
  pointer('pointerdown', 300, 100);
  pointer('pointerup', 300, 100);
  const [middle, upper] = goals;
  expect(middle).toEqual([expect.closeTo(0, 5), expect.closeTo(0, 5)]);
  expect(upper[0]).toBeCloseTo(upper[1], 5);
  expect(upper[0]).toBeGreaterThan(0.3);
  await vi.waitFor(() => expect(strokes).toContain('arc'));
  view.dispose();
  pointer('pointerdown', 200, 200);
  pointer('pointerup', 200, 200);
  expect(goals).toHaveLength(2);
});

it('hovering needs no click', async () => {
  const { view, pointer, goals } = await opened('hover');
  pointer('pointermove', 200, 200);
  pointer('pointermove', 300, 100);
  expect(goals).toHaveLength(2);
  view.dispose();
});
