// Progress fits every width, plain output stays sparse, and JSON mode keeps standard output clean.
import { describe, expect, test } from 'vitest';
import type { Evaluation } from '../acting/evaluate.js';
import { recordingProgress } from '../training/pace.js';
import type { Progress } from '../training/types.js';
import { duration, meanAndStd, percent, short, thousands } from './format.js';
import { createReporter, evaluationLine, progressLine, recordingLine } from './progress.js';
import { createTerminal, type Output } from './terminal.js';

const progress: Progress = {
  phase: 'training',
  steps: 12_300,
  totalSteps: 20_000,
  updates: 11_800,
  episodes: 240,
  seconds: 12,
  stepsPerSecond: 1042.4,
  secondsLeft: 7.4,
  successRate: 0.83,
  meanReward: -12.34,
};
const evaluation: Evaluation = {
  steps: 12_000,
  episodes: 50,
  successRate: 0.96,
  anySuccessRate: 0.98,
  meanReward: -8.125,
  stdReward: 3,
  meanLength: 50,
  seconds: 1.23,
};

/** An output that remembers, with a screen of one line that shows what a terminal would. */
function recorder(tty: boolean, columns = 80): Output & { text: string } {
  return {
    text: '',
    isTTY: tty,
    columns,
    write(part: string) {
      this.text += part;
      return true;
    },
  };
}

describe('the progress line', () => {
  test('shows everything where there is room', () => {
    expect(progressLine(progress, 200)).toBe(
      'training  12,300/20,000 steps  1,042 steps/s  7.4 s left  success 83%  return -12.3',
    );
    expect(progressLine({ ...progress, phase: 'updates', owedUpdates: 4000 }, 200)).toBe(
      'making up updates  12,300/20,000 steps  4,000 left  success 83%  return -12.3',
    );
    expect(progressLine({ ...progress, episodes: 0, lastEvaluation: evaluation }, 200)).toBe(
      'training  12,300/20,000 steps  1,042 steps/s  7.4 s left  evaluated 96%',
    );
  });

  test('tells of recordings how many episodes there are, how fast and how long, as far as there is room', () => {
    const recording = { episodes: 120, totalEpisodes: 1000, episodesPerSecond: 3.14, secondsLeft: 280 };
    const none = { ...recording, episodes: 0, episodesPerSecond: 0, secondsLeft: Number.NaN };
    const phase: Progress = { ...progress, phase: 'demonstrations', steps: 0, demonstrations: recording };
    expect(progressLine(phase, 200)).toBe(
      'recording demonstrations  120/1,000 episodes  3.1 episodes/s  4 min 40 s left',
    );
    expect(recordingLine(recording, 50)).toBe('120/1,000 episodes  4 min 40 s left');
    expect(recordingLine(none, 80)).toBe('recording  0/1,000 episodes');
    for (let width = 1; width < 60; width++) expect(recordingLine(recording, width).length).toBeLessThanOrEqual(width);
  });

  test('tells the worst task, and returns only where there is no notion of success', () => {
    const figures = { episodes: 25, anySuccessRate: 1, meanReward: -5, stdReward: 1, meanLength: 50 };
    const tasks = [
      { task: 'push', successRate: 0.92, ...figures },
      { task: 'lift', successRate: 1, ...figures },
    ];
    const byTask = { ...evaluation, tasks };
    expect(progressLine({ ...progress, lastEvaluation: byTask }, 200)).toMatch(/ {2}evaluated 96%, worst 92%$/);
    expect(evaluationLine(byTask)).toBe(
      'step    12,000  success   96%  worst   92% (push)  return   -8.1  (50 evaluation episodes, 1.2 s)',
    );
    const returns = { ...evaluation, successRate: Number.NaN, anySuccessRate: Number.NaN };
    const plain: Progress = { ...progress, hasSuccess: false, successRate: Number.NaN, lastEvaluation: returns };
    expect(progressLine(plain, 200)).toBe(
      'training  12,300/20,000 steps  1,042 steps/s  7.4 s left  return -12.3  evaluated return -8.1',
    );
    expect(evaluationLine(returns)).toBe('step    12,000  return   -8.1  (50 evaluation episodes, 1.2 s)');
  });

  test('never is wider than asked, and keeps the steps longest', () => {
    for (let width = 0; width <= 120; width++) {
      const line = progressLine({ ...progress, lastEvaluation: evaluation }, width);
      expect(line.length, line).toBeLessThanOrEqual(width);
      if (width >= 19) expect(line).toContain('12,300/20,000 steps');
      if (width >= 33) expect(line).toContain('7.4 s left');
    }
    expect(progressLine(progress, 6)).toBe('61%');
  });
});

