// What a policy for tabletop/words does when it is asked for opposites and for exchanged colours, in the same episodes.
// npx tsx bench/text/confusions.ts --run RUN [--run RUN ...] [--episodes N] [--record]
import { parseArgs } from 'node:util';
import { parseEnvOptions } from '../../src/envs/index.js';
import { type Ask, asks, parseRequest, requests, sentenceOf } from '../../src/envs/tabletop/language.js';
import { tabletopWords } from '../../src/envs/tabletop/words.js';
import { loadPolicy } from '../../src/training/index.js';
import { recordRows, table } from '../record.js';

const { values: options } = parseArgs({
  options: {
    run: { type: 'string', multiple: true, default: [] },
    episodes: { type: 'string', default: '60' },
    record: { type: 'boolean', default: false },
  },
});

const given = parseEnvOptions(tabletopWords);
const env = await tabletopWords.create(given);
const { captions, computeSuccess } = tabletopWords.rules(given);

/** Requests whose goals are met at the end of an episode, of those that its beginning gives a meaning. */
function fulfilled(begun: Float32Array, achieved: Float32Array): Set<number> {
  const goal = new Float32Array(env.spec.goal.size);
  const success = new Uint8Array(1);
  const met = requests.map((_, i) => {
    if (!captions?.goal?.(i, begun, goal)) return false;
    computeSuccess(achieved, goal, new Float32Array(0), success);
    return success[0] === 1;
  });
  return new Set(met.flatMap((is, i) => (is ? [i] : [])));
}

/** What was asked, with another verb and with the other thing. */
const kindsOf = ['asked', 'another verb', 'the other thing', 'both'] as const;

interface Counts {
  episodes: number;
  readonly done: Record<(typeof kindsOf)[number], number>;
}

async function measure(run: string, episodes: number) {
  const policy = await loadPolicy(run);
  const counts = new Map<Ask, Counts>();
  for (let seed = 1; seed <= episodes; seed++) {
    for (const ask of asks) {
      // The same scene under each verb: what is asked for alone tells which.
      env.reset({ seed: 1000 + seed });
      const { colour, shape } = parseRequest(env.instruction?.() ?? '');
      const instruction = sentenceOf({ ask, colour, shape });
      let now = env.reset({ seed: 1000 + seed, instruction });
      const begun = now.observation.slice();
      for (;;) {
        const step = env.step(await policy.act({ observation: now.observation, instruction }));
        now = step;
        if (step.terminated || step.truncated) break;
      }
      const count = counts.get(ask) ?? {
        episodes: 0,
        done: { asked: 0, 'another verb': 0, 'the other thing': 0, both: 0 },
      };
      counts.set(ask, count);
      count.episodes++;
      const kinds = new Set(
        Array.from(fulfilled(begun, now.achieved), (i): (typeof kindsOf)[number] => {
          const other = requests[i];
          const sameThing = other.colour === colour && other.shape === shape;
          if (other.ask === ask) return sameThing ? 'asked' : 'the other thing';
          return sameThing ? 'another verb' : 'both';
        }),
      );
      for (const kind of kinds) count.done[kind]++;
    }
  }
  return counts;
}

const rows: Record<string, unknown>[] = [];
for (const run of options.run) {
  for (const [ask, { episodes, done }] of await measure(run, Number(options.episodes))) {
    const share = Object.fromEntries(kindsOf.map((kind) => [kind, done[kind] / episodes]));
    rows.push({ name: `${run.split('/').at(-1)} ${ask}`, ask, episodes, ...share });
  }
}
console.log(
  table([
    ['asked', ...kindsOf],
    ...rows.map((row) => [String(row.name), ...kindsOf.map((kind) => `${(100 * Number(row[kind])).toFixed(1)}%`)]),
  ]),
);
if (options.record) recordRows('text-confusions', rows as { name: string }[]);
env.dispose?.();
