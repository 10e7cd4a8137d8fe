// The learner's side: a source whose environments are elsewhere. Episodes come from a broker, policies go there.

import type { FinishedEpisode, Source } from '../acting/source.js';
import type { PolicyVectors } from '../agents/policy-vectors.js';
import type { TrainConfig } from '../config/config.js';
import type { EnvSpec } from '../envs/env.js';
import { RunError, UsageError } from '../errors.js';
import { nextTurn } from '../platform/yield.js';
import { type EpisodePieces, rowLayout } from '../replay/index.js';
import type { Channel, Incoming, KeptMessage } from './broker.js';
import { createIntake, type TakenEpisode } from './intake.js';
import { createPresence, LEARNER, type LearnerStatus } from './presence.js';
import { encodePolicy, encodeRun, tableSum } from './wire.js';

/** Milliseconds between two words of the learner to its actors. */
const TELL_EVERY = 200;
/** Milliseconds between two policies that actors get, for each of them: 500 a second in all. */
const PAUSE = 2;

export interface RemoteSourceOptions {
  readonly channel: Channel;
  readonly config: TrainConfig;
  readonly spec: EnvSpec;
  /** How often episodes have each task, as it changes; absent: a single task. */
  readonly taskWeights?: Float64Array;
  /** What waits for episodes ends. */
  readonly signal?: AbortSignal;
  /** Milliseconds that words to the actors may be late. */
  readonly tellEvery?: number;
}

/**
 * Episodes enter in the order of the broker's numbers, whole: an iteration takes them until as many steps as it asked for
 * have come in all, so that the same messages make the same run. The place among them is saved with the replay; messages
 * are given up once a later checkpoint is being made, so that a run that goes on finds those it had not saved.
 */
