// The field's terms in plain words: explained where they first stand on a page of the lab.

export const terms = {
  goal: 'What is to be reached, given to the policy beside the state: here a place. The same policy serves every goal.',
  'sparse reward':
    'A reward that says only whether the goal is reached: 1 or 0, or 0 and -1. It gives no hint of the way.',
  'dense reward': 'A reward at every step that grows as the goal comes nearer, such as minus the distance.',
  exploration: 'Trying actions without knowing what they are worth, here at random.',
  eps: 'The tolerance: a goal counts as reached within less than this distance.',
  hindsight:
    'Learning from an episode as if what it reached had been asked for: goals are replaced by achieved ones, and rewards are computed anew (Andrychowicz et al. 2017).',
  relabelling: 'Giving a stored step another goal, and computing its reward and its end anew for it.',
  episode: 'One attempt: the states and actions from a start to an end.',
  transition: 'One step of an episode as it is stored: state, action, next state, goal, reward.',
  'replay buffer': 'The memory of transitions from which a learner draws its batches.',
  k: 'The number of relabelled goals drawn for each original one.',
  'positive ratio': 'The share of transitions in a learner’s batches that have reward 1.',
  'Q-value':
    'Q(s, a, g): the discounted sum of rewards to come after action a in state s under goal g, when one goes on as well as one can.',
  value: 'V(s, g): the discounted sum of rewards to come from state s under goal g, the largest Q over the actions.',
  'universal value function':
    'V(s, g; theta) or Q(s, a, g; theta): one function for all goals, which can answer for goals that it was not trained on (UVFA, Schaul et al. 2015).',
  gamma: 'The discount factor: a reward one step later counts gamma times as much.',
  alpha: 'The step size of an update: the share of the error by which the Q-value is moved.',
  target:
    'r + gamma max Q(s’, a’, g): what the Q-value should be, judged by the reward and the next state. At the end: r.',
  error: 'Target minus the present Q-value (temporal difference error).',
  backup: 'Computing the values of states anew from the values of the states they lead to.',
  terminated: 'The episode is over for good: nothing comes after, so nothing is added for the next state.',
  gradient: 'The direction in the space of parameters in which a loss grows fastest; learning goes the other way.',
  conflict: 'Two tasks’ gradients conflict where their inner product is negative: what helps one harms the other.',
  PCGrad: 'Each task’s gradient loses its part along every other gradient that it conflicts with (Yu et al. 2020).',
  CAGrad: 'The step near the mean gradient that helps the worst-off task most (Liu et al. 2021).',
  GradNorm: 'Weights of the tasks are learned so that their gradients keep comparable lengths (Chen et al. 2018).',
  generalist: 'One policy for all tasks.',
  specialist: 'A policy for one task alone.',
  threshold: 'The value from which on the other side wins.',
  'stochastic dynamics': 'Chance takes part in what an action leads to.',
  bias: 'A systematic error: what remains on average, however much data there is.',
  'importance weight':
    'A factor that makes up for drawing some cases too often: how often they should come, over how often they do.',
  'task identifier':
    'What tells a policy its task, written z: a number (one-hot), a goal, a sentence, a picture or a demonstration.',
  head: 'A last layer of its own for each task, on layers that all tasks share.',
  'sentence encoder': 'A network that turns a sentence into a vector. Frozen: training the policy does not change it.',
  'compositional generalisation':
    'Understanding new combinations of known parts: red things and circles were asked for, a red circle never.',
  ensemble:
    'Several networks fitted to the same data from different beginnings; where they differ, the data say little.',
  'compounding error':
    'A prediction is the input of the next one, so that errors add up and grow with every further step.',
  'synthetic data': 'Transitions that a model imagines, for a policy to learn from beside the real ones.',
  planner: 'Chooses each action by trying plans in a model and taking the first step of the best one; then plans anew.',
  'forward pass': 'Computing a network’s output once, from its first layer to its last.',
  return: 'The sum of an episode’s rewards.',
  'catastrophic forgetting': 'Losing what was learned earlier while learning something else.',
  EWC: 'Elastic weight consolidation: a penalty for moving a parameter, by how much the old task’s policy depends on it (Kirkpatrick et al. 2017).',
  seed: 'The number that all chance of a run follows from; other seeds are other runs of the same settings.',
  'permutation test':
    'Deal the same numbers into two groups in every possible way, and count how often they differ as much: rarely means that it was hardly luck.',
  'harmonic number': 'H_T = 1 + 1/2 + 1/3 + ... + 1/T; about ln T + 0.577.',
} as const satisfies Record<string, string>;

export type TermName = keyof typeof terms;

export interface Part {
  readonly text: string;
  readonly term?: TermName;
}

/**
 * A sentence in parts: `[hindsight]` and `[as if|hindsight]` become terms.
 * @throws Error for a term without an explanation
 */
export function partsOf(sentence: string): Part[] {
  return sentence.split(/(\[[^\]]+\])/).flatMap((part): Part[] => {
    if (!part.startsWith('[')) return part === '' ? [] : [{ text: part }];
    const [text, name = text] = part.slice(1, -1).split('|');
    const known = Object.hasOwn(terms, name) ? (name as TermName) : undefined;
    if (known === undefined) throw new Error(`the term "${name}" has no explanation; add it to studio/lab/terms.ts.`);
    return [{ text, term: known }];
  });
}
