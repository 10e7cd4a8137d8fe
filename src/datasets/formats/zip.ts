// Entries of a zip file, read front to back without holding them in memory whole.
import { RunError } from '../../errors.js';
import type { ByteSource } from '../../runs/byte-source.js';

export interface ZipEntry {
  readonly name: string;
  /** Bytes when unpacked. */
  readonly size: number;
  /** Bytes [from, to) of it, unpacked. Quickest in rising order: going back begins anew. */
  read(from: number, to: number): Promise<Uint8Array<ArrayBuffer>>;
}

const END = 0x06054b50;
const END64 = 0x06064b50;
const END64_PLACE = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
/** The end record without its comment, which may take 65,535 bytes. */
const END_BYTES = 22;
const NEEDS_64 = 0xffffffff;
/** Packed bytes that are read at a time. */
const PIECE = 1 << 20;

const damaged = (file: string, problem: string) =>
  new RunError(`${file} is damaged: ${problem}. Restore it from a copy.`);

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The entries by the central directory, which alone has the sizes of entries that were streamed. */
export async function zipEntries(source: ByteSource): Promise<ZipEntry[]> {
  const { name, size } = source;
  const tailAt = Math.max(0, size - END_BYTES - 0xffff - 20);
  const tail = viewOf(await source.read(tailAt, size));
  let at = tail.byteLength - END_BYTES;
  while (at >= 0 && tail.getUint32(at, true) !== END) at--;
  if (at < 0) throw damaged(name, 'it is cut short, its directory is missing');
  let [count, length, start] = [
    tail.getUint16(at + 10, true),
    tail.getUint32(at + 12, true),
    tail.getUint32(at + 16, true),
  ];
  if (at >= 20 && tail.getUint32(at - 20, true) === END64_PLACE) {
    const place = Number(tail.getBigUint64(at - 12, true));
    if (place + 56 > size) throw damaged(name, 'it is cut short, its directory is missing');
    const end64 = viewOf(await source.read(place, place + 56));
    if (end64.getUint32(0, true) !== END64) throw damaged(name, 'its directory is not where it should be');
    count = Number(end64.getBigUint64(32, true));
    length = Number(end64.getBigUint64(40, true));
    start = Number(end64.getBigUint64(48, true));
  }
  if (start + length > size) throw damaged(name, 'its directory is not where it should be');
  return readDirectory(source, await source.read(start, start + length), count);
}

function readDirectory(source: ByteSource, directory: Uint8Array, count: number): ZipEntry[] {
  const view = viewOf(directory);
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > directory.length || view.getUint32(at, true) !== CENTRAL) {
      throw damaged(source.name, `entry ${i} of its directory is not one`);
    }
    const nameBytes = view.getUint16(at + 28, true);
    const extraBytes = view.getUint16(at + 30, true);
    const extraAt = at + 46 + nameBytes;
    const place = {
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      local: view.getUint32(at + 42, true),
    };
    widen(place, view, extraAt, extraAt + extraBytes);
    entries.push(
      createEntry(source, {
        ...place,
        name: new TextDecoder().decode(directory.subarray(at + 46, extraAt)),
        method: view.getUint16(at + 10, true),
      }),
    );
    at = extraAt + extraBytes + view.getUint16(at + 32, true);
  }
  return entries;
}

interface Place {
  packed: number;
  size: number;
  local: number;
}

/** Sizes above 4 GB stand in an extra field, those that need it in this order. */
function widen(place: Place, view: DataView, from: number, to: number): void {
  for (let at = from; at + 4 <= to; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    let value = at + 4;
    for (const field of ['size', 'packed', 'local'] as const) {
      if (place[field] !== NEEDS_64) continue;
      place[field] = Number(view.getBigUint64(value, true));
      value += 8;
    }
  }
}

function createEntry(
  source: ByteSource,
  { name, method, packed, size, local }: Place & { name: string; method: number },
): ZipEntry {
  const file = `${source.name} (${name})`;
  if (method !== 0 && method !== 8) {
    throw new RunError(
      `${file} is packed in a way that is not read here (method ${method}); write it with numpy.savez.`,
    );
  }
  async function dataAt(): Promise<number> {
    const header = viewOf(await source.read(local, Math.min(local + 30, source.size)));
    if (header.byteLength < 30 || header.getUint32(0, true) !== LOCAL)
      throw damaged(file, 'it is not where it should be');
    const start = local + 30 + header.getUint16(26, true) + header.getUint16(28, true);
    if (start + packed > source.size) throw damaged(file, 'it is cut short');
    return start;
  }
  let start: number | undefined;
  let stream: Unpacked | undefined;
  return {
    name,
    size,
    async read(from, to) {
      start ??= await dataAt();
      if (method === 0) return source.read(start + from, start + to);
      if (!stream || stream.at > from) {
        await stream?.cancel();
        stream = unpack(source, start, start + packed, file);
      }
      await stream.skip(from - stream.at);
      return stream.take(to - from);
    },
  };
}

interface Unpacked {
  /** The next byte that it gives. */
  readonly at: number;
  skip(count: number): Promise<void>;
  take(count: number): Promise<Uint8Array<ArrayBuffer>>;
  cancel(): Promise<void>;
}

function unpack(source: ByteSource, from: number, to: number, file: string): Unpacked {
  let next = from;
  const packed = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const end = Math.min(next + PIECE, to);
      if (end === next) return controller.close();
      controller.enqueue(await source.read(next, end));
      next = end;
    },
  });
  const reader = packed.pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  let rest: Uint8Array = new Uint8Array(0);
  let at = 0;
  /** Hands over so many bytes, piece by piece. */
  async function forward(count: number, use: (piece: Uint8Array, done: number) => void): Promise<void> {
    for (let done = 0; done < count; ) {
      if (rest.length === 0) {
        const { value, done: ended } = await reader.read().catch(() => {
          throw damaged(file, 'it cannot be unpacked');
        });
        if (ended) throw damaged(file, `it ends after ${at} bytes`);
        rest = value;
      }
      const piece = rest.subarray(0, count - done);
      use(piece, done);
      rest = rest.subarray(piece.length);
      done += piece.length;
      at += piece.length;
    }
  }
  return {
    get at() {
      return at;
    },
    skip: (count) => forward(count, () => undefined),
    async take(count) {
      const bytes = new Uint8Array(count);
      await forward(count, (piece, done) => bytes.set(piece, done));
      return bytes;
    },
    cancel: () => reader.cancel().catch(() => undefined),
  };
}
