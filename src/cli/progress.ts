// Shows training as it goes: one live line on a terminal, a plain line every few seconds elsewhere.
import { type Evaluation, worstTask } from '../acting/evaluate.js';
import type { RecordingProgress } from '../training/pace.js';
import type { Progress } from '../training/types.js';
import { duration, percent, short, thousands } from './format.js';
import type { Terminal } from './terminal.js';

const PLAIN_SECONDS = 5;
const LIVE_SECONDS = 0.1;

const PHASES: Record<Progress['phase'], string> = {
  demonstrations: 'recording demonstrations',
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
  if (progress.demonstrations) return recordingLine(progress.demonstrations, width, PHASES.demonstrations);
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
  return fitting(parts, width) ?? `${Math.floor((100 * steps) / totalSteps)}%`.slice(0, Math.max(0, width));
}

/** The same of a recording of episodes. */
export function recordingLine(progress: RecordingProgress, width: number, what = 'recording'): string {
  const { episodes, totalEpisodes, episodesPerSecond, secondsLeft } = progress;
  const done = `${thousands(episodes)}/${thousands(totalEpisodes)}`;
  const known = episodesPerSecond > 0;
  const parts: [keep: number, text: string][] = [
    [4, what],
    [1, `${done} episodes`],
    [3, known ? `${short(episodesPerSecond)} episodes/s` : ''],
    [2, known ? `${duration(secondsLeft)} left` : ''],
  ];
  return fitting(parts, width) ?? done.slice(0, Math.max(0, width));
}

/** As many of the parts as fit, those of the lowest numbers first; undefined where none does. */
function fitting(parts: readonly [keep: number, text: string][], width: number): string | undefined {
  for (let keep = parts.length; keep > 0; keep--) {
    const kept = parts.filter(([order, text]) => order <= keep && text !== '');
    const line = kept.map(([, text]) => text).join('  ');
    if (line.length <= width) return line;
  }
  return undefined;
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
  /** Of episodes that become a file: beside the results, for that may be standard output. */
  recording(progress: RecordingProgress): void;
  evaluation(evaluation: Evaluation): void;
  /** Removes the live line. */
  end(): void;
}

/** `now` in seconds, for tests. */
export function createReporter(terminal: Terminal, now: () => number = () => performance.now() / 1000): Reporter {
  const every = terminal.live ? LIVE_SECONDS : PLAIN_SECONDS;
  let next = terminal.live ? 0 : now() + every;
  let phase = '';
  const tell = (of: string, line: (width: number) => string, note: (text: string) => void) => {
    const due = now() >= next || (terminal.live && of !== phase);
    if (terminal.quiet || !due) return;
    next = now() + every;
    phase = of;
    // One column stays free: some terminals wrap when the last one is written.
    if (terminal.live) terminal.status(line(terminal.width - 1));
    else note(line(Number.POSITIVE_INFINITY));
  };
  return {
    progress: (progress) => tell(progress.phase, (width) => progressLine(progress, width), terminal.note),
    recording: (progress) => tell('recording', (width) => recordingLine(progress, width), terminal.printAside),
    evaluation: (evaluation) => terminal.note(evaluationLine(evaluation)),
    end: () => terminal.status(''),
  };
}
