// Task identifiers, what tells a policy which task an episode has: what each can say, how it generalises, what hindsight can do.
import type { GoalKind } from '../envs/index.js';

export const identifierNames = ['one-hot', 'embedding', 'goal', 'demonstration', 'text', 'image'] as const;
export type IdentifierName = (typeof identifierNames)[number];

export interface TaskIdentifier {
  readonly name: IdentifierName;
  /** The policy's input that carries it, as `tasks.identifiers` names it. */
  readonly input: string;
  /** Which tasks it can tell. */
  readonly expresses: string;
  /** To which tasks not trained on a policy can be expected to carry over, and why. */
  readonly generalises: GoalKind['generalises'];
  readonly because: string;
  /** What a task costs that comes later: all of training, training of what is its own, or nothing. */
  readonly newTask: 'retrain' | 'add' | 'zero-shot';
  /** Whether hindsight can write it anew for what an episode achieved, and what that takes. */
  readonly relabels: boolean;
  readonly hindsight: string;
  /** Present where it is only declared: what it will need. */
  readonly needs?: string;
}

const identifiers: Readonly<Record<IdentifierName, Omit<TaskIdentifier, 'name'>>> = {
  'one-hot': {
    input: 'task',
    expresses: 'one of the K tasks that there were in training',
    generalises: 'none',
    because: 'one-hot cannot interpolate: the input of an unseen task has weights that no training has moved',
    newTask: 'retrain',
    relabels: false,
    hindsight: 'only between tasks that share S, A and T, by their success detectors',
  },
  embedding: {
    input: 'task',
    expresses: 'one of the K tasks, as a learned vector; tasks alike can come to lie near each other',
    generalises: 'none',
    because: 'the row of an unseen task is as it was drawn at the beginning; it has to be learned',
    newTask: 'add',
    relabels: false,
    hindsight: 'only between tasks that share S, A and T, by their success detectors',
  },
  goal: {
    input: 'goal',
    expresses: 'whatever the goal space of the environment can say: a state, a set of states, a predicate',
    generalises: 'nearby',
    because: 'goals between and near those of training have inputs between and near theirs',
    newTask: 'zero-shot',
    relabels: true,
    hindsight: 'what was achieved is a goal',
  },
  demonstration: {
    input: 'demonstration',
    expresses: 'whatever can be shown by doing it once, without words or numbers for it',
    generalises: 'nearby',
    because: 'an unseen task is understood as far as its demonstration resembles those of training',
    newTask: 'zero-shot',
    relabels: false,
    hindsight: 'what was achieved would need a demonstration of its own, from another start',
  },
  text: {
    input: 'instruction',
    expresses: 'what a sentence says',
    generalises: 'compositional',
    because: 'unseen sentences are made of words that were seen, and paraphrases have vectors near each other',
    newTask: 'zero-shot',
    relabels: true,
    hindsight: 'a captioner says what was achieved',
  },
  image: {
    input: 'goal-camera',
    expresses: 'what a camera shall see at the end',
    generalises: 'visual',
    because: 'what looks alike has embeddings near each other',
    newTask: 'zero-shot',
    relabels: true,
    hindsight: 'the picture of what was achieved',
  },
};

export const taskIdentifier = (name: IdentifierName): TaskIdentifier => ({ name, ...identifiers[name] });

/** All of them, from the least to the most expressive. */
export const taskIdentifiers = (): TaskIdentifier[] => identifierNames.map(taskIdentifier);
