// Instructions in embedding space: a policy that is told in words where to go, also in words that it never heard.
import { createMemoryStore, loadPolicy, openDataSet, recordData, train } from 'anygoal';
import { arrayState, box, defineEnv } from 'anygoal/envs';
import { openEncoder, standardise, standardOf, textMap } from 'anygoal/text';

const verbs = ['go to', 'walk to', 'move to', 'run to', 'visit', 'find', 'please go to', 'travel to'];
const columns = { red: -0.75, green: -0.25, blue: 0.25, yellow: 0.75 };
const rows = { circle: 0.75, square: 0.25, star: -0.25, cross: -0.75 };
/** Sixteen things: the colour says the column, the shape says the row. */
export const things = Object.entries(rows).flatMap(([shape, y]) =>
  Object.entries(columns).map(([colour, x]) => ({ colour, shape, place: [x, y] })),
);
/** What nobody asks for in training: one of each colour, and one of each shape. */
export const heldOut = [
  ['red', 'circle'],
  ['green', 'star'],
  ['blue', 'square'],
  ['yellow', 'cross'],
];
const isHeldOut = ({ colour, shape }) => heldOut.some(([c, s]) => c === colour && s === shape);
export const ask = ({ colour, shape }, verb = verbs[0]) => `${verb} the ${colour} ${shape}`;

const NEAR = 0.15; // within this distance of its middle one is at a thing
const STEP = 0.1; // an action moves by so much at most, along each axis
const clip = (value, most) => Math.min(Math.max(value, -most), most);
const move = (at, action) => at.map((value, i) => clip(value + STEP * clip(action[i], 1), 1));
const distance = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);

/** A point among the things; each episode is told in a sentence's vector to which one to go, and told nothing else. */
function wordsEnv(asked, size) {
  const each = (out, achieved, desired, say) => {
    for (let i = 0; i < out.length; i++) {
      const d = distance(achieved.subarray(2 * i, 2 * i + 2), desired.subarray(2 * i, 2 * i + 2));
      out[i] = say(d < NEAR ? 1 : 0);
    }
  };
  return defineEnv({
    name: 'lab/words',
    demonstrator: () => (observation, goal) => [0, 1].map((i) => clip((goal[i] - observation[i]) / STEP, 1)),
    create() {
      const at = new Float64Array(2);
      const show = (now) => {
        now.observation.set(at);
        now.achieved.set(at);
      };
      return {
        spec: {
          name: 'lab/words',
          observation: box(2, -1, 1),
          parts: { instruction: { ...box(size), per: 'episode' } },
          achieved: box(2, -1, 1),
          goal: box(2, -1, 1),
          action: box(2, -1, 1),
          maxEpisodeSteps: 25,
          rewardRange: [-1, 0],
          successEndsEpisode: false,
          info: [],
        },
        computeReward: (achieved, desired, _info, out) => each(out, achieved, desired, (near) => near - 1),
        computeSuccess: (achieved, desired, _info, out) => each(out, achieved, desired, (near) => near),
        reset(random, now) {
          random.fillUniform(at, -1, 1);
          const { place, vector } = asked[random.below(asked.length)];
          now.goal.set(place);
          now.columns.instruction.set(vector);
          show(now);
        },
        step(action, now) {
          at.set(move([...at], action));
          show(now);
        },
        ...arrayState(at),
      };
    },
  });
}

/** The sentences of training: eight verbs for each thing that is not held out. */
export const sentencesOf = (held) =>
  things.filter((thing) => !(held && isHeldOut(thing))).flatMap((thing) => verbs.map((verb) => ask(thing, verb)));

/** @returns how near sentences lie to each other, and the plane in which they differ most */
export async function neighbours(sentences) {
  return textMap(await openEncoder('embedded', () => Promise.reject()), sentences);
}

/**
 * @param {{ held: boolean, updates: number, dropout: number, seed: number }} settings whether four things are never asked
 *   for, updates of the policy, which imitates a demonstrator that knows the places, share of units left out while it learns
 * @param {Partial<import('anygoal').TrainOptions>} [watch] is told how it goes
 * @returns a function from a sentence and a start to the path that the policy takes
 */
export async function learn({ held, updates, dropout, seed }, watch = {}) {
  const encoder = await openEncoder('embedded', () => Promise.reject());
  const sentences = sentencesOf(held);
  const vectors = await Promise.all(sentences.map((sentence) => encoder.encode(sentence)));
  const standard = standardOf(vectors); // so that what tells the sentences apart counts
  const places = things.filter((thing) => !(held && isHeldOut(thing))).flatMap(({ place }) => verbs.map(() => place));
  const asked = vectors.map((vector, i) => ({ place: places[i], vector: standardise(vector, standard) }));
  const env = wordsEnv(asked, encoder.size);
  const { bytes } = await recordData({ env, policy: 'scripted', episodes: 600, seed });
  const data = await openDataSet('demonstrations.safetensors', bytes);
  const config = {
    agent: { options: { hidden: [128, 128], chunk: 1, dropout, policyAverage: 0 } },
    tasks: { identifiers: ['instruction'] }, // not the place itself
    training: { normalize: false },
    evaluation: { every: updates, episodes: 20 },
    runtime: { worker: false, overlap: false },
  };
  const store = createMemoryStore();
  const { runDir } = await train({ env, agent: 'bc', data, steps: updates, seed, store, config, ...watch });
  const policy = await loadPolicy({ run: runDir.slice(runDir.lastIndexOf('/') + 1), store, checkpoint: 'last' });
  return async (sentence, start) => {
    const instruction = standardise(await encoder.encode(sentence), standard);
    const path = [[...start]];
    while (path.length <= 25) {
      const action = await policy.act({ observation: path.at(-1), instruction });
      path.push(move(path.at(-1), action));
    }
    return path;
  };
}

/** The thing at which a path ends. */
export const reached = (path) => things.find(({ place }) => distance(place, path.at(-1)) < NEAR);

/** @returns the share of paths from four corners that end at the thing that was asked for, and where `sentence` leads */
export async function obey({ sentence, start, ...settings }) {
  const follow = await learn(settings);
  return { ...(await judge(follow)), at: reached(await follow(sentence, start)) };
}

/** @returns that share for things that training asked for, and for those that were held out */
export async function judge(follow) {
  const corners = [
    [-0.9, -0.9],
    [0.9, -0.9],
    [0.9, 0.9],
    [-0.9, 0.9],
  ];
  const share = async (chosen) => {
    const ends = [];
    for (const thing of chosen)
      for (const corner of corners) ends.push(reached(await follow(ask(thing), corner)) === thing);
    return ends.filter(Boolean).length / ends.length;
  };
  return {
    asked: await share(things.filter((thing) => !isHeldOut(thing))),
    held: await share(things.filter(isHeldOut)),
  };
}
