// What an episode asks for in words, where its environment, or that of its task, has words for it.
import {
  type EnvDefinition,
  isTaskFamily,
  parseEnvOptions,
  type TimeStep,
  writeInstruction,
} from '../../src/envs/index.js';

/** The first of the sentences that ask for what an episode shows at its beginning; undefined: there is none. */
export type Say = (now: TimeStep) => string | undefined;

export function instructionsOf(definition: EnvDefinition, options: Readonly<Record<string, unknown>>): Say {
  const all = isTaskFamily(definition)
    ? definition.members(parseEnvOptions(definition, options)).map(({ env }) => env.instructions)
    : [definition.instructions];
  return ({ task, observation, goal }) => {
    const instructions = all[task[0] ?? 0];
    return instructions && writeInstruction(instructions.templates[0], instructions.fill(observation, goal));
  };
}
