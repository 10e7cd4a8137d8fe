// Imagined experience: short rollouts of the policy in the model, from real states, as episodes of a replay of their own.
import type { PolicyVectors } from '../agents/policy-vectors.js';
import { bytesOf, float64Of, uint32Of } from '../bytes.js';
import { nextTurn } from '../platform/yield.js';
import { type Replay, replayOfRows } from '../replay/index.js';
import { mostSteps } from './horizon.js';
import { createImaginer, type ImaginerOptions } from './imaginer.js';
import type { Transitions } from './transitions.js';

export interface Imagination {
  /** Rollouts of the newest fits: transitions of length 1 and more, cut off without an end where they were not over. */
  readonly replay: Replay;
  /** Steps of the rollouts last imagined; 0 before. */
  readonly horizon: number;
  /** Imagines anew with a policy, after `steps` environment steps; rollouts of older fits leave. */
  run(policy: PolicyVectors, starts: Transitions, steps: number): Promise<void>;
  save(): Record<string, Uint8Array>;
  restore(parts: Readonly<Record<string, Uint8Array>>): void;
  dispose(): Promise<void>;
}

/** Rollouts that go side by side: enough for large products of matrices. */
const SIDE_BY_SIDE = 1000;

export async function createImagination(options: ImaginerOptions): Promise<Imagination> {
  const { rules, config } = options;
  const { rollouts: count, retain } = config;
  const room = retain * count * (mostSteps(config) + 1);
  const replay = replayOfRows(rules.spec, room, 'model.rollouts, model.retain or model.horizon');
  const { ring } = replay;
  const imaginer = await createImaginer(options, Math.min(count, SIDE_BY_SIDE));
  const { random } = imaginer;
  /** Numbers of the first episodes of the fits that are kept, oldest first. */
  let begins: number[] = [];
  let horizon = 0;

  return {
    replay,
    get horizon() {
      return horizon;
    },
    async run(policy, starts, steps) {
      begins = [...begins, ring.nextSerial].slice(-retain);
      ring.dropBefore(begins[0]);
      horizon = await imaginer.chooseHorizon(starts, steps);
      for (let begun = 0; begun < count; begun += imaginer.rows) {
        await imaginer.run(policy, starts, horizon, steps);
        imaginer.rollouts.store(ring, Math.min(imaginer.rows, count - begun));
        await nextTurn();
      }
    },
    save: () => ({
      episodes: replay.exportEpisodes(0),
      ring: replay.saveStaging(),
      random: bytesOf(random.save()),
      facts: bytesOf(Float64Array.of(horizon, ...begins)),
    }),
    restore(parts) {
      replay.importEpisodes(parts.episodes);
      replay.restoreStaging(parts.ring);
      random.restore(uint32Of(parts.random));
      [horizon, ...begins] = float64Of(parts.facts);
    },
    dispose: imaginer.dispose,
  };
}
