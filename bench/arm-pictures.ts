// Makes the documentation's pictures of the arm tasks: the scripted controllers at work, drawn by the program itself.
// Run with: npx tsx bench/arm-pictures.ts
import { mkdirSync, writeFileSync } from 'node:fs';
import { armPickAndPlace, armPush, armReach, armSlide } from '../src/envs/arm/index.js';
import { type ArmTask, armOptions } from '../src/envs/arm/rules.js';
import { scriptedController } from '../src/envs/arm/scripted.js';
import { encodePng } from '../src/physics/png.js';
import { type RenderOptions, render } from '../src/physics/render.js';

const near: RenderOptions = { camera: [1.72, -1.3, 1.25], target: [0.38, -0.01, 0.58], fieldOfView: 32 };
const far: RenderOptions = { camera: [1.85, -1.75, 1.35], target: [0.6, 0.02, 0.5], fieldOfView: 35 };
const pictures = [
  { definition: armReach, seed: 4, goal: [0.69, 0.06, 0.5], steps: 1, view: near },
  { definition: armPush, seed: 7, goal: [0.65, -0.04, 0.425], steps: 10, view: near },
  { definition: armSlide, seed: 3, goal: [1.16, 0.05, 0.415], steps: 21, view: far },
  { definition: armPickAndPlace, seed: 5, goal: [0.68, 0.13, 0.68], steps: 9, view: near },
];

async function main(): Promise<void> {
  mkdirSync('docs/images', { recursive: true });
  for (const { definition, seed, goal: wanted, steps, view } of pictures) {
    const task = definition.name.slice('arm/'.length) as ArmTask;
    const env = await definition.create(armOptions.parse({}));
    const control = scriptedController(task);
    let { observation, goal } = env.reset({ seed, goal: wanted });
    for (let i = 0; i < steps; i++) ({ observation, goal } = env.step(control(observation, goal)));
    const picture = render(env.scene!(), { ...view, samples: Number(process.env.SAMPLES ?? 5) });
    const file = `docs/images/arm-${task}.png`;
    writeFileSync(file, encodePng(picture));
    console.log(`${file}: ${picture.width} x ${picture.height}`);
    env.dispose?.();
  }
}

await main();