describe('the reporter', () => {
  test('redraws one line on a terminal and keeps evaluations above it', () => {
    const stdout = recorder(true, 60);
    const terminal = createTerminal({ stdout, stderr: recorder(true) });
    let time = 0;
    const reporter = createReporter(terminal, () => time);
    for (; time < 1; time += 0.01) reporter.progress({ ...progress, steps: Math.round(10_000 + 100 * time) });
    reporter.evaluation(evaluation);
    reporter.end();
    const draws = stdout.text.split('\r\u001b[2K');
    expect(draws.length).toBeLessThan(16); // ten a second, the evaluation, the end
    for (const draw of draws)
      expect(draw.split('\n')[0].length).toBeLessThanOrEqual(Math.max(59, evaluationLine(evaluation).length));
    expect(draws.at(-2)).toMatch(
      /^step +12,000 {2}success +96% {2}return +-8\.1 {2}\(50 evaluation episodes, 1\.2 s\)\n\S.* steps/,
    );
    expect(draws.at(-1)).toBe('');
  });

  test('prints a plain line every five seconds elsewhere, without control characters', () => {
    const stdout = recorder(false);
    const terminal = createTerminal({ stdout, stderr: recorder(false) });
    let time = 0;
    const reporter = createReporter(terminal, () => time);
    for (; time < 21; time += 0.1) reporter.progress(progress);
    reporter.end();
    expect(stdout.text.trimEnd().split('\n')).toHaveLength(4);
    for (const control of ['\r', '\u001b']) expect(stdout.text).not.toContain(control);
  });

  test('tells of recordings beside the results, where a file may go', () => {
    const [stdout, stderr] = [recorder(false), recorder(false)];
    let time = 0;
    const now = () => time;
    const reporter = createReporter(createTerminal({ stdout, stderr }), now);
    const progress = recordingProgress(100, now);
    for (let episode = 0; episode < 12; time++) reporter.recording(progress(episode++));
    expect([stdout.text, stderr.text.trimEnd().split('\n')]).toEqual([
      '',
      [
        'recording  5/100 episodes  1.0 episodes/s  1 min 35 s left',
        'recording  10/100 episodes  1.0 episodes/s  1 min 30 s left',
      ],
    ]);
  });

  test('is silent with --quiet', () => {
    const stdout = recorder(true);
    const terminal = createTerminal({ stdout, stderr: stdout, quiet: true });
    const reporter = createReporter(terminal, () => 0);
    reporter.progress(progress);
    reporter.evaluation(evaluation);
    reporter.end();
    expect(stdout.text).toBe('');
    terminal.print('result');
    expect(stdout.text).toBe('result\n');
  });
});

describe('the terminal', () => {
  test('with --json puts one object on standard output and all else on standard error', () => {
    const stdout = recorder(false);
    const stderr = recorder(false);
    const terminal = createTerminal({ stdout, stderr, json: true });
    terminal.note('note');
    terminal.print('result');
    terminal.json({ evalSuccessRate: Number.NaN, steps: 3 });
    expect(stdout.text).toBe('{"evalSuccessRate":null,"steps":3}\n');
    expect(stderr.text).toBe('note\nresult\n');
  });

  test('colours only on a terminal that wants it', () => {
    const tone = (tty: boolean, env: Record<string, string>) =>
      createTerminal({ stdout: recorder(tty), stderr: recorder(tty), env }).tone('x', 'good');
    expect(tone(true, {})).toBe('\u001b[32mx\u001b[0m');
    expect([tone(true, { NO_COLOR: '1' }), tone(true, { TERM: 'dumb' }), tone(false, {})]).toEqual(['x', 'x', 'x']);
  });
});

test('numbers and times read well', () => {
  expect([0, 1234.6, 1e6].map(thousands)).toEqual(['0', '1,235', '1,000,000']);
  expect([0.97, 0.9733, 1, Number.NaN].map(percent)).toEqual(['97%', '97.3%', '100%', '-']);
  expect([-0.123, -12.34, -123.4, Number.NaN].map(short)).toEqual(['-0.12', '-12.3', '-123', '-']);
  expect([0.04, 9.96, 59, 60, 125.4, 3599.6, 12_000, Number.POSITIVE_INFINITY].map(duration)).toEqual([
    '0.0 s',
    '10.0 s',
    '59 s',
    '1 min 00 s',
    '2 min 05 s',
    '1 h 00 min',
    '3 h 20 min',
    '-',
  ]);
  expect(meanAndStd([1, 2, 3, 4])).toEqual({ mean: 2.5, std: Math.sqrt(5 / 3) });
  expect(meanAndStd([7])).toEqual({ mean: 7, std: 0 });
});
