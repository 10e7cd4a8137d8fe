// What is saved of an environment in Python: from which seed its episode began, what was done since, what it shows.
import { RunError } from '../../errors.js';
import type { EnvSpec } from '../env.js';

export interface Episode {
  phase: 'new' | 'running' | 'ended';
  seed: number;
  steps: number;
  /** The goal that was asked for. */
  goal: Float32Array | undefined;
  /** The next episode's seed, once it is drawn. */
  ahead: number | undefined;
}

const MAGIC = 0x31594741; // "AGY1"
const phases: readonly Episode['phase'][] = ['new', 'running', 'ended'];
/** Magic, generator (4 words), phase, seed, steps, whether there is a seed ahead, that seed, numbers of goal and actions. */
const WORDS = 12;

export function writeSaved(
  random: Uint32Array,
  { phase, seed, steps, goal = new Float32Array(0), ahead }: Episode,
  actions: Float32Array,
  present: Uint8Array,
): Uint8Array {
  const bytes = new Uint8Array(4 * (WORDS + goal.length + actions.length) + present.length);
  const head = [
    phases.indexOf(phase),
    seed,
    steps,
    ahead === undefined ? 0 : 1,
    ahead ?? 0,
    goal.length,
    actions.length,
  ];
  new Uint32Array(bytes.buffer, 0, WORDS).set([MAGIC, ...random, ...head]);
  const numbers = new Float32Array(bytes.buffer, 4 * WORDS, goal.length + actions.length);
  numbers.set(goal);
  numbers.set(actions, goal.length);
  bytes.set(present, 4 * (WORDS + numbers.length));
  return bytes;
}

export interface Saved {
  readonly random: Uint32Array;
  readonly episode: Episode;
  readonly actions: Float32Array<ArrayBuffer>;
  /** What was shown, `size` bytes. */
  readonly present: Uint8Array;
}

/** @throws RunError for bytes of something else */
export function readSaved(spec: EnvSpec, bytes: Uint8Array, size: number): Saved {
  const own = bytes.slice().buffer;
  const words = own.byteLength >= 4 * WORDS ? new Uint32Array(own, 0, WORDS) : new Uint32Array(WORDS);
  const [magic, , , , , phase, seed, steps, hasAhead, ahead, goals, actions] = words;
  if (magic !== MAGIC || own.byteLength !== 4 * (WORDS + goals + actions) + size) {
    throw new RunError(`${spec.name}: these ${bytes.length} bytes are not a saved state of this environment.`);
  }
  return {
    random: words.slice(1, 5),
    episode: {
      phase: phases[phase],
      seed,
      steps,
      goal: goals > 0 ? new Float32Array(own, 4 * WORDS, goals) : undefined,
      ahead: hasAhead ? ahead : undefined,
    },
    actions: new Float32Array(own, 4 * (WORDS + goals), actions),
    present: new Uint8Array(own, 4 * (WORDS + goals + actions)),
  };
}
