// Encoders of pictures: what they cost in an update, and how well untrained features tell where the point is.
// Run: npx tsx bench/encoders.ts
import { agentSpec, findAgent } from '../src/agents/index.js';
import { identityNormalizer } from '../src/agents/policy-vectors.js';
import { makeEnv } from '../src/envs/index.js';
import { type Encoder, imageEncoder, keypointEncoder, smallImages, views } from '../src/nets/index.js';
import { createRandom } from '../src/random.js';
import { nodeRuntime } from '../src/runtime/node.js';
import { type Graph, grad, program, type Tensor } from '../src/tensor/index.js';
import { createUpdater } from '../src/updates/updater.js';
import { record } from './record.js';
import { median } from './update/measure.js';

const ROWS = 128;
const PICTURES = 1000;
const TIMES = 31;
const bytes = 32 * 32 * 3;
const encoders: Readonly<Record<string, Encoder>> = {
  convolution: imageEncoder([32, 32, 3], smallImages),
  keypoints: keypointEncoder([32, 32, 3], smallImages),
};
const env = await makeEnv('point/camera');

/** Processor milliseconds of a call, which other programs lengthen less than those on the wall. */
async function timed(run: () => Promise<unknown>): Promise<number> {
  for (let i = 0; i < 3; i++) await run();
  const times: number[] = [];
  for (let i = 0; i < TIMES; i++) {
    const begin = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(begin);
    times.push((user + system) / 1000);
  }
  return round(median(times), 2);
}
const round = (value: number, digits: number) => Number(value.toFixed(digits));

const features = (encoder: Encoder, p: Tensor, rows: number): Tensor =>
  encoder.apply(
    views(p, encoder.layout),
    p.graph
      .input('camera', [rows, 32, 32, 3], 'uint8')
      .cast('float32')
      .mul(1 / 255),
  );

/** Pictures of random walks from random starts, and where the point is. */
function walk() {
  const random = createRandom(9);
  const camera = new Uint8Array(PICTURES * bytes);
  const places = new Float64Array(PICTURES * 2);
  for (let i = 0; i < PICTURES; i++) {
    const action = [2 * random.uniform() - 1, 2 * random.uniform() - 1];
    const now = i % 10 === 0 ? env.reset({ seed: i }) : env.step(action);
    camera.set(now.columns.camera, i * bytes);
    places.set(now.achieved, 2 * i);
  }
  return { camera, places };
}

/** Solves A x = b by elimination with pivots; `rows` are [A | b]. */
function solve(rows: number[][]): number[] {
  const n = rows.length;
  for (let i = 0; i < n; i++) {
    let best = i;
    for (let k = i; k < n; k++) if (Math.abs(rows[k][i]) > Math.abs(rows[best][i])) best = k;
    [rows[i], rows[best]] = [rows[best], rows[i]];
    for (let k = 0; k < n; k++) {
      if (k === i) continue;
      const by = rows[k][i] / rows[i][i];
      for (let j = i; j <= n; j++) rows[k][j] -= by * rows[i][j];
    }
  }
  return rows.map((row, i) => row[n] / row[i]);
}

/** Error of the best linear map from features to places, fitted on one half and measured on the other, per axis. */
async function placeError(encoder: Encoder, seed: number, { camera, places }: ReturnType<typeof walk>) {
  const build = (g: Graph) => ({ y: features(encoder, g.input('p', [encoder.layout.size]), PICTURES) });
  const executable = await nodeRuntime.compile(program('features', build), { threads: 1 });
  const y = (await executable.run({ p: encoder.init(createRandom(seed)), camera })).y as Float32Array;
  await executable.dispose();
  const [n, half] = [encoder.size, PICTURES / 2];
  const x = Array.from({ length: PICTURES }, (_, i) => [...y.subarray(i * n, (i + 1) * n), 1]);
  let squares = 0;
  for (const axis of [0, 1]) {
    const sums = Array.from({ length: n + 1 }, (_, i) =>
      Array.from({ length: n + 2 }, (_, j) => {
        let sum = i === j ? 1e-4 : 0;
        for (let k = 0; k < half; k++) sum += x[k][i] * (j <= n ? x[k][j] : places[2 * k + axis]);
        return sum;
      }),
    );
    const weights = solve(sums);
    for (let k = half; k < PICTURES; k++) {
      const guess = x[k].reduce((sum, value, i) => sum + value * weights[i], 0);
      squares += (guess - places[2 * k + axis]) ** 2;
    }
  }
  return Math.sqrt(squares / (2 * half));
}

