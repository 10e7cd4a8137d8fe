// What a family needs to ask for its tasks in words, without the words: sentences.ts has those.
import type * as z from 'zod';
import type { EnvDefinition, EnvSpec, SimulationBase } from '../env.js';

export interface SentenceOptions {
  /** How episodes are asked for in words; absent: not at all. */
  readonly sentences?: 'plain' | 'varied';
  /** Words that have a vector of their own; absent: none. */
  readonly words?: number;
}

export interface SpokenMember {
  readonly task: string;
  readonly env: EnvDefinition;
}

export interface FamilySpeech {
  readonly options: z.ZodObject;
  /** The spec with the parts that show sentences. @throws UsageError for tasks that are not said in words */
  spec(spec: EnvSpec, options: SentenceOptions, members: readonly SpokenMember[]): EnvSpec;
  /** A family's simulation whose episodes are asked for in words. */
  simulation<Spec extends EnvSpec>(
    simulation: SimulationBase<Spec>,
    options: SentenceOptions,
    members: readonly SpokenMember[],
  ): SimulationBase<Spec>;
}
