// Makes the documentation's picture of the tabletop: the scripted controllers at work on the ten tasks, drawn by the program
// itself. Run with: npx tsx bench/tabletop-pictures.ts (SAMPLES=1 for a quick look)
import { writeFileSync } from 'node:fs';
import { tabletopEnv, tabletopOptions } from '../src/envs/tabletop/index.js';
import { type TabletopTask, tabletopTasks } from '../src/envs/tabletop/tasks.js';
import { encodePng } from '../src/physics/png.js';
import { type RenderOptions, render } from '../src/physics/render.js';

const width = 360;
const height = 300;
const columns = 5;
const view: RenderOptions = { width, height, camera: [0.3, -1.35, 1.3], target: [0.56, -0.02, 0.47], fieldOfView: 36 };

/** Seed, and how many steps the controller has taken. */
const moments: Readonly<Record<string, readonly [seed: number, steps: number]>> = {
  reach: [4, 2],
  push: [7, 14],
  'pick-and-place': [12, 9],
  stack: [5, 12],
  'press-button': [2, 12],
  'open-drawer': [3, 14],
  'close-drawer': [3, 12],
  'turn-dial': [6, 13],
  'pull-with-hook': [2, 24],
  'sweep-into-tray': [9, 14],
};

async function draw(task: TabletopTask) {
  const definition = tabletopEnv(task);
  const options = tabletopOptions.parse({});
  const env = await definition.create(options);
  const control = definition.demonstrator?.(options);
  const [seed, steps] = moments[task];
  let { observation, goal } = env.reset({ seed });
  for (let i = 0; i < steps; i++) ({ observation, goal } = env.step(control!(observation, goal)));
  const picture = render(env.scene!(), { ...view, samples: Number(process.env.SAMPLES ?? 4) });
  env.dispose?.();
  return picture;
}

async function main(): Promise<void> {
  const rows = Math.ceil(tabletopTasks.length / columns);
  const pixels = new Uint8ClampedArray(4 * columns * width * rows * height);
  for (const [i, task] of tabletopTasks.entries()) {
    const picture = await draw(task);
    const left = (i % columns) * width;
    const top = Math.floor(i / columns) * height;
    for (let y = 0; y < height; y++) {
      const row = picture.pixels.subarray(4 * y * width, 4 * (y + 1) * width);
      pixels.set(row, 4 * ((top + y) * columns * width + left));
    }
    console.log(task);
  }
  const file = 'docs/images/tabletop.png';
  writeFileSync(file, encodePng({ width: columns * width, height: rows * height, pixels }));
  console.log(`${file}: ${columns * width} x ${rows * height}`);
}

await main();
