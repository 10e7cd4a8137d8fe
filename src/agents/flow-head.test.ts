// Flow matching: its loss by hand, and that it learns to make both of two actions where a mean would make neither.
import { expect, it } from 'vitest';
import { views } from '../nets/index.js';
import { createRandom } from '../random.js';
import { nodeRuntime } from '../runtime/node.js';
import { grad, program } from '../tensor/index.js';
import { flowHead } from './flow-head.js';

it('is fitted to the way from noise to what was shown', async () => {
  const head = flowHead(1, { features: 1, hidden: [2], steps: 2 });
  const executable = await nodeRuntime.compile(
    program('loss', (g) =>
      head.loss(
        views(g.input('p', [head.layout.size]), head.layout),
        g.input('output', [1, 1]),
        g.input('action', [1, 1]),
        g.input('noise', [1, head.lossNoise]),
      ),
    ),
  );
  // Of a velocity that is always 0 the loss is half of (a - e)^2, and the flow stays where it is at that time.
  const { loss, action } = await executable.run({
    p: new Float32Array(head.layout.size),
    output: Float32Array.of(0.3),
    action: Float32Array.of(0.5),
    noise: Float32Array.of(-1, 0.4, 0.1),
  });
  await executable.dispose();
  expect(loss[0]).toBeCloseTo((1.5 * 1.5) / 2, 5);
  const time = Math.exp(-(0.4 ** 2 + 0.1 ** 2) / 2);
  expect(action[0]).toBeCloseTo(-1 + 1.5 * time, 5);
});

it('makes either of two actions', async () => {
  const head = flowHead(1, { features: 1, hidden: [32, 32], steps: 10 });
  const rows = 128;
  const { size } = head.layout;
  const random = createRandom(1);
  const step = await nodeRuntime.compile(
    program('step', (g) => {
      const p = g.input('p', [size]);
      const loss = head
        .loss(
          views(p, head.layout),
          g.input('output', [rows, 1]),
          g.input('action', [rows, 1]),
          g.input('noise', [rows, head.lossNoise]),
        )
        .loss.mean();
      return { gradient: grad(loss, [p])[0] };
    }),
  );
  const parameters = head.init(createRandom(2));
  const noise = new Float32Array(rows * head.lossNoise);
  const action = Float32Array.from({ length: rows }, (_, i) => (i % 2 === 0 ? -1 : 1));
  const [m, v] = [new Float32Array(size), new Float32Array(size)];
  for (let update = 1; update <= 600; update++) {
    random.fillNormal(noise);
    const { gradient } = await step.run({ p: parameters, output: new Float32Array(rows), action, noise });
    for (let i = 0; i < size; i++) {
      const d = Number(gradient[i]);
      m[i] = 0.9 * m[i] + 0.1 * d;
      v[i] = 0.999 * v[i] + 0.001 * d * d;
      parameters[i] -= (3e-3 * (m[i] / (1 - 0.9 ** update))) / (Math.sqrt(v[i] / (1 - 0.999 ** update)) + 1e-8);
    }
  }
  const sample = await nodeRuntime.compile(
    program('sample', (g) => ({
      action: head.act(
        views(g.input('p', [size]), head.layout),
        g.input('output', [rows, 1]),
        g.input('noise', [rows, 1]),
      ),
    })),
  );
  const from = new Float32Array(rows);
  random.fillNormal(from);
  const made = Array.from(
    (await sample.run({ p: parameters, output: new Float32Array(rows), noise: from })).action,
    Number,
  );
  await Promise.all([step.dispose(), sample.dispose()]);
  const near = (to: number) => made.filter((a) => Math.abs(a - to) < 0.35).length / rows;
  expect(near(-1)).toBeGreaterThan(0.3);
  expect(near(1)).toBeGreaterThan(0.3);
  expect(near(-1) + near(1)).toBeGreaterThan(0.85);
});
