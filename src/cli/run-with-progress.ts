// Runs a training with its progress on the terminal and Ctrl-C that saves.
import { quoted } from '../quoted.js';
import type { TrainOptions, TrainResult } from '../training/types.js';
import { watchInterrupt } from './interrupt.js';
import { createReporter } from './progress.js';
import type { Terminal } from './terminal.js';
import { learnedNothing } from './train-report.js';

type Watch = Pick<TrainOptions, 'signal' | 'onProgress' | 'onEvaluation' | 'onStart'>;

/** `start` passes the callbacks on to the library; `flags` end the command that goes on; `note` tells warnings. The exit code is 0, 130 after Ctrl-C, 1 where nothing could be learned. */
export async function runWithProgress(
  terminal: Terminal,
  program: string,
  start: (watch: Watch) => Promise<TrainResult>,
  flags = '',
  note: (text: string) => void = terminal.note,
): Promise<{ result: TrainResult; exitCode: number }> {
  const reporter = createReporter(terminal);
  let hasBegun = false;
  const doing = () => (hasBegun ? 'Saving a checkpoint and stopping' : 'Stopping');
  const interrupt = watchInterrupt(terminal.note, doing);
  try {
    const result = await start({
      signal: interrupt.signal,
      onProgress: reporter.progress,
      onEvaluation: reporter.evaluation,
      onStart({ path, warnings, actors }) {
        hasBegun = true;
        for (const warning of warnings) note(`Warning: ${warning}`);
        terminal.note(`Training in ${path}`);
        if (actors) terminal.note(actors.hint);
      },
    });
    reporter.end();
    const stopped = result.ended === 'aborted';
    if (stopped)
      terminal.note(`Stopped and saved. Go on with: ${program} train --resume ${quoted(result.runDir)}${flags}`);
    return { result, exitCode: stopped ? (interrupt.exitCode ?? 130) : learnedNothing(result) ? 1 : 0 };
  } catch (error) {
    throw interrupt.explain(error);
  } finally {
    reporter.end();
    interrupt.dispose();
  }
}
