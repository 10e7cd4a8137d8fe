// `anygoal eval`: runs a trained policy on fresh goals, or on one that is given.

import { type EpisodeResult, worstTask } from '../../acting/evaluate.js';
import { type GoalPart, goalParts } from '../../acting/training-goals.js';
import { UsageError, unknownName } from '../../errors.js';
import type { Command } from '../command.js';
import { duration, percent, short, thousands } from '../format.js';
import { watchInterrupt } from '../interrupt.js';
import { wholeNumber } from '../numbers.js';
import { placeFlags, usePlaces } from '../places.js';
import { findRun, parseCheckpoint } from '../run-path.js';
import { EVAL_EPISODES, taskLines } from '../train-report.js';

export const evaluate: Command = {
  spec: {
    name: 'eval',
    summary: 'Evaluate the policy of a run on fresh goals',
    positional: { name: 'RUN', required: true, help: "a run's folder, or the beginning of its name" },
    flags: {
      episodes: { value: 'N', help: `episodes (default: ${EVAL_EPISODES})` },
      seed: { value: 'S', help: 'seed of start states and goals' },
      goal: { value: 'x,y,z', help: 'the same goal in every episode' },
      instruction: { value: 'TEXT', help: 'the same instruction in every episode, such as "go to the red ball"' },
      demonstration: { value: 'FILE', help: 'a data set whose first episode shows what to do in every episode' },
      task: { value: 'TASK', help: 'one of the tasks, by name (default: all of them in turn)' },
      goals: { value: 'PART', help: `${goalParts.join(', ')} (default: all); for runs that held goals out` },
      checkpoint: { value: 'C', help: 'best (default), last, or the steps of one' },
      ...placeFlags,
      json: { help: 'print one JSON object at the end, everything else on standard error' },
      quiet: { help: 'no progress, only the result' },
    },
    examples: [
      ['runs/arm-reach__sac__0__20261121-134501', 'the best policy on 100 fresh goals'],
      ['arm-reach --goal 0.4,0.1,0.5', 'the only run that begins so, on a goal of yours'],
    ],
  },
  async run(args, terminal) {
    const episodes = wholeNumber('--episodes', args.value('episodes') ?? String(EVAL_EPISODES), 1);
    const seed = args.value('seed');
    const goal = args.value('goal');
    if (goal !== undefined && args.has('goals')) {
      throw new UsageError('--goal and --goals exclude each other: one goal for all episodes, or a part of the goals.');
    }
    const checkpoint = args.value('checkpoint');
    const options = {
      seed: seed === undefined ? undefined : wholeNumber('--seed', seed, 0),
      goal: goal === undefined ? undefined : parseGoal(goal),
      goals: parsePart(args.value('goals')),
      task: args.value('task'),
      instruction: args.value('instruction'),
      demonstration: args.value('demonstration'),
    };
    const wanted = checkpoint === undefined ? undefined : parseCheckpoint(checkpoint);
    await usePlaces(args);
    const found = await findRun(args.positional ?? '');
    const { evaluateRun } = await import('../../training/index.js');
    const interrupt = watchInterrupt(terminal.note);
    const line = liveLine(episodes);
    try {
      const result = await evaluateRun({
        run: found.run,
        checkpoint: wanted ?? found.checkpoint ?? 'best',
        episodes,
        ...options,
        signal: interrupt.signal,
        onEpisode(_, result) {
          const done = line(result);
          if (terminal.width > done.length) terminal.status(done);
        },
      });
      terminal.status('');
      for (const warning of result.warnings ?? []) terminal.note(`Warning: ${warning}`);
      const of = result.goals === 'all' ? '' : ` to ${result.goals} goals`;
      const rate = terminal.tone(percent(result.successRate), result.successRate >= 0.95 ? 'good' : 'faint');
      terminal.print(`Run      ${result.runDir}, checkpoint at step ${thousands(result.steps)}`);
      const succeeds = !Number.isNaN(result.successRate);
      if (succeeds)
        terminal.print(
          `Success  ${rate} of ${result.episodes} episodes${of} at their last step, ${percent(result.anySuccessRate)} at any step`,
        );
      terminal.print(
        `Return   ${short(result.meanReward)} ± ${short(result.stdReward)}, mean length ${short(result.meanLength)} steps, ` +
          duration(result.seconds),
      );
      const decisions = result.meanLength * result.episodes;
      terminal.print(`Speed    ${short(decisions / result.seconds)} decisions/s, the environment's steps included`);
      for (const line of taskLines(result)) terminal.print(line);
      const worst = worstTask(result);
      terminal.json(worst ? { ...result, worstSuccessRate: worst.successRate } : result);
      return interrupt.exitCode ?? 0;
    } finally {
      terminal.status('');
      interrupt.dispose();
    }
  },
};

/** The line that shows while episodes go on, after each of them; success only where there is such a notion. */
export function liveLine(episodes: number): (result: EpisodeResult) => string {
  let [done, successes, returns] = [0, 0, 0];
  return ({ success, hasSuccess = true, reward }) => {
    done++;
    successes += success ? 1 : 0;
    returns += reward;
    const rate = hasSuccess ? `  success ${percent(successes / done)}` : '';
    return `episode ${done}/${episodes}${rate}  return ${short(returns / done)}`;
  };
}

function parsePart(text: string | undefined): GoalPart | undefined {
  const part = goalParts.find((known) => known === text);
  if (text === undefined || part) return part;
  throw unknownName('part of the goals', text, goalParts);
}

export function parseGoal(text: string): number[] {
  const goal = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (!goal.every(Number.isFinite)) {
    throw new UsageError(`--goal must be numbers separated by commas, such as 0.4,0.1,0.5, not "${text}".`);
  }
  return goal;
}