/** Processor milliseconds of a SAC update on batches of pictures. */
async function updateTime(options: Record<string, unknown>): Promise<number> {
  const { config, create } = findAgent('sac');
  const spec = agentSpec(env.spec);
  const agent = create(spec, config.parse({ hidden: [64, 64], ...options }), { normalize: true });
  const random = createRandom(1);
  const camera = () => Uint8Array.from({ length: ROWS * bytes }, () => random.below(256));
  const batch = {
    camera: camera(),
    'next.camera': camera(),
    goal: new Float32Array(2 * ROWS),
    action: new Float32Array(2 * ROWS),
    reward: new Float32Array(ROWS),
    terminated: new Float32Array(ROWS),
    normalizer: identityNormalizer(spec),
  };
  const given = { agent, rows: ROWS, runtime: nodeRuntime, threads: 1, random, batch, nextBatch: () => undefined };
  const updater = await createUpdater(given);
  const time = await timed(() => updater.update(1));
  await updater.dispose();
  return time;
}

/** The gradient of the first convolution in its kernels: as it is, a convolution, and as a product with patches. */
async function kernelGradients() {
  const [kernel, places, out] = [3, 15, 16];
  const random = createRandom(1);
  const normals = (size: number) => Float32Array.from({ length: size }, () => random.normal());
  const given = { x: normals(ROWS * bytes), w: normals(out * 27), dy: normals(ROWS * out * places ** 2) };
  const time = async (build: (g: Graph) => Tensor) => {
    const executable = await nodeRuntime.compile(
      program('kernels', (g) => ({ y: build(g) })),
      { threads: 1 },
    );
    const read = executable.inputs.filter(({ unused }) => !unused).map(({ name }) => [name, given[name as 'x']]);
    const milliseconds = await timed(() => executable.run(Object.fromEntries(read)));
    await executable.dispose();
    return milliseconds;
  };
  const indices = Array.from({ length: 27 * places ** 2 }, (_, i) => {
    const [place, of] = [i % places ** 2, Math.floor(i / places ** 2)];
    const [c, a, b] = [Math.floor(of / 9), Math.floor(of / kernel) % kernel, of % kernel];
    return (c * 32 + 2 * Math.floor(place / places) + a) * 32 + 2 * (place % places) + b;
  });
  return {
    convolution: await time((g) => {
      const w = g.input('w', [out, 3, kernel, kernel]);
      const y = g.input('x', [ROWS, 3, 32, 32]).conv2d(w, undefined, { stride: 2 });
      return grad(y.mul(g.input('dy', [ROWS, out, places, places])).sum(), [w])[0];
    }),
    patches: await time((g) => {
      const columns = g.input('x', [ROWS, bytes]).gather(g.constant(indices, [27, places ** 2], 'int64'), 1);
      return g
        .input('dy', [ROWS, out, places ** 2])
        .matmul(columns.transpose([0, 2, 1]))
        .sum([0]);
    }),
  };
}

const kernels = await kernelGradients();
const pictures = walk();
const rows = [];
for (const [kind, encoder] of Object.entries(encoders)) {
  const p = encoder.init(createRandom(1));
  const given = { p, camera: pictures.camera.slice(0, ROWS * bytes) };
  const time = async (build: (p: Tensor) => Tensor) => {
    const built = program(kind, (g) => ({ y: build(g.input('p', [encoder.layout.size])) }));
    const executable = await nodeRuntime.compile(built, { threads: 1 });
    const milliseconds = await timed(() => executable.run(given));
    await executable.dispose();
    return milliseconds;
  };
  const errors: number[] = [];
  for (const seed of [1, 2, 3]) errors.push(round(await placeError(encoder, seed, pictures), 3));
  rows.push({
    kind,
    forwards: await time((of) => features(encoder, of, ROWS)),
    withGradient: await time((of) => grad(features(encoder, of, ROWS).square().mean(), [of])[0]),
    sharedUpdate: await updateTime({ encoders: { camera: kind } }),
    separateUpdate: await updateTime({ encoders: { camera: kind }, sharedEncoder: false }),
    untrainedPlaceErrors: errors,
  });
}
console.table(rows);
console.table(kernels);
record('encoders', {
  command: 'npx tsx bench/encoders.ts',
  batch: ROWS,
  threads: 1,
  unit: 'processor ms, medians',
  rows,
  kernels,
});
