// A learned judge of success: trained on labelled episodes, asked whether moments of others fulfil a sentence.
import type { AgentSpec } from '../agents/agent-spec.js';
import { bytesOf, float64Of, uint32Of } from '../bytes.js';
import { createValues, type Values } from '../envs/columns.js';
import { instructionName } from '../envs/instruction-names.js';
import { createRandom, mixSeed } from '../random.js';
import { type Copy, createGather, type Ring } from '../replay/index.js';
import type { Runtime } from '../runtime/runtime.js';
import { createUpdater } from '../updates/updater.js';
import type { LabelledEpisodes } from './labelled-episodes.js';
import { restoreVectors, saveVectors } from './learner-state.js';
import { MEETING, successNetwork } from './success-network.js';

/** Rows of an update, and of what is read at once. */
const ROWS = 128;
const LEARNING_RATE = 2e-3;

/** Logits of the moments of an episode. */
export interface Judged {
  /** With what the episode was asked for, [steps]. */
  readonly own: Float32Array;
  /** With every sentence, [steps, sentences]. */
  readonly any: Float32Array;
}

export interface SuccessModel {
  /** Learns from the labelled episodes so often, where they have something to draw. */
  learn(updates: number): Promise<void>;
  /** `any` is empty where no sentences were given. */
  judge(row: number, steps: number): Promise<Judged>;
  readonly updates: number;
  save(): Record<string, Uint8Array>;
  restore(parts: Readonly<Record<string, Uint8Array>>): void;
  dispose(): Promise<void>;
}

export interface SuccessModelOptions {
  readonly ring: Ring;
  readonly spec: AgentSpec;
  readonly normalize: boolean | 'task';
  /** The input of that name, as it is at the time. */
  readonly normalizer: Float32Array;
  readonly labelled: LabelledEpisodes;
  /** Vectors of all sentences that moments are compared with; empty where only what is asked for counts. */
  readonly sentences: readonly ArrayLike<number>[];
  readonly runtime: Runtime;
  readonly seed: number;
}

/** Fills arrays with columns of ring rows: `next.NAME` is that of the row after. */
function reader(ring: Ring, arrays: Readonly<Record<string, Values>>) {
  const copies = Object.entries(arrays).map(([name, out]): Copy => {
    const ahead = name.startsWith('next.') ? 1 : 0;
    return { column: ring.layout.column(ahead ? name.slice('next.'.length) : name), out, ahead };
  });
  return createGather(ring, copies);
}

export async function createSuccessModel(options: SuccessModelOptions): Promise<SuccessModel> {
  const { ring, spec, normalize, normalizer, labelled, sentences, runtime, seed } = options;
  const network = successNetwork(spec, { normalize, learningRate: LEARNING_RATE });
  const random = createRandom(mixSeed(seed, 'success'));
  const columns = Object.fromEntries(
    network.columns.map((name) => {
      const { dtype, size } = ring.layout.column(name.replace(/^next\./, ''));
      return [name, createValues(dtype, ROWS * size)];
    }),
  );
  const label = new Float32Array(ROWS);
  const read = reader(ring, columns);
  const at = new Int32Array(ROWS);
  const instruction = columns[instructionName];
  const width = instruction.length / ROWS;

  function nextBatch(): void {
    const said: number[] = [];
    for (let i = 0; i < ROWS; i++) {
      const example = labelled.draw(random);
      at[i] = example.row;
      label[i] = example.label;
      said.push(example.sentence);
    }
    read(at, ROWS);
    for (let i = 0; i < ROWS; i++) if (said[i] >= 0) instruction.set(sentences[said[i]], i * width);
  }

  const updater = await createUpdater({
    agent: network,
    rows: ROWS,
    runtime,
    threads: 1,
    random,
    batch: { ...columns, label, normalizer },
    nextBatch,
    section: 'language',
  });
  const executable = await runtime.compile(network.read(ROWS), { threads: 1 });
  const met = { moments: new Float32Array(ROWS * MEETING), sentences: new Float32Array(ROWS * MEETING) };
  const parameters = updater.vector('success').slice();
  const inputs: Record<string, Values> = { ...columns, success: parameters, normalizer };
  const binding = executable.bind(
    Object.fromEntries(executable.inputs.filter(({ unused }) => !unused).map(({ name }) => [name, inputs[name]])),
    met,
  );
  /** What all sentences ask for [sentences, MEETING], after so many updates. */
  const asked = new Float32Array(sentences.length * MEETING);
  let askedAt = -1;

  async function readSentences(): Promise<void> {
    if (askedAt === updater.updates) return;
    askedAt = updater.updates;
    parameters.set(updater.vector('success'));
    for (let first = 0; first < sentences.length; first += ROWS) {
      const some = Math.min(ROWS, sentences.length - first);
      for (let i = 0; i < some; i++) instruction.set(sentences[first + i], i * width);
      await binding.run();
      asked.set(met.sentences.subarray(0, some * MEETING), first * MEETING);
    }
  }

  return {
    get updates() {
      return updater.updates;
    },
    async learn(updates) {
      if (labelled.ready()) await updater.update(updates);
      updater.takeMetrics();
    },
    async judge(row, steps) {
      await readSentences();
      const judged = { own: new Float32Array(steps), any: new Float32Array(steps * sentences.length) };
      for (let first = 0; first < steps; first += ROWS) {
        const some = Math.min(ROWS, steps - first);
        for (let i = 0; i < some; i++) at[i] = (row + first + i) % ring.capacity;
        read(at, some);
        await binding.run();
        for (let i = 0; i < some; i++) {
          judged.own[first + i] = product(met.moments, i, met.sentences, i);
          for (let s = 0; s < sentences.length; s++) {
            judged.any[(first + i) * sentences.length + s] = product(met.moments, i, asked, s);
          }
        }
      }
      return judged;
    },
    save: () => ({
      ...saveVectors(updater),
      random: bytesOf(random.save()),
      updates: bytesOf(Float64Array.of(updater.updates)),
    }),
    restore(parts) {
      restoreVectors(updater, parts);
      random.restore(uint32Of(parts.random));
      updater.updates = float64Of(parts.updates)[0];
      askedAt = -1;
    },
    async dispose() {
      await executable.dispose();
      await updater.dispose();
    },
  };
}

function product(a: Float32Array, i: number, b: Float32Array, j: number): number {
  let sum = 0;
  for (let k = 0; k < MEETING; k++) sum += a[i * MEETING + k] * b[j * MEETING + k];
  return sum;
}
