// Recording by hand waits for the hand, goes by the clock, and writes what any other recording of the same actions writes.
import { expect, test } from 'vitest';
import { recordTake } from '../../src/acting/takes.js';
import { openDataSet } from '../../src/datasets/index.js';
import type { Controls } from '../../src/envs/controls.js';
import { loadEnv, makeEnv } from '../../src/envs/registry.js';
import type { PanelFrame } from '../../src/view/frame.js';
import { createHandRecording, type HandRecording } from './hand-recording.js';
import { instructionsOf } from './instruction.js';

const still = { push: [0, 0, 0], open: false };
/** Times real time, so that tests need not wait for it. */
const FAST = 40;

async function opened(name: string, options = {}) {
  const env = await makeEnv(name, options);
  const frames: PanelFrame[] = [];
  const controls: Controls[] = [];
  const asked: (string | undefined)[] = [];
  const recording = createHandRecording(
    env,
    name,
    options,
    {
      begun: (how, what) => {
        controls.push(how);
        asked.push(what);
      },
      frame: (frame) => frames.push(frame.panels[0]),
    },
    instructionsOf(await loadEnv(name), options),
  );
  recording.setSpeed(FAST);
  return { env, frames, controls, asked, recording, latest: () => frames[frames.length - 1] };
}

const soon = (ms = 30) => new Promise((resolve) => setTimeout(resolve, ms));
const dataOf = async (recording: HandRecording) => {
  const data = await openDataSet('by hand', recording.encode());
  return { data, ...(await data.read(0, data.steps.length)) };
};

test('an episode waits for the hand, goes where it points, ends once it is held, and is what its actions make of it', async () => {
  const { recording, frames, latest } = await opened('point/reach');
  const going = recording.record({ seed: 3, holdSteps: 5 });
  await soon();
  expect(frames.map(({ steps }) => steps)).toEqual([0]);
  const { goal } = latest();
  recording.hand({ ...still, target: [...goal, 0] }, true);
  const figures = await going;
  expect(figures).toMatchObject({ task: 0, success: true });
  expect(figures!.steps).toBeLessThan(50);
  expect(latest()).toMatchObject({ steps: figures!.steps, reached: true, hand: [goal[0], goal[1], 0] });
  recording.keep();
  const { data, columns } = await dataOf(recording);
  expect(data.origin).toEqual({ policy: 'by hand', holdSteps: 5, successRate: 1 });
  let at = 0;
  const again = await recordTake(
    await makeEnv('point/reach'),
    () => columns.action.slice(2 * at, 2 * ++at) as Float32Array,
    { seed: 3, holdSteps: 5 },
  );
  expect(columns).toEqual(again.episodes.columns);
});

test('it goes by the clock: at real time a step of point/reach takes a tenth of a second', async () => {
  const { recording } = await opened('point/reach');
  recording.setSpeed(1);
  const going = recording.record({ seed: 1, holdSteps: 5 });
  recording.hand({ ...still, push: [1, 0, 0] }, true);
  const began = performance.now();
  await soon(750);
  recording.end();
  const { steps } = (await going)!;
  const seconds = (performance.now() - began) / 1000;
  expect(steps / seconds).toBeGreaterThan(6);
  expect(steps / seconds).toBeLessThan(12.5); // the first one is at once
});

test('it can be ended, broken off without a trace, paused, and the last one that was kept dropped', async () => {
  const { recording, latest } = await opened('point/two-tasks');
  let going = recording.record({ seed: 1, task: 1, holdSteps: 5 });
  recording.hand({ ...still, push: [1, 0, 0] }, true);
  await soon();
  recording.setPaused(true);
  await soon();
  const { steps } = latest();
  await soon();
  expect(latest().steps).toBe(steps);
  recording.setPaused(false);
  recording.end();
  const figures = await going;
  expect(figures).toMatchObject({ task: 1, success: false });
  expect(figures!.steps).toBeLessThan(50);
  recording.keep();
  going = recording.record({ seed: 2, task: 0, holdSteps: 5 });
  recording.hand({ ...still, push: [1, 0, 0] }, true);
  await soon();
  recording.breakOff();
  expect(await going).toBeUndefined();
  recording.keep(); // there is none
  expect([...(await dataOf(recording)).steps]).toEqual([figures!.steps]);
  recording.dropLast();
  expect(() => recording.encode()).toThrow('none was kept');
});

