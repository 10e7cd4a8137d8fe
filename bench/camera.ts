// Pictures a second of the cameras on one core, with the steps that lead to them; and memory and speed of a replay of a
// million frames. Run: npx tsx bench/camera.ts [--frames 1000000]
import { parseArgs } from 'node:util';
import { columnsOf } from '../src/envs/columns.js';
import { makeEnv } from '../src/envs/index.js';
import { createRandom } from '../src/random.js';
import { createBatch, createReplay, createSampler, parseRelabel } from '../src/replay/index.js';
import { record, table } from './record.js';
import { median } from './update/measure.js';

const { values } = parseArgs({ options: { frames: { type: 'string', default: '1000000' } } });
const frames = Number(values.frames);
const ROUNDS = 7;
const STEPS = 150;
/** A round is no shorter. */
const ROUND_SECONDS = 0.1;

const cpuSeconds = (run: () => void): number => {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
};

/** What takes so many steps with random actions. */
async function stepping(name: string, camera?: Record<string, unknown>) {
  const env = await makeEnv(name, camera && { camera });
  const random = createRandom(1);
  const action = new Float32Array(env.spec.action.kind === 'box' ? env.spec.action.size : 1);
  env.reset({ seed: 1 });
  const run = (steps: number) => {
    for (let i = 0; i < steps; i++) {
      random.fillUniform(action, -1, 1);
      if (env.step(action).truncated) env.reset();
    }
  };
  return { run, dispose: () => env.dispose?.() };
}

/** Seconds of a step with a picture, and of the picture alone: both ways take turns, so that the difference is no drift. */
async function secondsOf(name: string, view: string): Promise<{ step: number; picture: number }> {
  const [plain, filmed] = [await stepping(name), await stepping(name, { size: 64, views: [view] })];
  let steps = STEPS;
  while (cpuSeconds(() => filmed.run(steps)) < ROUND_SECONDS) steps *= 2;
  plain.run(steps);
  const rounds = Array.from({ length: ROUNDS }, () => {
    const without = cpuSeconds(() => plain.run(steps)) / steps;
    const step = cpuSeconds(() => filmed.run(steps)) / steps;
    return { step, picture: step - without };
  });
  for (const { dispose } of [plain, filmed]) dispose();
  return { step: median(rounds.map(({ step }) => step)), picture: median(rounds.map(({ picture }) => picture)) };
}

const cameras: Record<string, object> = {};
for (const name of ['point/reach', 'arm/reach', 'arm/push', 'tabletop/mt3']) {
  for (const view of name.startsWith('point')
    ? ['above']
    : ['corner', 'front', 'side', 'top', 'close', 'beside', 'gripper']) {
    const { step, picture } = await secondsOf(name, view);
    cameras[`${name} ${view}`] = { steps: Math.round(1 / step), pictures: Math.round(1 / picture) };
  }
}
console.log(
  table([
    ['environment and view, 64 x 64', 'steps with a picture a second', 'pictures a second'],
    ...Object.entries(cameras).map(([name, row]) => [name, ...Object.values(row)]),
  ]),
);

/** A replay of so many frames of 32 x 32, with goals as pictures or without. */
async function million(goal: boolean) {
  const env = await makeEnv('point/reach', { camera: { size: 32, goal } });
  const { spec } = env;
  const T = spec.maxEpisodeSteps;
  const shown = columnsOf(spec);
  const before = process.memoryUsage();
  const replay = createReplay(spec, frames);
  const one = Object.fromEntries(
    shown.map(({ name, size, per, dtype }) => {
      const count = size * (per === 'state' ? T + 1 : per === 'transition' ? T : 1);
      return [name, dtype === 'uint8' ? new Uint8Array(count).fill(7) : new Float32Array(count)];
    }),
  );
  const filling = cpuSeconds(() => {
    while (replay.ring.transitions + T <= frames) replay.addEpisode({ columns: one, failed: false });
  });
  const { rss, arrayBuffers } = process.memoryUsage();
  const sampler = createSampler(replay, env, parseRelabel('future:4'));
  const names = ['camera', 'next.camera', ...(goal ? ['goal-camera'] : ['goal']), 'action', 'reward', 'terminated'];
  const batch = createBatch(spec, 256, names);
  const random = createRandom(2);
  const times = Array.from({ length: 200 }, () => cpuSeconds(() => sampler.sample(random, batch)) * 1000);
  return {
    frames: replay.ring.transitions,
    bytesPerRow: 4 * replay.ring.layout.width,
    gigabytes: Number((arrayBuffers / 2 ** 30).toFixed(2)),
    resident: Number(((rss - before.rss) / 2 ** 30).toFixed(2)),
    framesStoredPerSecond: Math.round(replay.ring.transitions / filling),
    batchMilliseconds: Number(median(times.slice(20)).toFixed(3)),
  };
}

const replays = { 'goals as numbers': await million(false) };
console.log(
  table([
    ['replay of pictures 32 x 32', 'frames', 'bytes a row', 'GiB', 'frames stored a second', 'ms of 256 transitions'],
    ...Object.entries(replays).map(([name, replay]) => [
      name,
      replay.frames,
      replay.bytesPerRow,
      replay.resident,
      replay.framesStoredPerSecond,
      replay.batchMilliseconds,
    ]),
  ]),
);
record('camera', { cameras, replays });
