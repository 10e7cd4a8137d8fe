// Safetensors: a recorded byte layout, round trips, and every way a file can be damaged.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeSafetensors, encodeSafetensors } from './safetensors.js';

const text = (value: string) => new TextEncoder().encode(value);

/** A file from a literal header and data bytes, as the format describes it. */
function file(header: string, data: readonly number[] = []): Uint8Array {
  const json = text(header);
  const bytes = new Uint8Array(8 + json.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(data, 8 + json.length);
  return bytes;
}

test('the bytes are those of the format', () => {
  const bytes = encodeSafetensors(
    { w: { shape: [1, 2], data: Float32Array.of(1, -2) }, b: { shape: [], data: Float32Array.of(0.5) } },
    { agent: 'sac' },
  );
  const header =
    '{"__metadata__":{"agent":"sac"},"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},' +
    '"b":{"dtype":"F32","shape":[],"data_offsets":[8,12]}}';
  const padded = header.padEnd(Math.ceil(header.length / 8) * 8, ' ');
  const numbers = [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 0, 0, 0, 0x3f]; // 1, -2, 0.5 as little-endian float32
  expect([...bytes]).toEqual([...file(padded, numbers)]);
});

test('what is written is read back, bit for bit, from unaligned memory too', () => {
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.string({ minLength: 1 }).filter((name) => name !== '__metadata__' && name !== '__proto__'),
        fc.tuple(fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }), fc.float({ noNaN: true })),
        { noNullPrototype: true },
      ),
      fc.dictionary(
        fc.string().filter((name) => name !== '__proto__'),
        fc.string(),
        { noNullPrototype: true },
      ),
      (drawn, metadata) => {
        const tensors = Object.fromEntries(
          Object.entries(drawn).map(([name, [shape, value]]) => [
            name,
            { shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value) },
          ]),
        );
        const bytes = encodeSafetensors(tensors, metadata);
        const unaligned = new Uint8Array(bytes.length + 1).subarray(1);
        unaligned.set(bytes);
        expect(decodeSafetensors(unaligned)).toEqual({ tensors, metadata });
      },
    ),
  );
});

describe('damaged files are refused by name', () => {
  const valid = encodeSafetensors({ w: { shape: [2], data: Float32Array.of(1, 2) } });
  const entry = (fields: string) => file(`{"w":{${fields}}}`, [0, 0, 0, 0]);
  const cases: [string, Uint8Array, RegExp][] = [
    ['empty', new Uint8Array(0), /too few/],
    ['header cut', valid.subarray(0, 20), /cut short/],
    ['data cut', valid.subarray(0, valid.length - 1), /cut short/],
    ['data too long', new Uint8Array([...valid, 0]), /1 data bytes belong to no tensor/],
    ['not safetensors', text('this is a text file, no tensors'), /no safetensors file/],
    ['header not JSON', file('{"w":'), /not JSON/],
    ['header no object', file('[1]'), /not a JSON object/],
    ['other type', entry('"dtype":"F16","shape":[2],"data_offsets":[0,4]'), /type F16; only F32/],
    ['no shape', entry('"dtype":"F32","shape":[-1],"data_offsets":[0,4]'), /no valid shape/],
    ['no offsets', entry('"dtype":"F32","shape":[1],"data_offsets":[4,0]'), /no valid data_offsets/],
    ['wrong size', entry('"dtype":"F32","shape":[2],"data_offsets":[0,4]'), /4 bytes instead of 8/],
    [
      'overlap',
      file(
        '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
        [0, 0, 0, 0],
      ),
      /overlap or leave a gap/,
    ],
    [
      'gap',
      file('{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}', [0, 0, 0, 0, 0, 0, 0, 0]),
      /overlap or leave/,
    ],
    ['metadata', file('{"__metadata__":{"a":1}}'), /map names to strings/],
  ];
  test.each(cases)('%s', (_, bytes, message) => {
    expect(() => decodeSafetensors(bytes, 'runs/x/policy.safetensors')).toThrow(message);
    expect(() => decodeSafetensors(bytes, 'runs/x/policy.safetensors')).toThrow('runs/x/policy.safetensors');
  });

  test('a shape that does not fit its numbers is not written', () => {
    expect(() => encodeSafetensors({ w: { shape: [3], data: new Float32Array(2) } })).toThrow(/needs 3 numbers, not 2/);
  });
});

describe('files of other programs', () => {
  const types = {
    half: ['F16', [0x00, 0x3c, 0x00, 0xc0, 0xff, 0x7b, 0x01, 0x00, 0x00, 0x7c], [1, -2, 65504, 2 ** -24, Infinity]],
    brain: ['BF16', [0x80, 0x3f, 0x49, 0xc0, 0xc0, 0x7f], [1, -3.140625, Number.NaN]],
    double: ['F64', [...new Uint8Array(Float64Array.of(0.1, -1e300).buffer)], [Math.fround(0.1), -Infinity]],
    single: ['F32', [...new Uint8Array(Float32Array.of(0.25).buffer)], [0.25]],
    steps: ['I64', [7, 0, 0, 0, 0, 0, 0, 0], undefined],
    mask: ['BOOL', [1, 0, 1], undefined],
  } as const;
  const header: Record<string, object> = {};
  const data: number[] = [];
  for (const [name, [dtype, bytes]] of Object.entries(types)) {
    const size = { F16: 2, BF16: 2, F64: 8, F32: 4, I64: 8, BOOL: 1 }[dtype];
    header[name] = { dtype, shape: [bytes.length / size], data_offsets: [data.length, data.length + bytes.length] };
    data.push(...bytes);
  }
  const bytes = file(JSON.stringify(header), data);

  test('floating-point numbers become float32, others are skipped by name', () => {
    const { tensors, skipped } = decodeSafetensors(bytes, 'other.safetensors', { convert: true });
    for (const [name, [, , values]] of Object.entries(types)) {
      expect(tensors[name] && [...tensors[name].data]).toEqual(values);
    }
    expect(skipped).toEqual({ steps: 'I64', mask: 'BOOL' });
  });

  test('a run of ours refuses them as they are, not as damaged', () => {
    const attempt = () => decodeSafetensors(bytes, 'x.safetensors');
    expect(attempt).toThrow(/^x\.safetensors: tensor "half" has type F16; only F32 is read here.*convert: true/);
    expect(attempt).not.toThrow(/damaged/);
    const odd = file('{"w":{"dtype":"Q4","shape":[1],"data_offsets":[0,4]}}', [0, 0, 0, 0]);
    expect(() => decodeSafetensors(odd, 'x', { convert: true })).toThrow(/no known type \(Q4; known are BOOL/);
  });
});

test('the bytes may be a Buffer of Node, whose slices are views', () => {
  const bytes = encodeSafetensors({
    a: { shape: [2], data: Float32Array.of(1, 2) },
    b: { shape: [1], data: Float32Array.of(3) },
  });
  const { tensors } = decodeSafetensors(Buffer.from(bytes));
  expect([[...tensors.a.data], [...tensors.b.data]]).toEqual([[1, 2], [3]]);
});
