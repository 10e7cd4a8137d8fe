// What `data record` names to come next: a training that learns from what was recorded.
import type { DataSet } from '../datasets/index.js';
import { type DemonstrationOptions, demonstrationPart, shownParts } from '../envs/families/demonstration.js';
import { type EnvDefinition, type EnvSpec, hasGoals } from '../envs/index.js';
import { quoted } from '../quoted.js';
import { configureLayers } from '../training/configure.js';
import { notTaken } from '../training/recorded-options.js';

export interface Recording {
  readonly definition: EnvDefinition;
  /** The environment as it was named, and all of its settings. */
  readonly env: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Who acted. */
  readonly policy: string;
  /** Settings as they were given, and words that no episode asks with. */
  readonly settings: readonly string[];
  readonly without: readonly string[];
}

/** The words behind the program's name, such as `train arm/push --data push.safetensors`; `data` is what was recorded. */
export async function nextTraining(recording: Recording, data: DataSet): Promise<string> {
  const { definition, env, policy, without } = recording;
  const rules = definition.rules(recording.options as never);
  const { spec } = rules;
  rules.dispose?.();
  const isShown = spec.parts?.[demonstrationPart]?.per === 'episode' && (await saysGoal(recording, spec));
  // Where no goal is seen there is no hindsight that would make more of what an expert did than imitating it.
  const isGoalSeen = hasGoals(spec) && !spec.instruction && !isShown;
  const agent = policy === 'scripted' && !isGoalSeen ? 'bc' : undefined;
  const settings = [
    ...(await notTaken(definition, env, data, recording.settings)),
    ...(without.length > 0 ? [`goals.heldOut.words=${JSON.stringify(without)}`] : []),
    // Beside a goal a demonstration says nothing more.
    ...(isShown ? [`tasks.identifiers=[${demonstrationPart}]`] : []),
    ...(isShown && agent ? readsShown(spec, recording.options) : []),
    ...(spec.tasks ? await ofFamily(recording, spec, agent) : []),
  ];
  return [
    `train ${quoted(env)}`,
    ...(agent ? [`--agent ${agent}`] : []),
    `--data ${quoted(data.name)}`,
    ...settings.map((setting) => `--set ${quoted(setting)}`),
  ].join(' ');
}

/** Whether who is shown a demonstration knows the goal: it is of the goal, or each task has one. */
async function saysGoal({ definition, options }: Recording, spec: EnvSpec): Promise<boolean> {
  const { demonstrationOf }: DemonstrationOptions = options;
  if (demonstrationOf === 'goal' || !hasGoals(spec)) return true;
  const env = await definition.create({ ...options, [demonstrationPart]: 0 } as never);
  try {
    return (spec.tasks ?? []).every((_, task) => {
      const [one, other] = [1, 2].map((seed) => Array.from(env.reset({ seed, task }).goal));
      return one.every((number, i) => number === other[i]);
    });
  } finally {
    env.dispose?.();
  }
}

const isFilm = ({ parts }: EnvSpec): boolean => parts?.[demonstrationPart]?.shape?.length === 4;

/** A network that reads what is shown moment by moment, as docs/demonstrations.md has it. */
function readsShown(spec: EnvSpec, options: DemonstrationOptions): string[] {
  const { observation, privileged = [] } = spec;
  const seesNumbers = observation.size > 0 && !privileged.includes('observation');
  const reads = isFilm(spec) && seesNumbers;
  return [
    'agent.chunk=1',
    'agent.backbone=transformer',
    `agent.encoders.${demonstrationPart}=${isFilm(spec) && !reads ? 'keypoints' : 'tokens'}`,
    ...(reads ? [`agent.recognizes.views=${JSON.stringify(shownParts(options))}`] : []),
    // The last moment is where to go.
    ...(options.demonstrationOf === 'goal' && seesNumbers ? [`agent.relative=${demonstrationPart}`] : []),
  ];
}

/** What a family of tasks needs besides, by its own settings and the agent's usual ones. */
async function ofFamily({ env, options }: Recording, spec: EnvSpec, agent: string | undefined): Promise<string[]> {
  const { tasks = [], observation, parts = {}, privileged = [] } = spec;
  const values = { env: { name: env, options }, ...(agent && { agent: { name: agent } }) };
  const config = await configureLayers([{ source: 'data record', values }]);
  const { unseen = [] } = config.agent.options as { unseen?: readonly string[] };
  // Pictures of its own, beside numbers, would only be more to learn: the film says what to do.
  const pictures = Object.keys(parts).filter((name) => !parts[name].per && parts[name].shape?.length === 3);
  const hidesPictures = agent && isFilm(spec) && observation.size > 0 && !privileged.includes('observation');
  return [
    ...(hidesPictures ? [`agent.unseen=${JSON.stringify([...unseen, ...pictures])}`] : []),
    ...(tasks.length > config.evaluation.episodes ? [`evaluation.episodes=${tasks.length}`] : []),
  ];
}
