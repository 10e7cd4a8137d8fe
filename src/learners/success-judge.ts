// The learned judge of success at work: captions and rewards of new episodes, learned of those that are told about.
import { bytesOf, float64Of, prefixed, withoutPrefix } from '../bytes.js';
import { instructionName } from '../envs/instruction-names.js';
import { createRandom, mixSeed } from '../random.js';
import { type Caption, createFulfilled, eachEpisode, type Replay, readColumn } from '../replay/index.js';
import { createConfidenceBar } from './confidence-bar.js';
import { createLabelledEpisodes } from './labelled-episodes.js';
import type { LearnerParts, LearnerState } from './learner.js';
import { firstClaims, writeClaims } from './success-claims.js';
import { createSuccessModel } from './success-model.js';

/** True, false and missed successes, older ones counting less and less. */
interface Tally {
  hits: number;
  alarms: number;
  misses: number;
}
/** What counts stay worth when new episodes come. */
const FADES = 0.98;

/** An episode that has just come. */
interface News {
  readonly row: number;
  readonly steps: number;
  readonly serial: number;
  /** Whether it succeeded at what it was asked for. */
  readonly won: boolean;
  /** Whether that, and what else it fulfilled, is told. */
  readonly learns: boolean;
}

/** Moments do not tell whether there are several such things: what differs in articles alone means the same to the judge. */
function meaningsOf(sentences: readonly string[]) {
  const said = sentences.map((sentence) => sentence.replace(/\b(?:a|an)\b/g, 'the'));
  const meanings = [...new Set(said)];
  return {
    /** The first sentence of each. */
    sentences: meanings.map((meaning) => said.indexOf(meaning)),
    /** That of each sentence. */
    of: said.map((meaning) => meanings.indexOf(meaning)),
  };
}

/**
 * Undefined where neither captions nor rewards are its business. `vector`: of a sentence; `captioning`: whether episodes are
 * captioned.
 */
