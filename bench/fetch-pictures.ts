// Makes the documentation's pictures of the Fetch tasks: scripted controllers at work, drawn by the program itself from the
// models of the user's own Gymnasium-Robotics. Run with: npx tsx bench/fetch-pictures.ts
import { mkdirSync, writeFileSync } from 'node:fs';
import { scriptedController } from '../src/envs/fetch/scripted.js';
import { makeEnv } from '../src/envs/index.js';
import { encodePng } from '../src/physics/png.js';
import { type RenderOptions, render } from '../src/physics/render.js';

const near: RenderOptions = { camera: [2.45, -0.4, 1.4], target: [1.02, 0.72, 0.68], fieldOfView: 36 };
const far: RenderOptions = { camera: [2.75, -0.55, 1.5], target: [1.1, 0.74, 0.58], fieldOfView: 37 };
const pictures = [
  { task: 'reach', controller: 'reach', seed: 4, goal: [1.45, 0.66, 0.6], steps: 1, view: near },
  { task: 'push', controller: 'push', seed: 6, goal: [1.42, 0.66, 0.425], steps: 16, view: near },
  // There is no controller for sliding: the one that pushes shows the first touch.
  { task: 'slide', controller: 'push', seed: 3, goal: [1.55, 0.7, 0.42], steps: 12, view: far },
  { task: 'pick-and-place', controller: 'pick-and-place', seed: 5, goal: [1.44, 0.58, 0.66], steps: 13, view: near },
] as const;

async function main(): Promise<void> {
  mkdirSync('docs/images', { recursive: true });
  const only = process.argv.slice(2);
  for (const { task, controller, seed, goal: wanted, steps, view } of pictures) {
    if (only.length > 0 && !only.includes(task)) continue;
    const env = await makeEnv(`fetch/${task}`);
    const control = scriptedController(controller);
    let { observation, goal } = env.reset({ seed, goal: wanted });
    for (let i = 0; i < steps; i++) ({ observation, goal } = env.step(control(observation, goal)));
    const picture = render(env.scene!(), { ...view, samples: Number(process.env.SAMPLES ?? 3) });
    const file = `docs/images/fetch-${task}.png`;
    writeFileSync(file, encodePng(picture));
    console.log(`${file}: ${picture.width} x ${picture.height}`);
    env.dispose?.();
  }
}

await main();
