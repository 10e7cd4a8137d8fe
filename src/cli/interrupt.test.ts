// Ctrl-C: the first asks to save, npm's echo of it is ignored, a later one ends at once.
import { afterEach, expect, test, vi } from 'vitest';
import { RunError, StoppedError } from '../errors.js';
import { onBrokenOutput, watchInterrupt } from './interrupt.js';

afterEach(() => vi.restoreAllMocks());

test('the first Ctrl-C aborts, an echo is ignored, a second one ends', () => {
  let time = 1000;
  vi.spyOn(performance, 'now').mockImplementation(() => time);
  const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
  const removeAll = vi.spyOn(process, 'removeAllListeners').mockReturnValue(process);
  const tell = vi.fn();
  const before = process.listeners('SIGINT');
  const interrupt = watchInterrupt(tell);
  // Only our own listener: the test runner has listeners too.
  const [press] = process.listeners('SIGINT').filter((listener) => !before.includes(listener));
  expect([interrupt.signal.aborted, interrupt.exitCode]).toEqual([false, undefined]);
  press('SIGINT');
  expect([interrupt.signal.aborted, interrupt.exitCode]).toEqual([true, 130]);
  time += 100;
  press('SIGINT');
  expect(kill).not.toHaveBeenCalled();
  time += 1000;
  press('SIGINT');
  expect(removeAll).toHaveBeenCalledWith('SIGINT'); // so that the signal takes its default effect
  expect(kill).toHaveBeenCalledWith(process.pid, 'SIGINT');
  expect(tell).toHaveBeenCalledTimes(1);
  interrupt.dispose();
  expect(process.listeners('SIGINT')).toEqual(before);
});

test.each([
  ['SIGINT', '. Ctrl-C again stops at once.'],
  ['SIGTERM', ', because SIGTERM came. A second one, or Ctrl-C, stops at once.'],
  ['SIGHUP', ', because the terminal has closed (SIGHUP). SIGTERM stops at once.'],
] as const)('%s is told as what came', (name, reason) => {
  const tell = vi.fn();
  const before = process.listeners(name);
  const watched = [watchInterrupt(tell), watchInterrupt(tell, () => 'Saving'), watchInterrupt(tell, () => undefined)];
  for (const listener of process.listeners(name)) if (!before.includes(listener)) listener(name);
  for (const interrupt of watched) interrupt.dispose();
  expect(tell.mock.calls).toEqual([[`Stopping${reason}`], [`Saving${reason}`]]);
});

test('what ended as it was asked to is no failure', () => {
  const stopped = new StoppedError('stopped before there was anything.');
  const interrupt = watchInterrupt(() => {});
  expect(interrupt.explain(stopped)).toBe(stopped); // nobody has pressed anything
  process.emit('SIGTERM', 'SIGTERM');
  expect(interrupt.explain(stopped)).toMatchObject({ message: 'Stopped before there was anything.', exitCode: 143 });
  const broken = new RunError('broken');
  expect(interrupt.explain(broken)).toBe(broken);
  interrupt.dispose();
});

test('a terminal that closes asks to save, however often it says so, also by failing to take output', () => {
  let time = 1000;
  vi.spyOn(performance, 'now').mockImplementation(() => time);
  const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
  const exit = vi.spyOn(process, 'exit').mockImplementation((() => undefined) as unknown as typeof process.exit);
  const interrupt = watchInterrupt(() => {});
  onBrokenOutput(Object.assign(new Error(), { code: 'EIO' }));
  expect([interrupt.signal.aborted, interrupt.exitCode]).toEqual([true, 129]);
  for (time of [2000, 3000]) process.emit('SIGHUP', 'SIGHUP');
  expect(kill).not.toHaveBeenCalled();
  expect(exit).not.toHaveBeenCalled();
  interrupt.dispose();
  expect(process.listenerCount('SIGHUP')).toBe(0);
  onBrokenOutput(Object.assign(new Error(), { code: 'EIO' }));
  onBrokenOutput(Object.assign(new Error(), { code: 'EPIPE' }));
  expect(exit.mock.calls).toContainEqual([1]);
  expect(exit.mock.calls).toContainEqual([141]);
});
