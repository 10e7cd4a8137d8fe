// A run's complete configuration from what the caller of `train` gave.
import * as platform from '#platform';
import { findAgent, planner } from '../agents/index.js';
import { languageSchema, type TrainConfig } from '../config/config.js';
import { type ConfigLayer, type ConfigRequest, resolveConfig } from '../config/merge-config.js';
import { type ModelConfig, modelConfigSchema } from '../config/model-config.js';
import type { DataSet } from '../datasets/index.js';
import { type EnvDefinition, type EnvSpec, hasGoals, loadEnv, parseEnvOptions, RECORDED } from '../envs/index.js';
import { UsageError } from '../errors.js';
import { seesGoal } from '../learners/create-agent.js';
import { learnsFromDataOnly } from '../learners/experience.js';
import { parseRelabel } from '../replay/index.js';
import { checkOptions } from './check-options.js';
import { dataInMemory, dataNames } from './data.js';
import { tunedDefaults } from './defaults/index.js';
import { calls } from './options.js';
import { type RecordedOptions, recordedOptions } from './recorded-options.js';
import { runtimeDefaults } from './runtime-defaults.js';
import type { TrainOptions } from './types.js';
import { wishNames } from './until.js';

export interface ConfigureOptions {
  /** An environment that cannot be loaded by name. */
  readonly definition?: EnvDefinition;
  /** Data sets in memory, which the settings name too. */
  readonly data?: readonly DataSet[];
  /** Is told what was taken from data sets, in a line. */
  readonly onNote?: (note: string) => void;
  /** Throws for files that must not be opened. */
  readonly mayOpen?: (files: readonly string[]) => Promise<void>;
}

/**
 * General defaults < tuned defaults < what data sets were recorded with < `config` < single options; checked, with errors
 * that name the setting. `onNote` is told what was taken from data sets.
 */
export async function configure(options: TrainOptions, onNote?: ConfigureOptions['onNote']): Promise<TrainConfig> {
  checkOptions(calls.configure, options);
  const { env, agent, relabel, data, steps, seed, envs, workers, init } = options;
  const given = typeof env === 'string' ? undefined : env;
  const wishes = Object.fromEntries(
    wishNames.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]),
  );
  const single = {
    env: { name: given?.name ?? env },
    ...(agent !== undefined && { agent: { name: agent } }),
    ...(relabel !== undefined && { relabel }),
    ...(data !== undefined && { data: { files: dataNames(data) } }),
    ...(steps !== undefined && { steps }),
    ...(seed !== undefined && { seed }),
    ...(envs !== undefined && { envs }),
    ...(workers !== undefined && { workers }),
    ...(init !== undefined && { init }),
    ...(Object.keys(wishes).length > 0 && { evaluation: wishes }),
  };
  const layers = [
    { source: 'config', values: options.config ?? {} },
    { source: 'options', values: single },
  ];
  return configureLayers(layers, { definition: given, data: dataInMemory(data), onNote });
}

