// Sources: where a run's experience comes from while it learns. The training loop drives one; several make one.
import type { PolicyVectors } from '../agents/policy-vectors.js';
import type { EnvSpec } from '../envs/env.js';
import { type EpisodePiece, type EpisodePieces, noPieces, rowLayout } from '../replay/index.js';

export interface FinishedEpisode {
  readonly reward: number;
  readonly length: number;
  readonly success: boolean;
  /** The number of its task, where there are tasks. */
  readonly task?: number;
}

/** Environments with a policy that acts in them, wherever they run. */
export interface Source {
  setPolicy(vectors: PolicyVectors): void;
  /**
   * Takes `ticks` steps in every environment; `from` is the number of environment steps taken before. Returns what
   * happened as rows of the replay, in fresh memory that may be handed to another thread.
   */
  collect(ticks: number, from: number, onEpisode: (episode: FinishedEpisode) => void): Promise<EpisodePieces>;
  /** Everything that decides what comes next, by part. */
  save(): Promise<Record<string, Uint8Array>>;
  restore(state: Readonly<Record<string, Uint8Array>>): Promise<void>;
  /** What the log says of it, by full names; these may depend on time. Absent: nothing. */
  figures?(): Readonly<Record<string, number>>;
  /** Whether a checkpoint should be made soon, for what happened is kept elsewhere until then. */
  saveDue?(): boolean;
  /** The run is over, and no more steps are asked for. */
  finish?(): Promise<void>;
  dispose(): Promise<void>;
}

/** Nothing happens: where all that is learned from was recorded before. */
export const idleSource = (): Source => ({
  setPolicy: () => undefined,
  collect: async () => noPieces(),
  save: async () => ({}),
  restore: async () => undefined,
  dispose: async () => undefined,
});

/**
 * Several sources as one, side by side: each takes the same steps with the same policy. The numbers of their environments
 * must differ (`ActorOptions.envNumber`). What they did is joined in their order, whichever is done first.
 */
export function joinSources(spec: EnvSpec, sources: readonly Source[]): Source {
  const { width } = rowLayout(spec);
  return {
    setPolicy(vectors) {
      for (const source of sources) source.setPolicy(vectors);
    },
    async collect(ticks, from, onEpisode) {
      const finished: FinishedEpisode[][] = sources.map(() => []);
      const collected = await Promise.all(
        sources.map((source, i) => source.collect(ticks, from, (episode) => finished[i].push(episode))),
      );
      for (const episode of finished.flat()) onEpisode(episode);
      return joinPieces(collected, width);
    },
    async save() {
      const states = await Promise.all(sources.map((source) => source.save()));
      const named = states.flatMap((state, i) => Object.entries(state).map(([name, bytes]) => [`${i}.${name}`, bytes]));
      return Object.fromEntries(named);
    },
    async restore(state) {
      for (const [i, source] of sources.entries()) await source.restore(partsOf(state, `${i}.`));
    },
    async dispose() {
      for (const source of sources) await source.dispose();
    },
  };
}

const partsOf = (state: Readonly<Record<string, Uint8Array>>, prefix: string) =>
  Object.fromEntries(
    Object.entries(state).flatMap(([name, bytes]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), bytes] as const] : [],
    ),
  );

/** Messages as one, the rows one behind the other. */
function joinPieces(messages: readonly EpisodePieces[], width: number): EpisodePieces {
  const rows = new Float32Array(messages.reduce((sum, message) => sum + message.rows.length, 0));
  const pieces: EpisodePiece[] = [];
  let at = 0;
  for (const message of messages) {
    rows.set(message.rows, at);
    const first = at / width;
    for (const piece of message.pieces) pieces.push({ ...piece, first: first + piece.first });
    at += message.rows.length;
  }
  return { rows, pieces };
}
