// Writes what environments do as rows of the replay: pieces of episodes on their way to the learner.
import type { Values } from '../envs/columns.js';
import { CUT, shownColumns } from '../envs/env-columns.js';
import type { EnvGroup } from '../envs/vector-env.js';
import {
  type EpisodePiece,
  type EpisodePieces,
  type RowColumn,
  type RowMemory,
  rowLayout,
  rowMemory,
  writeColumn,
} from '../replay/index.js';

export interface PieceWriter {
  /** Begins a message of at most `ticks` steps in every environment, in fresh memory. */
  begin(ticks: number): void;
  /** Before a step: writes the present of every environment. */
  before(): void;
  /** After it: writes the actions taken [n, action] and what they led to, never the next episode's first state. */
  after(actions: Float32Array): void;
  /** What was written since `begin`; its memory may be handed to another thread. */
  end(): EpisodePieces;
}

/** `envNumber`: that of the first environment. */
export function createPieceWriter(env: EnvGroup, envNumber = 0): PieceWriter {
  const { spec, count, columns, final } = env;
  const layout = rowLayout(spec);
  const { width } = layout;
  const from = shownColumns(spec).map(({ name }) => ({
    column: layout.column(name),
    present: columns[name],
    final: final[name] as Values | undefined,
  }));
  const present = from.filter(({ column }) => column.per !== 'transition');
  const led = from.filter(({ column }) => column.per === 'transition');
  const action = layout.column('action');
  let memory: RowMemory = rowMemory(new Float32Array(0));
  let pieces: EpisodePiece[] = [];
  /** Rows of each environment lie together, for those of an episode must; here its next one goes. */
  const next = new Int32Array(count);
  /** Where its present piece began. */
  const first = new Int32Array(count);

  function write(i: number, column: RowColumn, values: Values): void {
    writeColumn(memory, next[i] * width, column, values, i * column.size);
  }

  function writePresent(i: number): void {
    for (let c = 0; c < present.length; c++) write(i, present[c].column, present[c].present);
  }

  /** The state at the end of a piece; without an end it is the present, and without a step what was written before. */
  function finish(i: number, end: EpisodePiece['end']): void {
    if (end && next[i] > first[i]) {
      for (let c = 0; c < present.length; c++) {
        const { column, final: values } = present[c];
        if (values) write(i, column, values);
      }
      copyEpisodeColumns(i);
    } else if (!end) writePresent(i);
    const piece = { env: envNumber + i, first: first[i], steps: next[i] - first[i] };
    pieces.push(end ? { ...piece, end } : piece);
    next[i]++;
    first[i] = next[i];
  }

  /** Those of the row before: the environment may show the next episode's already. */
  function copyEpisodeColumns(i: number): void {
    const row = next[i] * width;
    for (let c = 0; c < present.length; c++) {
      const { column } = present[c];
      if (column.per !== 'episode') continue;
      const values = column.dtype === 'uint8' ? memory.bytes : memory.floats;
      const unit = column.dtype === 'uint8' ? 4 : 1;
      const at = unit * (row + column.offset);
      values.copyWithin(at, at - unit * width, at - unit * width + column.size);
    }
  }

  return {
    begin(ticks) {
      // Two rows a step is what episodes of one step take; memory that is never written costs next to nothing.
      const rows = 2 * ticks;
      memory = rowMemory(new Float32Array(count * rows * width));
      pieces = [];
      for (let i = 0; i < count; i++) {
        next[i] = i * rows;
        first[i] = next[i];
      }
    },
    before() {
      for (let i = 0; i < count; i++) writePresent(i);
    },
    after(actions) {
      for (let i = 0; i < count; i++) {
        if (env.truncated[i] === CUT) {
          finish(i, 'truncated'); // where it was before; nothing was done there
          continue;
        }
        memory.floats[next[i] * width + layout.failed] = env.failed[i];
        write(i, action, actions);
        for (let c = 0; c < led.length; c++) write(i, led[c].column, led[c].present);
        next[i]++;
        const end = env.terminated[i] ? 'terminated' : env.truncated[i] ? 'truncated' : undefined;
        if (end) finish(i, end);
      }
    },
    end() {
      for (let i = 0; i < count; i++) if (next[i] > first[i]) finish(i, undefined);
      return { rows: memory.floats, pieces };
    },
  };
}
