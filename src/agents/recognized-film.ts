// Films read as states: a network learns from the policy's own pictures what pictures show, and reads the frames of a film.
import { nearestName, UsageError } from '../errors.js';
import { createSee, type InputSpec, type Recognizer, recognizer, type Seen } from '../nets/index.js';
import { concat, type Graph, type Tensor } from '../tensor/index.js';
import type { AgentSpec } from './agent-spec.js';
import type { BcConfig } from './bc-config.js';
import { chooseEncoders } from './encoder-settings.js';
import { toldError } from './told-numbers.js';
import { namedNumbers } from './unseen-numbers.js';

export interface RecognizedFilm extends Pick<Recognizer, 'layout' | 'init'> {
  /** What networks see in the film's place: its moments as states, in the numbers of the observation. */
  readonly states: InputSpec;
  /** The film's moments [rows, moments, numbers], as the observation is seen; without gradients. */
  read(parameters: readonly Tensor[], seen: Seen): Tensor;
  /** How far off it is in own pictures, mean squared error [rows, 1]; programs of the learner only. */
  error(g: Graph, rows: number, parameters: readonly Tensor[], observation: Tensor): Tensor;
}

/**
 * A film's encoder that learns from actions alone has one film for each episode, and learns them by heart; of the policy's own
 * pictures there are as many as steps, and the simulator knows what they show. Numbers that are `given`, such as the looks of
 * things, are the same in the film and in the episode, and say which of the things is which; all others are recognised, but for
 * those that the policy does not see (`shown` is 0), which no moment of a film has either: velocities are in no picture. Nothing
 * of what is done reaches the recogniser. @throws UsageError where there is no film of these views, or no observation
 */
export function recognizedFilm(
  all: AgentSpec,
  inputs: readonly InputSpec[],
  { views: names, given: looks, channels, picks, hidden }: BcConfig['recognizes'],
  shown?: Float32Array,
): RecognizedFilm | undefined {
  if (names.length === 0) return undefined;
  const known = [...all.inputs, ...(all.privileged ?? []), ...(all.untold ?? [])];
  const views = names.map((name) => viewOf(name, known));
  const film = filmOf(views, inputs);
  const observation = inputs.find(({ name }) => name === 'observation');
  if (!observation) {
    throw refused('the policy has no observation in numbers that a film could be read as; leave it out');
  }
  const given = namedNumbers('recognizes.given', looks, all.observationNames);
  const isRead = (i: number) => !given.has(i) && shown?.[i] !== 0;
  const read = Array.from({ length: observation.size }, (_, i) => i).filter(isRead);
  if (read.length === 0) throw refused('agent.unseen and agent.recognizes.given leave no number to recognise');
  const lookedFor: InputSpec = { ...observation, name: 'given', role: 'state', size: given.size, shape: [given.size] };
  const by = given.size > 0 ? lookedFor.name : null;
  const encoder = { kind: 'keypoints', channels, kernels: null, strides: null, by, picks };
  const encoderOf = chooseEncoders([...views, lookedFor], Object.fromEntries(names.map((name) => [name, encoder])));
  const network = recognizer({
    views: Object.fromEntries(views.map((view) => [view.name, encoderOf(view)])),
    given: given.size,
    numbers: read.length,
    hidden,
  });
  const [moments, each] = [film.shape[0] / views.length, film.shape.slice(1)];
  const size = observation.size;

  return {
    layout: network.layout,
    init: network.init,
    states: { ...film, shape: [moments, size], size: moments * size, dtype: 'float32', normalize: false },
    read(parameters, seen) {
      const rows = seen.observation.shape[0];
      const frames = seen[film.name].reshape([rows * moments, views.length, ...each]);
      const pictures = views.map((_, i) => frames.slice(1, i, i + 1).reshape([rows * moments, ...each]));
      const own = seen.observation
        .reshape([rows, 1, size])
        .expand([rows, moments, size])
        .reshape([rows * moments, size]);
      const found = network.apply(parameters, pictures, columns(own, [...given]));
      return inPlace(found, shown ? own.mul(own.graph.constant(shown)) : own, read)
        .reshape([rows, moments, size])
        .stopGradient();
    },
    error(g, rows, parameters, seen) {
      const pictures = Object.values(createSee(views, false)(g, rows));
      const found = network.apply(parameters, pictures, columns(seen, [...given]));
      return toldError(found, columns(seen, read) as Tensor);
    },
  };
}

/** Runs of neighbours among ascending numbers, as [from, to). */
function runs(numbers: readonly number[]): [from: number, to: number][] {
  const found: [number, number][] = [];
  for (const i of numbers) {
    const last = found.at(-1);
    if (last?.[1] === i) last[1]++;
    else found.push([i, i + 1]);
  }
  return found;
}

/** Some of the numbers [n, size], in ascending order; undefined of none. */
function columns(x: Tensor, of: readonly number[]): Tensor | undefined {
  const pieces = runs(of).map(([from, to]) => x.slice(1, from, to));
  return pieces.length > 1 ? concat(pieces, 1) : pieces[0];
}

/** All numbers [n, size]: those of `at` as they were found, the others as they are given. */
function inPlace(found: Tensor, given: Tensor, at: readonly number[]): Tensor {
  const pieces: Tensor[] = [];
  let [taken, next] = [0, 0];
  for (const [from, to] of runs(at)) {
    if (from > next) pieces.push(given.slice(1, next, from));
    pieces.push(found.slice(1, taken, taken + to - from));
    taken += to - from;
    next = to;
  }
  if (next < given.shape[1]) pieces.push(given.slice(1, next, given.shape[1]));
  return concat(pieces, 1);
}

function viewOf(name: string, known: readonly InputSpec[]): InputSpec {
  // Of the state: what the observation says is not to be seen in a picture of the goal.
  const pictures = known.filter(
    ({ shape, role, dtype }) => shape.length === 3 && role === 'state' && dtype === 'uint8',
  );
  const view = pictures.find((one) => one.name === name);
  if (view) return view;
  const all = pictures.map((one) => one.name);
  const near = nearestName(name, all);
  const which = near ? `; did you mean "${near}"?` : `. Pictures: ${all.join(', ') || 'none; set env.camera.size'}.`;
  throw new UsageError(`agent.recognizes.views: there is no picture "${name}"${which}`);
}

/** The film among the inputs that shows, moment after moment, a frame of each of these views. */
function filmOf(views: readonly InputSpec[], inputs: readonly InputSpec[]): InputSpec {
  const film = inputs.find(({ shape, dtype }) => shape.length === 4 && dtype === 'uint8');
  const list = views.map(({ name }) => name).join(', ');
  if (!film) {
    throw refused(`the policy sees no film; set env.demonstration=3 and env.demonstrationIn=[${list}]`);
  }
  const [frames, ...frame] = film.shape;
  if (frames % views.length !== 0 || views.some(({ shape }) => shape.join() !== frame.join())) {
    throw refused(
      `${film.name} has ${frames} frames [${frame}], which are no moments of ${list}; give the views of env.demonstrationIn, in that order`,
    );
  }
  return film;
}

const refused = (reason: string) => new UsageError(`agent.recognizes.views is set, but ${reason}.`);
