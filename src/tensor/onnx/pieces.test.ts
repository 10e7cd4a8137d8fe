// Long vectors in pieces: the same numbers, and no copies of what is large.
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../random.js';
import { nodeRuntime } from '../../runtime/node.js';
import { webRuntime } from '../../runtime/web.js';
import { concat, program, type Tensor } from '../index.js';
import { toModel, toOnnx } from './emit.js';
import { pieceOf } from './pieces.js';

const SIZES = [3, 100 * 100, 100, 7, 90 * 100];
const total = SIZES.reduce((a, b) => a + b, 0);

/** A vector of two matrices and small vectors between them; the result is put together likewise. */
const layers = program('layers', (g) => {
  const flat = g.input('flat', [total]);
  const [a, w, b, c, u] = flat.split(SIZES, 0);
  const x = g.input('x', [1, 100]);
  const first = x.matmul(w.reshape([100, 100])).add(b);
  const second = u.reshape([90, 100]).mul(first).mul(c.sum());
  const matrix = w.reshape([100, 100]).mul(first);
  return {
    changed: concat([a.neg(), second.reshape([-1]), b.exp(), c, matrix.reshape([-1])], 0),
    sum: flat.split(SIZES, 0)[1].sum(),
  };
});

const values = (size: number, seed: number) => {
  const array = new Float32Array(size);
  createRandom(seed).fillNormal(array);
  return array;
};

describe('a program whose vectors come and go in pieces', () => {
  const given = { flat: values(total, 1), x: values(100, 2) };

  it.each([nodeRuntime, webRuntime])('$name computes what the whole one computes', async (runtime) => {
    const pieces = await runtime.compile(layers);
    const whole = await runtime.compile(toOnnx(layers));
    const [got, wanted] = [await pieces.run(given), await whole.run(given)];
    expect(got.changed).toEqual(wanted.changed);
    // The order of a sum depends on how its numbers lie in memory.
    expect(Number(got.sum)).toBeCloseTo(Number(wanted.sum), 3);
    expect(pieces.inputs).toEqual(layers.inputs);
    expect(pieces.outputs).toEqual(layers.outputs);
    await Promise.all([pieces.dispose(), whole.dispose()]);
  });

  it('is the same from the bytes of its model, as another thread gets it', async () => {
    const bytes = await nodeRuntime.compile(toOnnx(layers, { pieces: true }));
    expect(bytes.inputs.map(({ name, shape }) => [name, shape])).toEqual([
      ['flat', [total]],
      ['x', [1, 100]],
    ]);
    const program = await nodeRuntime.compile(layers);
    expect(await bytes.run(given)).toEqual(await program.run(given));
    expect(() => bytes.bind({ ...given, flat: values(5, 1) }, {})).toThrow(`input "flat" (float32 [${total}]) needs`);
    await Promise.all([bytes.dispose(), program.dispose()]);
  });

  it('copies nothing that is large', () => {
    const { inputs, outputs, nodes } = toModel(layers, { pieces: true });
    expect(inputs.map(({ name, shape }) => [name, shape])).toEqual([
      [`flat@0/${total}`, [3]],
      [`flat@3/${total}`, [10_000]],
      [`flat@10003/${total}`, [107]],
      [`flat@10110/${total}`, [9_000]],
      ['x', [1, 100]],
    ]);
    expect(outputs.map(({ name, shape }) => [name, shape])).toEqual([
      ['changed@0/19110', [3]],
      ['changed@3/19110', [90, 100]],
      ['changed@9003/19110', [107]],
      ['changed@9110/19110', [100, 100]],
      ['sum', []],
    ]);
    const copied = nodes
      .filter(({ op }) => ['Split', 'Concat', 'Identity'].includes(op))
      .flatMap((node) => node.outputs);
    expect(copied).toHaveLength(3); // the two small vectors between the matrices, apart and together
  });

  it('leaves models for others, and short vectors, as they are', () => {
    const short = program('short', (g) => ({ y: g.input('flat', [10]).split([4, 6], 0)[1].exp() }));
    expect(toModel(short, { pieces: true })).toEqual(toModel(short));
    expect(toModel(layers).inputs.map(({ name }) => name)).toEqual(['flat', 'x']);
    expect(['flat@12/30', 'flat', 'a@b', 'a@3'].map(pieceOf)).toEqual([
      { value: 'flat', offset: 12, size: 30 },
      undefined,
      undefined,
      undefined,
    ]);
  });

  /** Program and bytes give the same for these numbers, and the bytes know the whole vector. */
  async function check(build: (flat: Tensor) => Tensor) {
    const made = program('made', (g) => ({ y: build(g.input('flat', [total])) }));
    const [one, other] = [made, toOnnx(made, { pieces: true })].map((source) => nodeRuntime.compile(source));
    const [ofProgram, ofBytes, whole] = [await one, await other, await nodeRuntime.compile(toOnnx(made))];
    expect(ofBytes.inputs.map(({ name, shape }) => [name, shape])).toEqual([['flat', [total]]]);
    const wanted = await whole.run({ flat: given.flat });
    expect(await ofProgram.run({ flat: given.flat })).toEqual(wanted);
    expect(await ofBytes.run({ flat: given.flat })).toEqual(wanted);
    await Promise.all([ofProgram, ofBytes, whole].map((executable) => executable.dispose()));
    return toModel(made, { pieces: true }).inputs.map(({ name }) => name);
  }

  it('reads what is left of a vector where some pieces are not used', async () => {
    const some = (...indices: number[]) =>
      check((flat) => {
        const pieces = flat.split(SIZES, 0);
        return concat(
          indices.map((i) => pieces[i].exp()),
          0,
        );
      });
    expect(await some(1, 4)).toEqual([`flat@3/${total}`, `flat@10110/${total}`]);
    expect(await some(3, 4)).toEqual([`flat@10003/${total}`, `flat@10110/${total}`]);
    expect(await some(2, 3)).toEqual([`flat@10003/${total}`]);
  });

  it('leaves vectors whole that are also read whole, or split in two ways', async () => {
    expect(await check((flat) => concat([flat.split(SIZES, 0)[1], flat.exp()], 0))).toEqual(['flat']);
    const ways = (flat: Tensor) => [flat.split(SIZES, 0)[1], flat.split([total - 10_000, 10_000], 0)[1]];
    expect(await check((flat) => concat(ways(flat), 0))).toEqual(['flat']);
  });
});
