// The project's own format of data sets: a safetensors file with a tensor per column, that any language reads.
import { type Column, columnsOf, createValues } from '../../envs/columns.js';
import { reviveSpec } from '../../envs/spec.js';
import { RunError, UsageError } from '../../errors.js';
import { type ByteSource, checksumOf } from '../../runs/byte-source.js';
import { encodeSafetensors, type WritableTensor } from '../../safetensors.js';
import { decodeHeader, headerEnd, LENGTH_BYTES, type SafetensorsHeader } from '../../safetensors-header.js';
import type { DataOrigin, DataSet, EpisodeColumns } from '../data-set.js';

/** What `format` in the file's metadata says. */
const FORMAT = 'anygoal episodes';
const VERSION = '1';
/** For people. */
const EPISODES = 'episodes of anygoal';
const howToRecord = '`anygoal data record ENV --out FILE` writes data sets.';
/** No column's name has a dot. */
export const STEPS = 'episode.steps';
export const FAILED = 'episode.failed';

/**
 * The bytes of a data set: tensors `episode.steps` [E] I32, `episode.failed` [E] U8, and the columns by name, F32 or U8:
 * [sum of (T + 1), ...] of states, [sum of T, ...] of transitions, [E, ...] of episodes. The metadata hold the
 * environment's name, options and spec, and the data's origin, as JSON.
 */
export function encodeEpisodes(
  about: Pick<DataSet, 'env' | 'options' | 'spec' | 'origin'>,
  { steps, failed, columns }: EpisodeColumns,
): Uint8Array {
  const tensors: Record<string, WritableTensor> = {
    [STEPS]: { shape: [steps.length], data: steps },
    [FAILED]: { shape: [steps.length], data: failed },
  };
  for (const { name, shape, size } of columnsOf(about.spec)) {
    const data = columns[name];
    if (data) tensors[name] = { shape: [data.length / size, ...shape], data };
  }
  return encodeSafetensors(tensors, metadataOf(about));
}

/** What the header says. `derived`: another program recorded it, and the spec is what its file told. */
export const metadataOf = (
  about: Pick<DataSet, 'env' | 'options' | 'spec' | 'origin'> & { readonly derived?: boolean },
) => ({
  format: FORMAT,
  version: VERSION,
  env: about.env,
  options: JSON.stringify(about.options),
  spec: JSON.stringify(about.spec),
  origin: JSON.stringify(about.origin),
  ...(about.derived && { derived: 'true' }),
});

/**
 * Opens a data set; only its header and the lengths of its episodes are read.
 * @throws RunError where the file is damaged, another kind of file or of a newer version
 */
export async function openEpisodes(source: ByteSource): Promise<DataSet> {
  const { name, size } = source;
  const start = await source.read(0, Math.min(LENGTH_BYTES + 1, size));
  // The length of the header, then the brace that it begins with.
  if (start[LENGTH_BYTES] !== 0x7b) throw new UsageError(`${name} is no data set; ${howToRecord}`);
  const header = decodeHeader(await source.read(0, headerEnd(start, size, name)), size, name);
  const { metadata } = header;
  if (metadata.format !== FORMAT) {
    throw new UsageError(`${name} is a safetensors file, but holds no episodes; ${howToRecord}`);
  }
  if (metadata.version !== VERSION) {
    throw new RunError(
      `${name} has version ${metadata.version} of the format, this anygoal reads ${VERSION}; update anygoal.`,
    );
  }
  const about = describe(metadata, name);
  const tensor = async (from: string) => {
    const place = header.tensors[from];
    if (!place) throw new RunError(`${name} is damaged: it lacks the tensor "${from}".`);
    return source.read(header.dataAt + place.start, header.dataAt + place.end);
  };
  const steps = new Int32Array((await tensor(STEPS)).buffer);
  const failed = await tensor(FAILED);
  const wrong = steps.findIndex((count) => count < 1);
  if (wrong >= 0) throw new RunError(`${name} is damaged: episode ${wrong} has ${steps[wrong]} steps.`);
  const starts = startsOf(steps);
  const columns = columnsOf(about.spec).filter(({ name: column }) => header.tensors[column]);
  for (const column of columns) checkColumn(column, header, starts, name);

  return {
    name,
    format: EPISODES,
    derived: metadata.derived === 'true',
    findings: [],
    ...about,
    columns: columns.map((column) => column.name),
    steps,
    transitions: starts[steps.length],
    async read(from, to) {
      const values: Record<string, Float32Array | Uint8Array> = {};
      for (const column of columns) {
        const bytes = createValues(column.dtype, 1).BYTES_PER_ELEMENT * column.size;
        const at = header.dataAt + header.tensors[column.name].start;
        const [first, end] = [rowOf(column, starts, from), rowOf(column, starts, to)];
        const part = await source.read(at + first * bytes, at + end * bytes);
        values[column.name] = column.dtype === 'uint8' ? part : new Float32Array(part.buffer);
      }
      return { steps: steps.slice(from, to), failed: failed.slice(from, to), columns: values };
    },
    checksum: () => checksumOf(source),
    close: () => source.close(),
  };
}

/** The transitions before each episode, and in all. */
export function startsOf(steps: Int32Array): Float64Array {
  const starts = new Float64Array(steps.length + 1);
  for (let i = 0; i < steps.length; i++) starts[i + 1] = starts[i] + steps[i];
  return starts;
}

/** The row of a column at which an episode begins. */
export const rowOf = ({ per }: Column, starts: Float64Array, episode: number): number =>
  per === 'episode' ? episode : per === 'transition' ? starts[episode] : starts[episode] + episode;

function checkColumn(column: Column, { tensors }: SafetensorsHeader, starts: Float64Array, file: string): void {
  const { dtype, shape } = tensors[column.name];
  const wanted = [rowOf(column, starts, starts.length - 1), ...column.shape];
  const type = column.dtype === 'uint8' ? 'U8' : 'F32';
  if (dtype === type && shape.join() === wanted.join()) return;
  throw new RunError(
    `${file} is damaged: column "${column.name}" is ${dtype} [${shape.join(', ')}], but its episodes have ${type} [${wanted.join(', ')}].`,
  );
}

function describe(metadata: SafetensorsHeader['metadata'], file: string) {
  try {
    return {
      env: metadata.env,
      options: JSON.parse(metadata.options) as Record<string, unknown>,
      spec: reviveSpec(metadata.spec),
      origin: JSON.parse(metadata.origin) as DataOrigin,
    };
  } catch (error) {
    throw new RunError(`${file} is damaged: what it says of its environment is not readable.`, { cause: error });
  }
}