export function createRemoteSource(options: RemoteSourceOptions): Source {
  const { channel, config, spec, signal } = options;
  const { maxPolicyLag, backlog, policyEvery, mostBytes } = config.actors;
  const table = tableSum(spec);
  const { width } = rowLayout(spec);
  const cycle = Math.max(config.training.cycleSteps, config.envs);
  // What one checkpoint has is given up with the next, and an iteration may begin with a quarter of the room taken since.
  const least = 4 * 4 * width * cycle;
  if (least > mostBytes) {
    throw new UsageError(
      `actors.mostBytes is ${mostBytes}, but an iteration of ${cycle} steps takes a quarter of ${least}: episodes that do not fit would be waited for without end. Take at least that, or a smaller training.cycleSteps.`,
    );
  }
  const intake = createIntake({ width, table, maxPolicyLag });
  const presence = createPresence();
  let policy: PolicyVectors | undefined;
  /** What actors shall have: the policy of a step, as it travels. */
  let wanted: { readonly steps: number; readonly bytes: Uint8Array } | undefined;
  /** Step of the newest policy that the broker has; -1: none. */
  let handedOut = -1;
  let handing: Promise<void> | undefined;
  let steps = 0;
  let asked = 0;
  let incoming: Incoming | undefined;
  let pending: Promise<KeptMessage | undefined> | undefined;
  /** The place that the last checkpoint has, and how many bytes came until then. */
  let saved = { at: 0, bytes: 0 };
  let forgotten = 0;
  let request = 0;
  /** When the wait that is going on began. */
  let waitsSince: number | undefined;
  let ended = false;
  let problem: string | undefined;
  /** Since the last figures. */
  let lags = { sum: 0, count: 0 };
  /** Time waited in all, and what was told of it last. */
  let waited = 0;
  let told = { at: performance.now(), waited: 0, share: 0 };
  let silence: (() => void) | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;

  function status(): LearnerStatus {
    const { counts, at, refusedOf } = intake;
    const meanLength = counts.episodes > 0 ? counts.steps / counts.episodes : spec.maxEpisodeSteps;
    const perEpisode = counts.episodes > 0 ? counts.messages / counts.episodes : 1;
    return {
      steps,
      policy: handedOut,
      taken: at,
      room: Math.ceil((backlog / meanLength) * perEpisode),
      pause: PAUSE * presence.alive().length,
      request,
      waits: waitsSince !== undefined,
      waitingShare: told.share,
      episodes: counts.episodes,
      duplicates: counts.duplicates,
      refused: counts.refused,
      refusedOf,
      ...(problem !== undefined && { problem }),
      ...(ended && { ended }),
    };
  }

  function tell(): void {
    const now = performance.now();
    if (now - told.at > 1000) {
      const all = waited + (waitsSince === undefined ? 0 : now - waitsSince);
      told = { at: now, waited: all, share: (all - told.waited) / (now - told.at) };
    }
    channel.tell(LEARNER, JSON.stringify(status()));
    handOut();
  }

  async function begin(): Promise<void> {
    if (incoming) return;
    incoming = channel.receive(intake.at);
    const record = encodeRun({ config, table, ended: false });
    // A broker that is away is waited for, here as later.
    for (let isKept = false; !isKept && !signal?.aborted; ) {
      isKept = await channel.keep('run', record).then(
        () => true,
        () => false,
      );
      if (!isKept) await new Promise((resolve) => setTimeout(resolve, TELL_EVERY));
    }
    silence = channel.listen(undefined, (who, text) => presence.hear(who, text));
    timer = setInterval(tell, options.tellEvery ?? TELL_EVERY);
    timer.unref?.();
  }

  /** Hands out the policy of this step where it is time: before episodes of the last one would be refused, at the latest. */
  function offerPolicy(now: number): void {
    if (!policy || (wanted && now - wanted.steps < Math.min(policyEvery, maxPolicyLag))) return;
    const taskWeights = options.taskWeights && Array.from(options.taskWeights);
    wanted = { steps: now, bytes: encodePolicy({ steps: now, vectors: policy, taskWeights }) };
    handOut();
  }

  /** One at a time, the newest; where that fails the next words to the actors try again. */
  function handOut(): void {
    if (handing || !wanted || wanted.steps === handedOut) return;
    const { steps: ofStep, bytes } = wanted;
    handing = channel
      .keep('policy', bytes)
      .then(
        () => {
          handedOut = ofStep;
          problem = undefined;
        },
        (error: Error) => {
          problem = error.message;
        },
      )
      .finally(() => {
        handing = undefined;
        if (problem === undefined) handOut();
      });
  }

  /** Ends the wait for a message that is going on. */
  let giveUp: (() => void) | undefined;
  const abort = () => giveUp?.();
  signal?.addEventListener('abort', abort);

  async function nextMessage(): Promise<KeptMessage | undefined> {
    pending ??= incoming?.next();
    const arrived = pending as Promise<KeptMessage | undefined>;
    const isThere = await Promise.race([arrived.then(() => true), nextTurn().then(() => false)]);
    if (!isThere) {
      const since = performance.now();
      while (handing) await handing; // actors that hear that they are waited for shall find the newest policy
      request++;
      waitsSince = since;
      tell();
      // Not a race with a promise that lasts as long as the run: it would keep every message that ever won.
      await new Promise<void>((resolve) => {
        giveUp = resolve;
        arrived.then(() => resolve(), resolve);
        if (signal?.aborted) resolve();
      });
      giveUp = undefined;
      waitsSince = undefined;
      waited += performance.now() - since;
      if (signal?.aborted) return undefined;
    }
    pending = undefined;
    return arrived;
  }

  return {
    setPolicy(vectors) {
      policy = vectors;
    },
    async collect(ticks, from, onEpisode) {
      steps = from;
      await begin();
      offerPolicy(from);
      asked += ticks * config.envs;
      const taken: TakenEpisode[] = [];
      while (intake.counts.steps < asked && !signal?.aborted) {
        const message = await nextMessage();
        if (!message) break;
        const episode = intake.take(message, from);
        if (!episode) continue;
        taken.push(episode);
        lags = { sum: lags.sum + episode.lag, count: lags.count + 1 };
        onEpisode(figuresOf(episode));
      }
      return joinEpisodes(taken, width);
    },
    figures() {
      const { messages, bytes, refused, duplicates, unfinished, damaged, foreign } = intake.counts;
      const lag: Record<string, number> = lags.count > 0 ? { 'actors/policy_lag': lags.sum / lags.count } : {};
      lags = { sum: 0, count: 0 };
      return {
        'actors/alive': presence.alive().length,
        'actors/waiting_share': told.share,
        ...lag,
        'actors/messages': messages,
        'actors/bytes': bytes,
        'actors/refused': refused,
        'actors/duplicates': duplicates,
        'actors/lost': unfinished + damaged + foreign,
      };
    },
    saveDue: () => intake.counts.bytes - saved.bytes > mostBytes / 4,
    async save() {
      // What the checkpoint before this one has is on the disk by now.
      if (saved.at > forgotten) {
        const upTo = saved.at;
        await channel.forget(upTo).then(
          () => {
            forgotten = upTo;
          },
          () => undefined, // the next checkpoint tries again
        );
      }
      saved = { at: intake.at, bytes: intake.counts.bytes };
      const place = { run: channel.run, asked };
      return { place: new TextEncoder().encode(JSON.stringify(place)), ...intake.save() };
    },
    async restore(state) {
      asked = (JSON.parse(new TextDecoder().decode(state.place)) as { asked: number }).asked;
      intake.restore(state);
      saved = { at: intake.at, bytes: intake.counts.bytes };
    },
    async finish() {
      ended = true;
      tell();
      await channel.keep('run', encodeRun({ config, table, ended: true })).catch((error: Error) => {
        throw new RunError(`the run is over, but its actors could not be told: ${error.message}`);
      });
    },
    async dispose() {
      signal?.removeEventListener('abort', abort);
      clearInterval(timer);
      silence?.();
      await incoming?.close();
    },
  };
}

const figuresOf = ({ facts: { reward, length, success, task } }: TakenEpisode): FinishedEpisode => ({
  reward,
  length,
  success,
  ...(task !== undefined && { task }),
});

/** Whole episodes as one message to the learner. */
function joinEpisodes(episodes: readonly TakenEpisode[], width: number): EpisodePieces {
  const rows = new Float32Array(episodes.reduce((sum, { rows }) => sum + rows.length, 0));
  let at = 0;
  const pieces = episodes.map(({ facts, rows: own }) => {
    rows.set(own, at);
    const first = at / width;
    at += own.length;
    return { env: 0, first, steps: facts.length, end: facts.end };
  });
  return { rows, pieces };
}

/** The name of the run on its broker, of the parts that `save` gave; undefined: its environments were its own. */
export function runOnBroker(state: Readonly<Record<string, Uint8Array>>): string | undefined {
  return state.place && (JSON.parse(new TextDecoder().decode(state.place)) as { run: string }).run;
}
