// Runs whose episodes come from actors elsewhere: their name on the broker, and what does not go with that.
import { type Broker, type Channel, randomLetters, safeName } from '../actors/broker.js';
import { runOnBroker } from '../actors/source.js';
import type { Agent } from '../agents/agent.js';
import type { TrainConfig } from '../config/config.js';
import { UsageError } from '../errors.js';
import { learnsFromDataOnly } from '../learners/experience.js';
import { runName } from '../runs/run-layout.js';

/** The part of the broker for a new run; undefined without a broker. */
export const newChannel = (broker: Broker | undefined, config: TrainConfig): Promise<Channel> | undefined =>
  broker?.create(`${safeName(runName(config, new Date()))}-${randomLetters(4)}`, config.actors.mostBytes);

/** That of a run that goes on. `state`: what its source saved. @throws UsageError where run and broker do not go together */
export async function channelOf(
  broker: Broker | undefined,
  config: TrainConfig,
  state: Readonly<Record<string, Uint8Array>>,
): Promise<Channel | undefined> {
  const run = runOnBroker(state);
  if (run === undefined && !broker) return undefined;
  if (run === undefined) {
    throw new UsageError('this run has environments of its own, so that it goes on without a broker; leave it out.');
  }
  if (!broker) {
    throw new UsageError(
      `the episodes of this run come from actors over a broker, where its name is ${run}; give the broker (--broker).`,
    );
  }
  if (!(await broker.runs()).includes(run)) {
    throw new UsageError(
      `${broker.address} keeps nothing of ${run}: it was removed there, or the run had another broker. Its place among the messages is lost; begin a new run from its policy (--init).`,
    );
  }
  return broker.create(run, config.actors.mostBytes);
}

/** @throws UsageError for settings that do not go with episodes from elsewhere */
export function refuseRemote(config: TrainConfig, agent: Agent): void {
  if (agent.learner.kind !== 'updates') {
    throw new UsageError(
      `agent "${config.agent.name}" learns from ${agent.learner.kind}, not from a replay: episodes from actors elsewhere are of earlier policies, and come whole; use an off-policy agent, such as sac.`,
    );
  }
  if (config.tasks.sequence.length > 0) {
    throw new UsageError(
      'tasks.sequence does not go with a broker: episodes of the task before would still arrive; leave one of them out.',
    );
  }
  if (learnsFromDataOnly(config)) {
    throw new UsageError(
      'data.share is 1, so that all is learned from data sets; leave out the broker, or lower data.share.',
    );
  }
}

/** How actors are started, for people. */
export const actorsNeeded = (address: string, run: string): string =>
  `Episodes come from actors elsewhere. Start some: anygoal actor --broker ${address} --run ${run}`;
