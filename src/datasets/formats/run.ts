// A run's folder as a data set: the episodes that it experienced, as its replay stores them.
import { columnsOf } from '../../envs/columns.js';
import type { EnvSpec } from '../../envs/env.js';
import { reviveSpec } from '../../envs/spec.js';
import { RunError, UsageError } from '../../errors.js';
import { type EpisodePiece, rowLayout, unpackEpisodes } from '../../replay/index.js';
import type { ByteSource } from '../../runs/byte-source.js';
import { crc32c } from '../../runs/crc32c.js';
import { CHECKPOINT, CHECKPOINTS, CONFIG, POLICY, REPLAY } from '../../runs/run-layout.js';
import { decodeSafetensors } from '../../safetensors.js';
import { type DataPlace, readText } from '../data-place.js';
import type { DataSet } from '../data-set.js';
import { episodesOfRows } from '../episode-rows.js';

/** A stored segment: where its bytes lie, and its episodes, of which the first has this number. */
interface Segment {
  readonly at: number;
  readonly size: number;
  readonly first: number;
  readonly pieces: readonly EpisodePiece[];
}

export async function openRunReplay(place: DataPlace): Promise<DataSet> {
  const { name } = place;
  const config = parse(await readText(place, CONFIG), `${name}/${CONFIG}`);
  const last = (await place.list(CHECKPOINTS)).filter((entry) => /^\d+$/.test(entry)).sort((a, b) => +b - +a)[0];
  if (last === undefined) throw new RunError(`${name} has no checkpoint yet, so that no episode of it is sure.`);
  const folder = `${CHECKPOINTS}/${last}`;
  const checkpoint = parse(await readText(place, `${folder}/${CHECKPOINT}`), `${name}/${folder}/${CHECKPOINT}`);
  const length = (checkpoint.offsets as Record<string, number> | undefined)?.[REPLAY] ?? 0;
  if (length === 0) {
    throw new UsageError(
      `${name} keeps no episodes: it learned from data sets, or keeps no replay. Record some with "anygoal data record".`,
    );
  }
  const spec = await recordedSpec(place, `${folder}/${POLICY}`, config);
  const source = await place.open(REPLAY);
  try {
    if (source.size < length) {
      throw new RunError(`${name}/${REPLAY} is damaged: it has ${source.size} bytes instead of ${length}.`);
    }
    const width = rowLayout(spec).width;
    const segments = await indexSegments(source, length, spec);
    /** The segment that was read last: parts follow one another. */
    let kept: { segment: Segment; rows: Float32Array } | undefined;
    const rowsOf = async (segment: Segment): Promise<Float32Array> => {
      if (kept?.segment !== segment) {
        const bytes = await source.read(segment.at, segment.at + segment.size);
        kept = { segment, rows: unpackEpisodes(spec, bytes).rows };
      }
      return kept.rows;
    };
    const steps = Int32Array.from(segments.flatMap(({ pieces }) => pieces.map((piece) => piece.steps)));
    const { name: env, options } = config.env as { name: string; options?: Record<string, unknown> };
    return {
      name,
      format: 'a run of anygoal',
      env,
      options: options ?? {},
      spec,
      derived: false,
      origin: { policy: name, seed: config.seed as number },
      findings: [],
      columns: columnsOf(spec).map((column) => column.name),
      steps,
      transitions: steps.reduce((sum, count) => sum + count, 0),
      async read(from, to) {
        const parts: Float32Array[] = [];
        const pieces: EpisodePiece[] = [];
        let rows = 0;
        for (const segment of segments) {
          const [a, b] = [Math.max(from, segment.first), Math.min(to, segment.first + segment.pieces.length)];
          if (a >= b) continue;
          const stored = await rowsOf(segment);
          for (let i = a; i < b; i++) {
            const piece = segment.pieces[i - segment.first];
            parts.push(stored.subarray(piece.first * width, (piece.first + piece.steps + 1) * width));
            pieces.push({ ...piece, first: rows });
            rows += piece.steps + 1;
          }
        }
        const memory = new Float32Array(rows * width);
        for (const [i, part] of parts.entries()) memory.set(part, pieces[i].first * width);
        return episodesOfRows(spec, { rows: memory, pieces });
      },
      async checksum() {
        let sum = 0;
        for (const { at, size } of segments) sum = crc32c(await source.read(at, at + size), sum);
        return sum.toString(16).padStart(8, '0');
      },
      close: () => source.close(),
    };
  } catch (error) {
    await source.close();
    throw error;
  }
}

type Json = Readonly<Record<string, unknown>>;

function parse(text: string, file: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new RunError(`${file} is damaged: it is not JSON. Restore it from a copy.`, { cause: error });
  }
}

/** The environment's spec as the run recorded it, with its policy or in its configuration. */
async function recordedSpec(place: DataPlace, policy: string, config: Json) {
  const source = await place.open(policy);
  try {
    const { metadata } = decodeSafetensors(await source.read(0, source.size), source.name);
    if (metadata.spec) return reviveSpec(metadata.spec);
    if (config.spec) return reviveSpec(JSON.stringify(config.spec));
  } finally {
    await source.close();
  }
  throw new RunError(`${place.name} was made by an older anygoal, which did not record what its environment was.`);
}

/** Segments up to `length`, each checked by its sum (see run-layout.ts for the frames). */
async function indexSegments(source: ByteSource, length: number, spec: EnvSpec): Promise<Segment[]> {
  const segments: Segment[] = [];
  let first = 0;
  for (let at = 0; at < length; ) {
    const damaged = new RunError(`${source.name} is damaged at byte ${at}. Restore it from a copy.`);
    if (at + FRAME_BYTES > length) throw damaged;
    const frame = new DataView((await source.read(at, at + FRAME_BYTES)).buffer);
    const [size, sum] = [frame.getUint32(0, true), frame.getUint32(4, true)];
    if (at + FRAME_BYTES + size > length) throw damaged;
    const bytes = await source.read(at + FRAME_BYTES, at + FRAME_BYTES + size);
    if (crc32c(bytes) !== sum) throw damaged;
    const { pieces } = unpackEpisodes(spec, bytes);
    segments.push({ at: at + FRAME_BYTES, size, first, pieces });
    first += pieces.length;
    at += FRAME_BYTES + size;
  }
  return segments;
}

/** Length and CRC-32C of a segment, before its bytes. */
const FRAME_BYTES = 8;