/** The same from layers of settings, lowest first. */
export async function configureLayers(
  layers: readonly ConfigLayer[],
  { definition: given, data = [], onNote, mayOpen }: ConfigureOptions = {},
): Promise<TrainConfig> {
  let recorded: Promise<RecordedOptions | undefined> | undefined;
  let note: string | undefined;
  const request: ConfigRequest = {
    layers,
    recordedOptions: async (env, asked, files) => {
      if (files.length === 0) return undefined;
      recorded ??= (async () => {
        await mayOpen?.(files);
        return recordedOptions(given ?? (await loadEnv(env)), env, files, data);
      })();
      const options = await recorded;
      note = options?.note(asked);
      return options?.layer;
    },
    defaultAgent: async (env, options) => defaultAgent(given ?? (await loadEnv(env)), env, options),
    tunedDefaults,
    schemas: async (env, agent) => ({
      env: (given ?? (await loadEnv(env))).options,
      agent: findAgent(agent).config,
    }),
  };
  const config = await resolveConfig(request);
  (await recorded)?.check(config.env.options);
  if (note !== undefined) onNote?.(note);
  refuseData(config);
  parseRelabel(config.relabel);
  refuseShare(config);
  const byPlace = runtimeDefaults(config, { cores: platform.cores(), ownThreads: platform.ownThreads });
  const definition = given ?? (await loadEnv(config.env.name));
  // Hindsight has nothing to relabel where no goal is seen; who asks for it all the same is told so.
  const byGoals = seesGoal(config, specOf(definition, config.env.options)) ? [] : [{ relabel: 'none' }];
  // What is recorded needs no random steps first, and nobody draws from demonstrations beside it.
  const byData = learnsFromDataOnly(config) ? [{ training: { warmupSteps: 0, demonstrations: 0 } }] : [];
  // Statistics that follow the present task would change what the policies of earlier ones see.
  const bySequence = config.tasks.sequence.length > 0 ? [{ training: { normalize: 'task' } }] : [];
  const whole = await resolveConfig({
    ...request,
    tunedDefaults: (env, agent, options) => [
      byPlace,
      ...(definition.isElsewhere && !given ? [{ workers: 1 }] : []), // so that this thread does not wait for every step
      ...tunedDefaults(env, agent, options),
      ...byGoals,
      ...byData,
      ...bySequence,
      ...byModel(config),
    ],
  });
  refuseIdle(whole);
  refuseUnlearned(whole);
  return whole;
}

/**
 * Imagined transitions are plenty: what real ones cost is bought with updates (MBPO: 20 to 40 per step). A plan takes as
 * long as hundreds of decisions of a policy, so that fifty episodes would take longer than learning does.
 */
function byModel({ agent, model }: TrainConfig) {
  if (agent.name === planner.name) return [{ evaluation: { episodes: PLANNED_EPISODES } }];
  if (model.kind === 'none') return [];
  if (findAgent(agent.name).learning === 'on-policy') return [onPolicy];
  return [{ training: { updatesPerStep: 10, warmupSteps: 250 } }];
}

/**
 * Between two real rollouts the policy learns from imagined ones, each of which it forgets: few at a time, and long enough
 * that advantages rest on rewards and not on the values alone (ME-TRPO: 50,000 steps and whole episodes, with TRPO).
 */
const onPolicy = { training: { cycleSteps: 512 }, model: { rollouts: 200, horizon: 15 } };

/** Of an evaluation by planning. */
const PLANNED_EPISODES = 10;

/** Settings of what is imagined, where nothing is, or where nothing of it would be learned from. */
function refuseIdle({ env, agent, model, training: { batchSize } }: TrainConfig): void {
  if (model.kind === 'none') return;
  if (env.name === RECORDED) {
    throw new UsageError(
      `model.kind is "${model.kind}"${agent.name === planner.name ? ', which agent "planner" needs' : ''}, but the data's environment is not here, without whose rules what is imagined reaches no goal; set model.kind=none with an agent such as gcbc, or name the environment (--env ENV).`,
    );
  }
  const idle = idleSettings(agent.name);
  const usual = modelConfigSchema.parse({});
  for (const name of idle.names) {
    if (JSON.stringify(model[name]) === JSON.stringify(usual[name])) continue;
    throw new UsageError(`model.${name} has no effect with agent "${agent.name}", ${idle.why}.`);
  }
  if (agent.name === planner.name || findAgent(agent.name).learning === 'on-policy') return;
  if (Math.round(model.realShare * batchSize) < batchSize) return;
  throw new UsageError(
    `model.realShare is ${model.realShare}: every row of a batch of ${batchSize} would be real, and what is imagined would have no effect; lower it (MBPO: 0.05), or set model.kind=none.`,
  );
}

/** Settings of what is learned of labelled episodes, where nothing is. */
function refuseUnlearned({ language }: TrainConfig): void {
  const { captioner, rewardModel } = language;
  if (captioner === 'learned' || rewardModel) return;
  const usual = languageSchema.parse({});
  for (const name of ['labelled', 'updates'] as const) {
    if (language[name] === usual[name]) continue;
    throw new UsageError(
      `language.${name} is ${language[name]}, but nothing is learned of labelled episodes; set language.rewardModel=true or language.captioner=learned (docs/language-hindsight.md), or leave it out.`,
    );
  }
}

