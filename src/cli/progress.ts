// Shows training as it goes: one live line on a terminal, a plain line every few seconds elsewhere.
import { type Evaluation, worstTask } from '../acting/evaluate.js';
import type { Progress } from '../training/types.js';
import { duration, percent, short, thousands } from './format.js';
import type { Terminal } from './terminal.js';

const PLAIN_SECONDS = 5;
const LIVE_SECONDS = 0.1;

const PHASES: Record<Progress['phase'], string> = {
  warmup: 'warm-up',
  training: 'training',
  updates: 'making up updates',
  evaluation: 'evaluating',
  checkpoint: 'saving',
};

/** Progress in at most `width` columns: what matters least goes first, so that the line never wraps. */
export function progressLine(progress: Progress, width: number): string {
  const { steps, totalSteps, successRate, meanReward, episodes, lastEvaluation } = progress;
  const measured = episodes > 0;
  const succeeds = progress.hasSuccess !== false;
  const makesUp = progress.phase === 'updates';
  // In the order they are shown, with the order in which they are kept.
  const parts: [keep: number, text: string][] = [
    [6, PHASES[progress.phase]],
    [1, `${thousands(steps)}/${thousands(totalSteps)} steps`],
    [3, makesUp ? '' : `${thousands(progress.stepsPerSecond)} steps/s`],
    [2, makesUp ? `${thousands(progress.owedUpdates ?? 0)} left` : `${duration(progress.secondsLeft)} left`],
    // Of its own episodes; who learns from data alone has none, and is told by evaluations.
    [4, measured && succeeds ? `success ${percent(successRate)}` : ''],
    [5, measured ? `return ${short(meanReward)}` : ''],
    [7, lastEvaluation ? `evaluated ${evaluatedText(lastEvaluation)}` : ''],
  ];
  for (let keep = parts.length; keep > 0; keep--) {
    const kept = parts.filter(([order, text]) => order <= keep && text !== '');
    const line = kept.map(([, text]) => text).join('  ');
    if (line.length <= width) return line;
  }
  return `${Math.floor((100 * steps) / totalSteps)}%`.slice(0, Math.max(0, width));
}

/** Success, of tasks their mean and the worst; the return where there is no notion of success. */
function evaluatedText(evaluation: Evaluation): string {
  const { successRate, meanReward } = evaluation;
  if (Number.isNaN(successRate)) return `return ${short(meanReward)}`;
  const worst = worstTask(evaluation);
  const { heldOut } = evaluation;
  return [
    percent(successRate),
    ...(worst ? [`worst ${percent(worst.successRate)}`] : []),
    ...(heldOut ? [`held out ${percent(heldOut.successRate)}`] : []),
  ].join(', ');
}

export function evaluationLine(evaluation: Evaluation): string {
  const { steps, episodes, successRate, meanReward, seconds, heldOut } = evaluation;
  const worst = worstTask(evaluation);
  return [
    `step ${thousands(steps).padStart(9)}`,
    ...(Number.isNaN(successRate) ? [] : [`success ${percent(successRate).padStart(5)}`]),
    ...(worst ? [`worst ${percent(worst.successRate).padStart(5)} (${worst.task})`] : []),
    ...(worst && heldOut ? [`held out ${percent(heldOut.successRate).padStart(5)}`] : []),
    `return ${short(meanReward).padStart(6)}`,
    `(${episodes} evaluation episodes, ${duration(seconds)})`,
  ].join('  ');
}

export interface Reporter {
  progress(progress: Progress): void;
  evaluation(evaluation: Evaluation): void;
  /** Removes the live line. */
  end(): void;
}

/** `now` in seconds, for tests. */
export function createReporter(terminal: Terminal, now: () => number = () => performance.now() / 1000): Reporter {
  const every = terminal.live ? LIVE_SECONDS : PLAIN_SECONDS;
  let next = terminal.live ? 0 : now() + every;
  let phase = '';
  return {
    progress(progress) {
      const due = now() >= next || (terminal.live && progress.phase !== phase);
      if (terminal.quiet || !due) return;
      next = now() + every;
      phase = progress.phase;
      // One column stays free: some terminals wrap when the last one is written.
      if (terminal.live) terminal.status(progressLine(progress, terminal.width - 1));
      else terminal.note(progressLine(progress, Number.POSITIVE_INFINITY));
    },
    evaluation: (evaluation) => terminal.note(evaluationLine(evaluation)),
    end: () => terminal.status(''),
  };
}
