// What the Actors page says of actors and learners, in words.
import type { ActorStatus, LearnerStatus } from '../../src/actors/presence.js';

const thousands = (value: number) => Math.round(value).toLocaleString('en-US');

/** Bytes in kB, MB or GB. */
export function bytesText(bytes: number): string {
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

/** The cells of an actor's row, in the order of the columns. */
export const actorRow = (actor: ActorStatus): readonly string[] => [
  actor.actor,
  thousands(actor.stepsPerSecond),
  thousands(actor.steps),
  thousands(actor.episodes),
  `${thousands(actor.lag)} steps`,
  thousands(actor.messages),
  bytesText(actor.bytes),
  actor.refused > 0
    ? `refused as too old: ${actor.refused}`
    : actor.waiting === undefined
      ? 'acts'
      : `waits for ${actor.waiting}`,
];

/** One line about a learner. `silent`: seconds since it was heard. */
export function learnerFacts(learner: LearnerStatus | undefined, silent: number): string {
  if (!learner) return 'Its learner has not been heard; actors wait once what they sent is not taken.';
  if (learner.ended) return `The run is over, after ${thousands(learner.steps)} steps.`;
  const refused = learner.refused > 0 ? `, ${thousands(learner.refused)} refused as too old` : '';
  const waits = `waits ${Math.round(100 * learner.waitingShare)}% of its time for episodes`;
  const said = `Learner at step ${thousands(learner.steps)}, ${waits}; ${thousands(learner.episodes)} episodes taken${refused}.`;
  const problem = learner.problem === undefined ? '' : ` Its newest policy could not be handed out: ${learner.problem}`;
  return `${silent > 5 ? `Silent for ${silent} s. ` : ''}${said}${problem}`;
}