/** Settings of the model that an agent does not read, and why. */
function idleSettings(agent: string): { readonly names: readonly (keyof ModelConfig)[]; readonly why: string } {
  if (agent === planner.name) {
    return {
      names: ['rollouts', 'retain', 'horizon', 'rounds', 'autoMost', 'autoError', 'realShare'],
      why: 'which imagines nothing before it acts; leave it out (agent.horizon is the length of plans)',
    };
  }
  if (findAgent(agent).learning === 'on-policy') {
    return {
      names: ['retain', 'realShare'],
      why: 'which is on-policy: it learns from each real rollout, then from imagined ones, and keeps neither; leave it out (model.rounds says how many)',
    };
  }
  return {
    names: ['rounds'],
    why: 'which learns from what it imagined as long as that is kept (model.retain), not in rounds; leave it out',
  };
}

/** A share of each batch, but no data set to draw it from, or so small or large that one side gets no row. */
function refuseShare({ data, training, model }: TrainConfig): void {
  const { share } = data;
  if (data.files.length === 0) {
    if (share === 1) return;
    throw new UsageError(`data.share is ${share}, but there is no data set; name one in data.files (--data FILE).`);
  }
  const { batchSize } = training;
  const rows = model.kind === 'none' ? batchSize : Math.round(model.realShare * batchSize);
  const recorded = Math.round(share * rows);
  if (rows < 2 || share === 0 || share === 1 || (recorded > 0 && recorded < rows)) return;
  const none = recorded === 0;
  const bound = Number((none ? 1 / rows : 1 - 1 / rows).toPrecision(3));
  throw new UsageError(
    `data.share is ${share}: of ${rows} rows of a batch${model.kind === 'none' ? '' : ' that are not imagined'} that is ${none ? 'none' : 'all'}; take ${none ? 0 : 1}, at ${none ? 'least' : 'most'} ${bound}, or a larger training.batchSize.`,
  );
}

/**
 * The agent that an environment is trained with when none is named: by the kind of its actions. Where nobody can act,
 * because the environment of the data is not here, one that imitates them. Options only count where there is no environment
 * without them: what is wrong with them is told later, with the place that they come from.
 */
function defaultAgent(definition: EnvDefinition, name: string, options: Readonly<Record<string, unknown>>): string {
  const needsNone = definition.options?.safeParse({}).success ?? true;
  const spec = specOf(definition, needsNone ? {} : options);
  if (name === RECORDED) return hasGoals(spec) && spec.action.kind === 'box' ? 'gcbc' : 'bc';
  return spec.action.kind === 'discrete' ? 'dqn' : 'sac';
}

/** The spec of an environment with these settings, without creating it where its rules can tell. */
export function specOf(definition: EnvDefinition, options: unknown): EnvSpec {
  const rules = definition.rules(parseEnvOptions(definition, options));
  rules.dispose?.();
  return rules.spec;
}

/** Agents that can only learn from what their own policy does are told apart before anything is read. */
function refuseData({ agent, data }: TrainConfig): void {
  if (data.files.length === 0 || findAgent(agent.name).learning === 'off-policy') return;
  throw new UsageError(
    `data.files: ${agent.name} learns on-policy, from what its own policy does, so that it cannot learn from recorded episodes; use an off-policy agent, such as sac.`,
  );
}

/** Before a run begins: an agent that is made for recorded episodes, or that imitates, has something to learn from. */
export function requireData({ agent, data, env, relabel }: TrainConfig): void {
  const { imitates, offline } = findAgent(agent.name);
  if (data.files.length > 0) return;
  if (offline) {
    throw new UsageError(
      `data.files: ${agent.name} learns from recorded episodes, and none are given; record some (anygoal data record ${env.name} --policy random --out walks.safetensors) and name them (--data walks.safetensors), or choose an agent that acts, such as sac.`,
    );
  }
  if (!imitates || relabel !== 'none') return;
  throw new UsageError(
    `data.files: ${agent.name} imitates recorded episodes, and none are given; record some (anygoal data record ${env.name} --out demos.safetensors) and name them (--data demos.safetensors), or let it imitate what it reaches itself by hindsight (--relabel future:4).`,
  );
}