test('tasks are steered each in their own way: where actions are turned round, keys still lead where they point', async () => {
  const { recording, frames } = await opened('point/two-tasks');
  for (const task of [0, 1]) {
    const first = frames.length;
    const going = recording.record({ seed: 5, task, holdSteps: 5 });
    await soon();
    const before = frames[first].place!;
    const sign = before[0] > 0 ? -1 : 1; // away from the edge
    recording.hand({ ...still, push: [sign, 0, 0] }, true);
    await soon();
    recording.end();
    await going;
    expect(sign * (frames.at(-1)!.place![0] - before[0])).toBeGreaterThan(0.05);
  }
});

test('it tells in words what an episode asks for, of a family by its task, where there are words', async () => {
  const { recording, asked } = await opened('tabletop/mt3');
  for (const task of [1, 2]) {
    const going = recording.record({ seed: 1, task, holdSteps: 5 });
    await soon(60);
    recording.breakOff();
    await going;
  }
  expect(asked[0]).toMatch(/^push the \w+ \w+/);
  expect(asked[1]).toMatch(/the \w+ \w+/);
  expect(asked[1]).not.toMatch(/^push/);
  const asking = await opened('babyai/go-to-local');
  const begun = asking.recording.record({ seed: 1, holdSteps: 1 });
  await soon(60);
  asking.recording.breakOff();
  await begun;
  expect(asking.asked).toEqual([expect.stringMatching(/^go to (a|the) /)]);
  const plain = await opened('point/reach');
  const going = plain.recording.record({ seed: 1, holdSteps: 5 });
  await soon();
  plain.recording.breakOff();
  await going;
  expect(plain.asked).toEqual([undefined]);
});

test('choices are made one by one, and where an episode ended stays to be seen', async () => {
  const { recording, frames, controls, latest } = await opened('grid');
  const going = recording.record({ seed: 2, holdSteps: 1 });
  await soon();
  expect(controls[0].choices).toMatchObject({ up: 0, right: 1, down: 2, left: 3 });
  const [walker, goal] = [latest().place!, latest().goalPlace!];
  const [dx, dy] = [goal[0] - walker[0], goal[1] - walker[1]];
  const { up, right, down, left } = controls[0].choices as Record<string, number>;
  expect(frames).toHaveLength(1); // no clock
  for (let i = 0; i < Math.abs(dx); i++) recording.choose(dx > 0 ? right : left);
  for (let i = 0; i < Math.abs(dy); i++) recording.choose(dy > 0 ? up : down);
  const figures = await going;
  expect(figures).toEqual({ task: 0, steps: Math.abs(dx) + Math.abs(dy), success: true });
  recording.whole();
  expect(latest().place).toEqual(goal);
  expect(latest().reached).toBe(true);
});

test('what declares no controls says so, and what has a gripper begins with it as it is', async () => {
  const { recording, controls } = await opened('tabletop/pick-and-place');
  expect(recording.facts.problem).toBeUndefined();
  expect(recording.facts.stage.rate).toBeCloseTo(25);
  const going = recording.record({ seed: 1, holdSteps: 5 });
  await soon();
  expect(controls[0]).toMatchObject({ grip: { number: 3, open: 1 }, startsOpen: true });
  recording.hand({ ...still, push: [0, 0, 1], open: true }, true);
  await soon(60);
  recording.end();
  await going;
  recording.keep();
  const { columns } = await dataOf(recording);
  expect([...columns.action.slice(0, 4)]).toEqual([0, 0, 1, 1]);
  const plain = createHandRecording(
    { ...(await makeEnv('arm/reach')), controls: undefined },
    'me/robot',
    {},
    { begun: () => undefined, frame: () => undefined },
  );
  expect(plain.facts.problem).toContain('me/robot does not say how a hand steers its 4 action numbers');
});
