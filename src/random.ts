// Seeded random numbers whose state can be saved: xoshiro128** with SplitMix32 seeding, normals by the ziggurat.

const LAYERS = 128;
const TAIL = 3.442619855899; // start of the tail, Marsaglia & Tsang (2000), 128 layers
const AREA = 9.91256303526217e-3;
const TWO_31 = 2147483648;

// Layer j covers |x| < edges[j]. A draw u, a signed integer of 32 bits, is x = u * scale[j]; below safe[j], in size, it
// needs no further test.
const edges = new Float64Array(LAYERS + 1);
const scale = new Float64Array(LAYERS);
const safe = new Int32Array(LAYERS);
{
  const density = (x: number) => Math.exp(-0.5 * x * x);
  edges[0] = AREA / density(TAIL);
  edges[1] = TAIL;
  for (let i = 2; i < LAYERS; i++) {
    const previous = edges[i - 1];
    edges[i] = Math.sqrt(-2 * Math.log(AREA / previous + density(previous)));
  }
  edges[LAYERS] = 0;
  for (let i = 0; i < LAYERS; i++) {
    scale[i] = edges[i] / TWO_31;
    safe[i] = Math.ceil((edges[i + 1] / edges[i]) * TWO_31);
  }
}

/** A stream of random numbers. Equal seeds give equal streams on every machine. */
export interface Random {
  /** Uniform unsigned 32-bit integer. */
  uint32(): number;
  /** Uniform in [0, 1) with 32 bits. */
  uniform(): number;
  /** Uniform integer in [0, n), n at most 2^32, unbiased to within 2^-32. */
  below(n: number): number;
  /** Standard normal. */
  normal(): number;
  /** Fills with standard normals. */
  fillNormal(out: Float32Array | Float64Array): void;
  /** Fills with uniforms in [low, high). */
  fillUniform(out: Float32Array | Float64Array, low: number, high: number): void;
  /** The four words of state. */
  save(): Uint32Array;
  restore(state: ArrayLike<number>): void;
}

/** Mixes a seed and any number of stream labels into one 32-bit seed, so that parts of a program do not share streams. */
export function mixSeed(seed: number, ...labels: (number | string)[]): number {
  let hash = splitMix(seed >>> 0);
  // Seeds above 2^32 keep their high bits.
  hash = splitMix(hash ^ Math.floor(seed / 4294967296));
  for (const label of labels) {
    for (const character of String(label)) hash = splitMix(hash ^ character.charCodeAt(0));
    hash = splitMix(hash ^ 0x5bd1e995);
  }
  return hash >>> 0;
}

function splitMix(value: number): number {
  let z = (value + 0x9e3779b9) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
}

/** Creates a generator from a seed (any integer from 0 to 2^53 - 1). */
export function createRandom(seed: number): Random {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;

  function restore(state: ArrayLike<number>): void {
    a = state[0] | 0;
    b = state[1] | 0;
    c = state[2] | 0;
    d = state[3] | 0;
  }
  const s0 = mixSeed(seed, 'a');
  const s1 = splitMix(s0);
  const s2 = splitMix(s1);
  restore([s0, s1, s2, splitMix(s2) | 1]); // never all zero

  function int32(): number {
    const x = Math.imul(b, 5);
    const result = Math.imul((x << 7) | (x >>> 25), 9);
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return result;
  }

  const uniform = () => (int32() >>> 0) / 4294967296;

  function normal(): number {
    const u = int32();
    const layer = int32() & (LAYERS - 1); // a separate draw: bits shared with u would correlate them (Doornik 2005)
    return Math.abs(u) < safe[layer] ? u * scale[layer] : outside(u, layer);
  }

  /** The few draws in the tail or between two layers. */
  function outside(u: number, layer: number): number {
    if (layer === 0) {
      let x = 0;
      let y = 0;
      do {
        x = Math.log(1 - uniform()) / TAIL;
        y = Math.log(1 - uniform());
      } while (-2 * y < x * x);
      return u < 0 ? x - TAIL : TAIL - x;
    }
    const x = u * scale[layer];
    const f0 = Math.exp(-0.5 * (edges[layer] * edges[layer] - x * x));
    const f1 = Math.exp(-0.5 * (edges[layer + 1] * edges[layer + 1] - x * x));
    return f1 + uniform() * (f0 - f1) < 1 ? x : normal();
  }

  /** What as many calls of `normal` give, in two thirds of the time: the state is in local variables. */
  function fillNormal(out: Float32Array | Float64Array): void {
    let [p, q, r, s] = [a, b, c, d];
    for (let i = 0; i < out.length; i++) {
      let u = 0;
      let layer = 0;
      for (let draw = 0; draw < 2; draw++) {
        u = layer;
        const x = Math.imul(q, 5);
        layer = Math.imul((x << 7) | (x >>> 25), 9);
        const t = q << 9;
        r ^= p;
        s ^= q;
        q ^= r;
        p ^= s;
        r ^= t;
        s = (s << 11) | (s >>> 21);
      }
      layer &= LAYERS - 1;
      if (Math.abs(u) < safe[layer]) {
        out[i] = u * scale[layer];
      } else {
        [a, b, c, d] = [p, q, r, s];
        out[i] = outside(u, layer);
        [p, q, r, s] = [a, b, c, d];
      }
    }
    [a, b, c, d] = [p, q, r, s];
  }

  return {
    uint32: () => int32() >>> 0,
    uniform,
    below: (n) => Math.floor(uniform() * n),
    normal,
    fillNormal,
    fillUniform(out, low, high) {
      for (let i = 0; i < out.length; i++) out[i] = low + (high - low) * uniform();
    },
    save: () => Uint32Array.of(a, b, c, d),
    restore,
  };
}
