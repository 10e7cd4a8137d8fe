// Writes a data set in the project's own format, part by part: every column has its place before any of it is read.
import { columnsOf } from '../../envs/columns.js';
import { UsageError } from '../../errors.js';
import type { ByteSink } from '../../runs/byte-source.js';
import { elements, encodeHeader, type TensorPlace } from '../../safetensors-header.js';
import { type DataSet, partsOf } from '../data-set.js';
import { FAILED, metadataOf, rowOf, STEPS, startsOf } from './episodes.js';

/** Transitions that are read at a time. */
const PART = 50_000;

/** `env`: the environment's name, where it is another than the data say. */
export async function writeEpisodes(data: DataSet, sink: ByteSink, env = data.env): Promise<number> {
  const { steps, spec } = data;
  const starts = startsOf(steps);
  const columns = columnsOf(spec).filter(({ name }) => data.columns.includes(name));
  const places: Record<string, TensorPlace> = {};
  let end = 0;
  const place = (name: string, dtype: string, shape: readonly number[], bytes: number) => {
    places[name] = { dtype, shape, start: end, end: end + bytes * elements(shape) };
    end = places[name].end;
  };
  place(STEPS, 'I32', [steps.length], 4);
  // Numbers of four bytes lie before bytes, so that they stay aligned.
  for (const column of columns.filter(({ dtype }) => dtype === 'float32')) {
    place(column.name, 'F32', [rowOf(column, starts, steps.length), ...column.shape], 4);
  }
  for (const column of columns.filter(({ dtype }) => dtype === 'uint8')) {
    place(column.name, 'U8', [rowOf(column, starts, steps.length), ...column.shape], 1);
  }
  place(FAILED, 'U8', [steps.length], 1);
  const header = encodeHeader(places, metadataOf({ ...data, env }));
  await sink.write(header, 0);
  const write = (name: string, bytes: number, values: Uint8Array | Float32Array | Int32Array) =>
    sink.write(
      new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
      header.length + places[name].start + bytes,
    );
  await write(STEPS, 0, steps);
  for (const [from, to] of partsOf(steps, PART)) {
    const part = await data.read(from, to);
    await write(FAILED, from, part.failed);
    for (const column of columns) {
      const values = part.columns[column.name];
      const rows = rowOf(column, starts, to) - rowOf(column, starts, from);
      if (values.length !== rows * column.size) {
        throw new UsageError(
          `${data.name}: "${column.name}" has ${values.length} numbers instead of ${rows * column.size}.`,
        );
      }
      await write(column.name, rowOf(column, starts, from) * column.size * values.BYTES_PER_ELEMENT, values);
    }
  }
  return header.length + end;
}
