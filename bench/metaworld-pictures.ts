// Makes the documentation's picture of the Meta-World tasks: the ten, each with its scripted policy at work, drawn by the
// program itself from the models of the user's own copy. Run with: npx tsx bench/metaworld-pictures.ts
import { mkdirSync, writeFileSync } from 'node:fs';
import { makeEnv, metaworldTasks, scriptedPolicy } from '../src/envs/index.js';
import { encodePng } from '../src/physics/png.js';
import { type RenderOptions, render } from '../src/physics/render.js';

const width = 200;
const height = 170;
const columns = 5;
const view: RenderOptions = { width, height, camera: [0.95, 0.05, 0.85], target: [0.02, 0.72, 0.12], fieldOfView: 40 };
/** How far each has come. */
const steps = [30, 50, 45, 70, 75, 60, 55, 80, 75, 65];

async function main(): Promise<void> {
  const rows = Math.ceil(metaworldTasks.length / columns);
  const sheet = {
    width: columns * width,
    height: rows * height,
    pixels: new Uint8ClampedArray(4 * columns * width * rows * height),
  };
  for (const [i, task] of metaworldTasks.entries()) {
    const env = await makeEnv(`metaworld/${task}`);
    const policy = scriptedPolicy(task);
    let { observation, goal } = env.reset({ seed: 4 });
    for (let k = 0; k < steps[i]; k++) ({ observation, goal } = env.step(policy(observation, goal)));
    const { pixels } = render(env.scene!(), { ...view, samples: Number(process.env.SAMPLES ?? 3) });
    const [left, top] = [(i % columns) * width, Math.floor(i / columns) * height];
    for (let y = 0; y < height; y++) {
      sheet.pixels.set(pixels.subarray(4 * y * width, 4 * (y + 1) * width), 4 * ((top + y) * sheet.width + left));
    }
    env.dispose?.();
  }
  mkdirSync('docs/images', { recursive: true });
  writeFileSync('docs/images/metaworld.png', encodePng(sheet));
}

await main();
