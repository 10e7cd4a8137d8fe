// `anygoal start` (`npm start`): the main job. A simulated arm learns to reach any goal from sparse rewards.
import { quoted } from '../../quoted.js';
import type { Command } from '../command.js';
import { duration, percent, thousands } from '../format.js';
import { runWithProgress } from '../run-with-progress.js';

const ENV = 'arm/reach';
const WANTED = 0.95;
const FRESH_GOALS = 300;

export const start: Command = {
  spec: {
    name: 'start',
    summary: `Train ${ENV} until it succeeds, then try the policy on ${FRESH_GOALS} fresh goals`,
    flags: {
      'no-hindsight': { help: 'the same without hindsight relabelling, to see what it is worth' },
      seed: { value: 'S', help: 'one seed for everything random in the run' },
      out: { value: 'DIR', help: 'folder for runs (default: runs)' },
      json: { help: 'print one JSON object at the end, everything else on standard error' },
    },
    examples: [
      ['', 'learn to reach any goal'],
      ['--no-hindsight', 'the same without hindsight'],
    ],
  },
  async run(args, terminal, program) {
    const [{ evaluateRun, train }, { createDiskStore }, { parseValue }] = await Promise.all([
      import('../../training/index.js'),
      import('../../runs/disk-store.js'),
      import('../../config/settings-text.js'),
    ]);
    const hindsight = !args.has('no-hindsight');
    const seed = args.value('seed');
    terminal.print(`A simulated robot arm learns to bring its gripper to any goal (${ENV}).`);
    terminal.print('Reward: -1 a step, 0 within 5 cm of the goal; nothing else tells it where to go.');
    terminal.print(
      hindsight
        ? 'Hindsight: what an episode reached by accident is learned from as if it had been the goal.\n'
        : 'Without hindsight: only episodes that reach their goal teach anything.\n',
    );
    const { result, exitCode } = await runWithProgress(terminal, program, (watch) =>
      train({
        env: ENV,
        config: seed === undefined ? {} : { seed: parseValue(seed) },
        untilSuccess: WANTED,
        ...(hindsight ? {} : { relabel: 'none' }),
        store: createDiskStore(args.value('out') ?? 'runs'),
        ...watch,
      }),
    );
    if (exitCode !== 0) return exitCode;
    const evaluation = await evaluateRun({
      run: result.runDir,
      checkpoint: 'best',
      episodes: FRESH_GOALS,
      onEpisode: (episode) =>
        terminal.status(`trying fresh goals  ${episode + 1}/${FRESH_GOALS}`.slice(0, terminal.width - 1)),
    });
    terminal.status('');
    const rate = terminal.tone(percent(evaluation.successRate), evaluation.successRate >= WANTED ? 'good' : 'bad');
    for (const line of [
      '',
      `Trained  ${thousands(result.envSteps)} steps in ${duration(result.wallSeconds)} (and ${duration(result.evalSeconds)} of evaluation on the way)`,
      `Success  ${rate} of ${evaluation.episodes} fresh goals (best checkpoint, step ${thousands(evaluation.steps)})`,
      `Run      ${result.runDir}`,
      '',
      'Next:',
      `  ${program} eval ${quoted(result.runDir)} --episodes 20`,
      `  ${program} export ${quoted(result.runDir)} --out policy.onnx`,
      hindsight ? `  ${program} start --no-hindsight` : `  ${program} start`,
      `  ${program} train arm/push`,
    ]) {
      terminal.print(line);
    }
    terminal.json({
      ...result,
      freshSuccessRate: evaluation.successRate,
      freshMeanReward: evaluation.meanReward,
      freshEpisodes: evaluation.episodes,
    });
    return 0;
  },
};
