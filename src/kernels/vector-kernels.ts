// What happens to whole parameter vectors between gradients: Adam and running averages, in one pass over memory each.
import { UsageError } from '../errors.js';
import { type VectorFunction, vectorFunction } from './vector-functions.js';
import { encodeModule, PAGE } from './wasm.js';

/** M = beta1 M + g, V = beta2 V + g^2, p -= rate M / (sqrt(V) + offset), with g = scale * gradient; see tensor/optimizers.ts. */
const adam: VectorFunction = {
  name: 'adam',
  pointers: ['params', 'm', 'v', 'gradient'],
  scalars: ['scale', 'beta1', 'beta2', 'rate', 'offset'],
  body({ load, scalar, store, add, sub, mul, div, sqrt }) {
    const g = mul(load('gradient'), scalar('scale'));
    const step = div(mul(load('m'), scalar('rate')), add(sqrt(load('v')), scalar('offset')));
    return [
      store('m', add(mul(load('m'), scalar('beta1')), g)),
      store('v', add(mul(load('v'), scalar('beta2')), mul(g, g))),
      store('params', sub(load('params'), step)),
    ];
  },
};

/** target = keep target + share online. */
const average: VectorFunction = {
  name: 'average',
  pointers: ['target', 'online'],
  scalars: ['keep', 'share'],
  body: ({ load, scalar, store, add, mul }) => [
    store('target', add(mul(load('target'), scalar('keep')), mul(load('online'), scalar('share')))),
  ],
};

/** sum += more. */
const accumulate: VectorFunction = {
  name: 'accumulate',
  pointers: ['sum', 'more'],
  scalars: [],
  body: ({ load, store, add }) => [store('sum', add(load('sum'), load('more')))],
};

/** x a, x b, x c and x d, each added up by place modulo four: four times four sums at `out`. */
const products: VectorFunction = {
  name: 'products',
  pointers: ['x', 'a', 'b', 'c', 'd'],
  scalars: [],
  body: () => [],
  sums: ({ load, mul }) => ['a', 'b', 'c', 'd'].map((y) => mul(load('x'), load(y))),
};

/** Addresses and lengths in bytes; lengths are positive multiples of 16, and memory behind vectors is theirs up to there. */
export interface VectorKernels {
  adam(
    bytes: number,
    params: number,
    m: number,
    v: number,
    gradient: number,
    scale: number,
    beta1: number,
    beta2: number,
    rate: number,
    offset: number,
  ): void;
  average(bytes: number, target: number, online: number, keep: number, share: number): void;
  accumulate(bytes: number, sum: number, more: number): void;
  products(bytes: number, x: number, a: number, b: number, c: number, d: number, out: number): void;
}

/** Memory for so many bytes, which never grows: views of it stay valid. */
export function createMemory(bytes: number, shared: boolean): WebAssembly.Memory {
  const pages = pagesOf(bytes);
  if (pages > MOST_PAGES) {
    const size = (n: number) => `${(n / 2 ** 30).toFixed(1)} GiB`;
    throw new UsageError(
      `the networks, their gradients and Adam's moments take ${size(bytes)} of memory, more than the ${size(MOST_PAGES * PAGE)} that there can be; lower agent.hidden, agent.critics or runtime.threads.`,
    );
  }
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
}

/** Of 32-bit WebAssembly. */
const MOST_PAGES = 65_536;
const pagesOf = (bytes: number) => Math.max(1, Math.ceil(bytes / PAGE));

/** The kernels on a memory of `createMemory`. */
export function createKernels(memory: WebAssembly.Memory): VectorKernels {
  const { buffer } = memory;
  const shared = typeof SharedArrayBuffer !== 'undefined' && buffer instanceof SharedArrayBuffer;
  const bytes = encodeModule([adam, average, accumulate, products].map(vectorFunction), {
    pages: pagesOf(buffer.byteLength),
    shared,
  });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  return exports as unknown as VectorKernels;
}
