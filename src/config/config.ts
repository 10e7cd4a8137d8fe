// The complete, versioned configuration of a run: what config.json holds and `--set path=value` changes.
import * as z from 'zod';
import { modelConfigSchema } from './model-config.js';

const count = (what: string) => z.int(`${what} must be a whole number`).min(0);
const positive = (what: string) => z.int(`${what} must be a whole number`).min(1);

/** One bound for each number of a goal. */
const bounds = z.array(z.number().nullable()).default([]);

/** What is learned of episodes that are labelled in words. */
export const languageSchema = z.strictObject({
  captioner: z
    .enum(['verifier', 'learned'])
    .default('verifier')
    .describe(
      'who says what episodes fulfilled (relabel caption): the environment, or what was learned of labelled episodes',
    ),
  rewardModel: z
    .boolean()
    .default(false)
    .describe('whether episodes that are not labelled are rewarded for what a learned model takes for success'),
  labelled: z
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe('share of episodes of which it is told what they fulfilled, and whether they succeeded'),
  updates: count('language.updates')
    .max(1000)
    .default(16)
    .describe('updates of what is learned of labelled episodes, for each of them'),
});

/** Sections and defaults; `env.options` and `agent.options` are checked by the environment's and the agent's own schema. */
export const trainConfigSchema = z.strictObject({
  version: z.literal(1).default(1),
  env: z.strictObject({
    name: z.string().describe('environment name or module path'),
    options: z.record(z.string(), z.unknown()).default({}).describe('settings of the environment'),
  }),
  agent: z
    .strictObject({
      name: z.string().default('sac').describe('learning algorithm'),
      options: z.record(z.string(), z.unknown()).default({}).describe('hyperparameters of the agent'),
    })
    .prefault({}),
  relabel: z.string().default('future:4').describe('hindsight: strategy and relabelled goals per transition, or none'),
  goals: z
    .strictObject({
      heldOut: z
        .strictObject({
          low: bounds.describe('smallest numbers of a goal in the region that is held out, null: any; none: no bound'),
          high: bounds.describe('largest numbers of a goal in that region'),
          words: z
            .array(z.string().trim().min(1))
            .default([])
            .describe('words that training never asks with, such as "red ball" or "grab", where episodes ask in words'),
        })
        .prefault({}),
      trained: positive('goals.trained')
        .max(1_000_000)
        .nullable()
        .default(null)
        .describe('different goals that episodes of training have; null: all that are not held out'),
    })
    .prefault({}),
  tasks: z
    .strictObject({
      weights: z
        .record(z.string(), z.number().min(0))
        .default({})
        .describe('how often episodes have each task, by name; 1 for those not named, 0: held out'),
      identifiers: z
        .array(z.string())
        .default([])
        .describe(
          'what tells the policy its task, such as task, goal or demonstration; none named: all that there are',
        ),
      hindsight: z
        .int()
        .min(0)
        .max(1000)
        .default(0)
        .describe('other tasks that each episode is also stored as, of those that share states, actions and dynamics'),
      groups: z
        .array(z.array(z.string()).min(2))
        .nullable()
        .default(null)
        .describe('tasks between which hindsight passes episodes, by name; null: all that share S, A and T'),
      successShare: z
        .number()
        .min(0)
        .max(1)
        .nullable()
        .default(null)
        .describe(
          "share of each task's rows in a batch that come from episodes that ended in success (MT-Opt); null: as they come",
        ),
      sequence: z
        .array(z.string())
        .default([])
        .describe(
          'tasks learned one after the other, by name, each for an equal share of the steps; none: all at once',
        ),
      rehearsal: z
        .number()
        .min(0)
        .lt(1)
        .default(0)
        .describe("share of each batch that is drawn from earlier tasks' episodes; only with sequence"),
      sampling: z
        .enum(['fixed', 'performance', 'uncertainty'])
        .default('fixed')
        .describe(
          'fixed: by weights; performance: after each evaluation, more of tasks with less success; uncertainty: at each log, more of tasks on which critics disagree (mtsac)',
        ),
      samplingTemperature: z
        .number()
        .positive()
        .default(0.5)
        .describe('how sharply performance and uncertainty tell tasks apart: towards 0 only the first counts'),
      uniformShare: z
        .number()
        .min(0)
        .max(1)
        .default(0.2)
        .describe('share of episodes that all tasks get alike under performance and uncertainty'),
      gradientsEvery: count('tasks.gradientsEvery')
        .default(0)
        .describe(
          "updates between measurements of each task's gradients, whose cosines and lengths go to the log; 0: none",
        ),
    })
    .prefault({}),
  seed: count('seed').max(Number.MAX_SAFE_INTEGER).default(0).describe('one seed for everything random in the run'),
  steps: positive('steps').default(20_000).describe('environment steps in all'),
  envs: positive('envs').max(1024).default(1).describe('environments stepped side by side'),
  workers: count('workers')
    .max(256)
    .default(0)
    .describe('threads that step the environments, at most one each; 0: the acting thread; changes no result'),
  init: z.string().nullable().default(null).describe('run whose policy this one starts from: its path'),
  training: z
    .strictObject({
      warmupSteps: count('training.warmupSteps').default(500).describe('steps of random actions before learning'),
      batchSize: positive('training.batchSize').max(65_536).default(256).describe('transitions per update'),
      updatesPerStep: z
        .number()
        .min(0)
        .max(1000)
        .default(1)
        .describe('gradient updates per environment step; on-policy agents make as many as their epochs need'),
      cycleSteps: positive('training.cycleSteps')
        .max(100_000)
        .default(10)
        .describe(
          'environment steps per iteration, after which the policy is updated (train_freq in Stable-Baselines3)',
        ),
      normalize: z
        .union([z.boolean(), z.literal('task')])
        .default(true)
        .describe(
          'normalise observations and goals by running mean and deviation; task: by those of each task (of a single one: as true)',
        ),
      demonstrations: count('training.demonstrations')
        .max(100_000)
        .default(0)
        .describe('episodes of the scripted controller put into the replay first'),
    })
    .prefault({}),
  replay: z
    .strictObject({
      capacity: positive('replay.capacity').max(100_000_000).default(1_000_000).describe('transitions kept'),
      unmetGoals: z
        .number()
        .min(0)
        .max(1)
        .default(0)
        .describe('share of relabelled transitions drawn again while their new goal is met before the action already'),
    })
    .prefault({}),
  language: languageSchema.prefault({}),
  model: modelConfigSchema.prefault({}),
  data: z
    .strictObject({
      files: z.array(z.string()).default([]).describe('data sets of recorded episodes to learn from: their paths'),
      share: z
        .number()
        .min(0)
        .max(1)
        .default(1)
        .describe('share of each batch that is drawn from the data sets; 1: all of it, and the policy does not act'),
      columns: z
        .record(z.string(), z.string())
        .default({})
        .describe(
          'where columns come from in the data sets, such as achieved: observation[0:2]; by default from those of their names',
        ),
    })
    .prefault({}),
  actors: z
    .strictObject({
      maxPolicyLag: count('actors.maxPolicyLag')
        .default(100_000)
        .describe("steps that an episode's policy may be behind the learner; older episodes are refused"),
      backlog: count('actors.backlog')
        .default(1000)
        .describe('steps in episodes that may wait for the learner, before actors wait'),
      policyEvery: count('actors.policyEvery').default(250).describe('steps between policies handed out to actors'),
      mostBytes: positive('actors.mostBytes')
        .default(2 ** 30)
        .describe('bytes of episodes that the broker may keep'),
    })
    .prefault({}),
  evaluation: z
    .strictObject({
      every: count('evaluation.every')
        .default(1000)
        .describe('environment steps between evaluations; 0: only at the end'),
      episodes: positive('evaluation.episodes').max(100_000).default(50).describe('episodes per evaluation'),
      untilSuccess: z
        .number()
        .min(0)
        .max(1)
        .nullable()
        .default(null)
        .describe('stop after two evaluations in a row at or above this success rate; of tasks: their mean'),
      untilWorst: z
        .number()
        .min(0)
        .max(1)
        .nullable()
        .default(null)
        .describe('the same for the success rate of the task with the lowest one'),
      untilReward: z.number().nullable().default(null).describe('the same for the mean return'),
    })
    .prefault({}),
  checkpoint: z
    .strictObject({
      every: count('checkpoint.every')
        .default(5000)
        .describe('environment steps between checkpoints; 0: only at the end'),
    })
    .prefault({}),
  runtime: z
    .strictObject({
      threads: positive('runtime.threads')
        .max(64)
        .default(1)
        .describe('threads of an update; of those, each batch is shared out among as many as divide it'),
      overlap: z.boolean().default(true).describe('step the environments while the learner updates'),
      worker: z.boolean().default(true).describe('run the learner in a thread of its own'),
    })
    .prefault({}),
});

export type TrainConfig = z.infer<typeof trainConfigSchema>;
