// Frames learned from in a second, one thread: two convolutions and three dense layers that imitate actions seen in pictures,
// with their gradients and Adam; beside the same network in PyTorch, in turn, where there is a Python that has it.
// Run: npx tsx bench/pictures-update.ts [--torch PYTHON]
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { adamStep, moments, updateStep } from '../src/agents/update-step.js';
import { imageEncoder, initDense, joinLayouts, mlp, mlpLayout, smallImages, views } from '../src/nets/index.js';
import { createRandom } from '../src/random.js';
import { nodeRuntime } from '../src/runtime/node.js';
import { grad } from '../src/tensor/index.js';
import { createUpdater } from '../src/updates/updater.js';
import { record, table, vectorInstructions } from './record.js';
import { median } from './update/measure.js';

const { values } = parseArgs({ options: { torch: { type: 'string' } } });
const ROWS = 128;
const ROUNDS = 9;

async function openOurs(size: number) {
  const encoder = imageEncoder([size, size, 3], smallImages);
  const body = mlpLayout([encoder.size, 64, 64, 2]);
  const layout = joinLayouts({ encoder: encoder.layout, body });
  const random = createRandom(1);
  const step = updateStep(
    'imitate',
    (g) => {
      const parameters = g.input('network', [layout.size]);
      const tensors = views(parameters, layout);
      const ofEncoder = tensors.splice(0, encoder.layout.entries.length);
      const pictures = g
        .input('camera', [ROWS, size, size, 3], 'uint8')
        .cast(g.dtype)
        .mul(1 / 255);
      const y = mlp(tensors, encoder.apply(ofEncoder, pictures, {})).tanh();
      const loss = y
        .sub(g.input('action', [ROWS, 2]))
        .square()
        .mean();
      return { gradients: { network: grad(loss, [parameters])[0] }, metrics: { loss } };
    },
    { divisible: true, optimizerSteps: [adamStep('network', { learningRate: 1e-3, learningRateDecay: 0 })] },
  );
  const init = () => Float32Array.from([...encoder.init(random), ...initDense(body, random)]);
  const batch = {
    camera: Uint8Array.from({ length: ROWS * size * size * 3 }, () => random.below(256)),
    action: Float32Array.from({ length: ROWS * 2 }, () => 2 * random.uniform() - 1),
  };
  const updater = await createUpdater({
    agent: {
      state: { network: { size: layout.size, layout: layout.entries, init }, ...moments('network', layout) },
      steps: () => ({ imitate: step }),
      updateNames: () => ['imitate'],
    },
    rows: ROWS,
    runtime: nodeRuntime,
    threads: 1,
    random,
    batch,
    nextBatch: () => undefined,
  });
  await updater.update(5);
  return {
    parameters: layout.size,
    async time(updates: number) {
      const before = process.cpuUsage();
      await updater.update(updates);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1e6;
    },
    dispose: () => updater.dispose(),
  };
}

async function openTorch(python: string, size: number, updates: number) {
  const script = fileURLToPath(new URL('peers/torch_pictures.py', import.meta.url));
  const child = spawn(python, [script, JSON.stringify({ size, rows: ROWS, updates })], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => JSON.parse((await lines.next()).value);
  const facts: { torch: string; parameters: number } = await next();
  return {
    ...facts,
    async time(): Promise<number> {
      child.stdin.write('\n');
      return next();
    },
    dispose: () => child.stdin.end(),
  };
}

const rows = [];
for (const size of [32, 64]) {
  const updates = size === 32 ? 20 : 5;
  const ours = await openOurs(size);
  const torch = values.torch === undefined ? undefined : await openTorch(values.torch, size, updates);
  if (torch && torch.parameters !== ours.parameters) throw new Error('the networks have different sizes');
  const times: Record<'anygoal' | 'torch', number[]> = { anygoal: [], torch: [] };
  for (let round = 0; round < ROUNDS; round++) {
    times.anygoal.push(await ours.time(updates));
    if (torch) times.torch.push(await torch.time());
  }
  const perSecond = (all: readonly number[]) => Math.round((updates * ROWS) / median(all));
  rows.push({
    size,
    rows: ROWS,
    anygoal: perSecond(times.anygoal),
    ...(torch && { torch: perSecond(times.torch), version: torch.torch }),
  });
  await ours.dispose();
  torch?.dispose();
}
console.log(
  table([
    ['pictures', 'anygoal, frames a processor second', 'PyTorch', 'times'],
    ...rows.map(({ size, anygoal, torch }) => [
      `${size} x ${size}`,
      anygoal,
      torch ?? '-',
      torch ? (anygoal / torch).toFixed(2) : '-',
    ]),
  ]),
);
record('pictures-update', {
  command: 'npx tsx bench/pictures-update.ts --torch PYTHON',
  vectors: vectorInstructions(),
  rows,
});
