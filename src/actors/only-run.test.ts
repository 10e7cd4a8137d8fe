// An actor without --run finds the run that somebody leads, beside those that are over.
import { expect, it } from 'vitest';
import { createMemoryBroker } from './index.js';
import { onlyRun } from './only-run.js';
import { LEARNER } from './presence.js';

it('is the only one, or the only one with a learner at work', async () => {
  const broker = createMemoryBroker();
  await expect(onlyRun(broker)).rejects.toThrow('knows no run');
  await broker.create('over', 1e6);
  expect(await onlyRun(broker)).toBe('over');
  const leads = async (run: string) => {
    const channel = await broker.create(run, 1e6);
    const timer = setInterval(() => channel.tell(LEARNER, '{}'), 5);
    return () => clearInterval(timer);
  };
  await broker.create('older', 1e6);
  await expect(onlyRun(broker, 30)).rejects.toThrow(
    /none with a learner at work; name one with --run: over, older\..*--remove/,
  );
  const end = await leads('now');
  expect(await onlyRun(broker, 100)).toBe('now');
  const endOther = await leads('too');
  await expect(onlyRun(broker, 100)).rejects.toThrow('2 with a learner at work; name one with --run: now, too.');
  end();
  endOther();
});