export async function createSuccessJudge(
  { config, rules, spec, runtime }: LearnerParts,
  { ring }: Replay,
  normalizer: Float32Array,
  vector: (sentence: number) => ArrayLike<number>,
  captioning: boolean,
) {
  const { captioner, labelled: share, updates } = config.language;
  const rewards = config.language.rewardModel;
  const says = captioner === 'learned' && captioning;
  if (!rewards && !says) return undefined;
  const { layout, rows, bytes, capacity } = ring;
  const { width } = layout;
  const reward = layout.column('reward');
  const known = rules.captions?.sentences ?? [];
  const vectors = known.map((_, sentence) => vector(sentence));
  const instruction = layout.column(instructionName);
  const asked = new Float32Array(instruction.size);
  const texts = says ? known : [];
  const meanings = meaningsOf(texts);
  const count = meanings.sentences.length;
  const told = createFulfilled(ring, texts.length);
  /** The meanings of the sentences that a row's action fulfilled. */
  const fulfilled = (row: number) => [...new Set(told(row).map((sentence) => meanings.of[sentence]))];
  const labelled = createLabelledEpisodes(ring, says ? { fulfilled } : undefined);
  const model = await createSuccessModel({
    ring,
    spec,
    normalize: config.training.normalize,
    normalizer,
    labelled,
    sentences: meanings.sentences.map(vector),
    runtime,
    seed: config.seed,
  });
  const tallies = { reward: empty(), caption: empty() };

  const bars = { reward: createConfidenceBar(), caption: createConfidenceBar() };

  /** The sentence that an episode was asked for; -1: none of those that are known. */
  function sentenceAsked(row: number): number {
    readColumn({ floats: rows, bytes }, row * width, instruction, asked, 0);
    return vectors.findIndex((said) => asked.every((value, j) => value === said[j]));
  }

  /** What the model says of an episode beside what is so; `learns`: what is so may be learned from. */
  async function judge({ row, steps, won, learns }: News, found: Map<number, Caption[]>): Promise<void> {
    const judged = await model.judge(row, steps);
    const [own, any] = [bars.reward.value(), bars.caption.value()];
    const claims = Array.from(judged.own, (logit) => logit >= own);
    for (let t = 0; t < steps; t++) {
      const is = won && t === steps - 1;
      tally(tallies.reward, claims[t], is);
      if (learns) bars.reward.add(judged.own[t], is);
      if (!says) continue;
      const truth = fulfilled((row + t) % capacity);
      for (let s = 0; s < count; s++) {
        const logit = judged.any[t * count + s];
        tally(tallies.caption, logit >= any, truth.includes(s));
        if (learns) bars.caption.add(logit, truth.includes(s));
      }
    }
    const sentence = sentenceAsked(row);
    if (says) {
      const captions = firstClaims(judged.any, count, any, meanings.of[sentence]);
      found.set(
        row,
        captions.map(([meaning, steps]) => ({ sentence: meanings.sentences[meaning], steps })),
      );
    }
    // What is told is known: its rewards are true, from the first success on, before the judge claims any.
    if (rewards && !learns) writeClaims(ring, row, claims, (after) => rules.captions?.reward?.(sentence, after) ?? 1);
  }

  return {
    /** Takes the episodes from number `from` on: rewards them, writes captions by their first rows, then learns of some. */
    async take(from: number, found: Map<number, Caption[]>): Promise<Record<string, number>> {
      labelled.forget();
      for (const counts of Object.values(tallies)) fade(counts);
      for (const bar of Object.values(bars)) bar.fade();
      const news: News[] = [];
      eachEpisode(ring, from, (row, steps, serial) => {
        const won = rows[((row + steps - 1) % capacity) * width + reward.offset] > 0;
        const learns = createRandom(mixSeed(config.seed, `labelled ${serial}`)).uniform() < share;
        news.push({ row, steps, serial, won, learns });
      });
      // Judged before they are learned from: figures and bars are of episodes that the model has not seen.
      for (const one of news) await judge(one, found);
      const told = news.filter(({ learns }) => learns);
      for (const { serial, row, steps, won } of told) labelled.add(serial, row, steps, won);
      await model.learn(told.length * updates);
      return { ...(rewards && figures('reward', tallies.reward)), ...(says && figures('caption', tallies.caption)) };
    },
    save: () => ({
      ...prefixed('language.model', model.save()),
      'language.labelled': labelled.save(),
      'language.tallies': bytesOf(
        Float64Array.from(Object.values(tallies).flatMap(({ hits, alarms, misses }) => [hits, alarms, misses])),
      ),
      ...Object.fromEntries(Object.entries(bars).map(([name, bar]) => [`language.bars.${name}`, bar.save()])),
    }),
    restore(parts: LearnerState['parts']) {
      model.restore(withoutPrefix('language.model', parts));
      labelled.restore(parts['language.labelled']);
      for (const [name, bar] of Object.entries(bars)) bar.restore(parts[`language.bars.${name}`]);
      const numbers = float64Of(parts['language.tallies']);
      for (const [i, counts] of Object.values(tallies).entries()) {
        [counts.hits, counts.alarms, counts.misses] = numbers.subarray(3 * i, 3 * i + 3);
      }
    },
    dispose: model.dispose,
  };
}

const empty = (): Tally => ({ hits: 0, alarms: 0, misses: 0 });

function tally(counts: Tally, claimed: boolean, is: boolean): void {
  if (claimed && is) counts.hits++;
  else if (claimed) counts.alarms++;
  else if (is) counts.misses++;
}

function fade(tally: Tally): void {
  tally.hits *= FADES;
  tally.alarms *= FADES;
  tally.misses *= FADES;
}

/** Precision and recall, where there is something that they are shares of. */
function figures(of: string, { hits, alarms, misses }: Tally): Record<string, number> {
  return {
    ...(hits + alarms > 0 && { [`language/${of}_precision`]: hits / (hits + alarms) }),
    ...(hits + misses > 0 && { [`language/${of}_recall`]: hits / (hits + misses) }),
  };
}
