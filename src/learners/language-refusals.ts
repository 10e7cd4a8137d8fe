// Why hindsight in words and learned rewards do not go with a run, where they do not.
import type { TrainConfig } from '../config/config.js';
import { instructionName } from '../envs/instruction-names.js';
import { UsageError } from '../errors.js';
import { parseRelabel } from '../replay/index.js';
import { learnsFromDataOnly } from './experience.js';
import type { LearnerParts } from './learner.js';

/** @throws UsageError with the setting and the reason */
export function refuseLanguage({ config, rules: { captions, spec }, agent, spec: { inputs } }: LearnerParts): void {
  const { captioner, rewardModel } = config.language;
  const captioning = parseRelabel(config.relabel).strategy === 'caption';
  if (captioner === 'learned' && !captioning) {
    throw new UsageError(
      `language.captioner is learned, but relabel is "${config.relabel}", so that nothing is captioned; set relabel to caption:2, or leave it out.`,
    );
  }
  if (!captioning && !rewardModel) return;
  const setting = captioning ? `relabel is "${config.relabel}"` : 'language.rewardModel is set';
  const because = (reason: string) => new UsageError(`${setting}, but ${reason}.`);
  const { kind } = agent.learner;
  if (kind !== 'updates') {
    throw because(
      `agent "${config.agent.name}" learns from ${kind === 'table' ? 'a table' : kind}, not from a replay; leave it out`,
    );
  }
  if (!spec.instruction) {
    throw because(
      `${spec.name} does not ask in words; ${captioning ? 'use another strategy, or none' : 'leave it out'}`,
    );
  }
  const { words } = spec.instruction;
  const { files } = config.data;
  if (words && files.length > 0) {
    const have = files.length === 1 ? 'has the words of its' : 'have the words of their';
    throw because(
      `${files.join(', ')} ${have} sentences one by one (env.words is ${words}), and a caption takes the place of whole sentences only; leave ${captioning ? 'relabel' : 'language.rewardModel'} out, or record without env.words`,
    );
  }
  if (words) {
    throw because(
      `env.words is ${words}: a caption takes the sentence's place, not that of its single words; leave env.words out`,
    );
  }
  if (!inputs.some(({ name }) => name === instructionName)) {
    throw because(`tasks.identifiers leaves ${instructionName} out, so that the policy would not see it; add it`);
  }
  if (!captions) {
    throw because(`steps of ${spec.name} do not tell what they fulfilled; set env.captions=true, or leave it out`);
  }
  if (learnsFromDataOnly(config)) {
    throw because('recorded episodes are learned from as they are; set data.share below 1, or leave it out');
  }
  if (spec.goal.size === 0) {
    refuseUntold(config);
    return;
  }
  const told = `${spec.name} has goals, by whose rules rewards and captions are computed`;
  if (rewardModel) throw new UsageError(`language.rewardModel is set, but ${told}; leave it out.`);
  if (captioner === 'learned') throw new UsageError(`language.captioner is learned, but ${told}; leave it out.`);
}

/** Of environments without goals: what is learned has to be told, before anything is learned from it. */
function refuseUntold(config: TrainConfig): void {
  const { captioner, rewardModel, labelled } = config.language;
  if (labelled === 0 && (rewardModel || captioner === 'learned')) {
    throw new UsageError(
      `language.labelled is 0, so that nothing is told from which ${rewardModel ? 'rewards' : 'captions'} are learned; set it above 0, such as 0.25.`,
    );
  }
  if (labelled === 1 && rewardModel) {
    throw new UsageError(
      'language.rewardModel is set, but language.labelled is 1: of all episodes it is told whether they succeeded, and nothing is left to judge; set language.labelled below 1, such as 0.5.',
    );
  }
  if (rewardModel && config.training.demonstrations > 0) {
    throw new UsageError(
      `language.rewardModel is set, but training.demonstrations is ${config.training.demonstrations}: these come before anything is learned of success, and would lose their rewards; set it to 0.`,
    );
  }
  if (rewardModel && config.data.files.length > 0) {
    throw new UsageError(
      'language.rewardModel is set, but recorded episodes keep the rewards that they have; leave the data sets out.',
    );
  }
}
