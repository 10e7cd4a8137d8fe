// Who acts for the runs of a broker, as the studio's server tells it.
import { expect, it, vi } from 'vitest';
import { createMemoryBroker } from '../actors/index.js';
import { actorsApi, watchBroker } from './actors-api.js';

it('says that there is no broker', async () => {
  expect(await (await actorsApi(undefined).request('/')).json()).toEqual({ runs: [] });
});

it('tells who was heard, until it leaves', async () => {
  const broker = createMemoryBroker();
  const channel = await broker.create('one', 1e6);
  const watch = watchBroker(broker);
  const api = actorsApi(watch);
  const look = async () => (await api.request('/')).json();
  await expect.poll(look).toEqual({ broker: 'memory', runs: [{ run: 'one', actors: [] }] });
  channel.tell('a-1', JSON.stringify({ actor: 'a-1', steps: 5 }));
  channel.tell('b-1', 'no words of ours');
  channel.tell('learner', JSON.stringify({ taken: 3, steps: 100 }));
  await expect.poll(look).toEqual({
    broker: 'memory',
    runs: [{ run: 'one', learner: { taken: 3, steps: 100 }, silentSeconds: 0, actors: [{ actor: 'a-1', steps: 5 }] }],
  });
  channel.tell('a-1', JSON.stringify({ actor: 'a-1', steps: 6, left: true }));
  await expect.poll(async () => ((await look()) as { runs: { actors: [] }[] }).runs[0].actors).toEqual([]);
  watch.close();
});

it('tells why its broker does not answer', async () => {
  const watch = watchBroker({
    ...createMemoryBroker(),
    runs: () => Promise.reject(new Error('it is away')),
  });
  await expect.poll(() => watch.look().problem).toBe('it is away');
  watch.close();
});

it('looks once at a time, and listens to nothing once it is closed', async () => {
  vi.useFakeTimers();
  try {
    const broker = createMemoryBroker();
    await broker.create('one', 1e6);
    let answer: () => void = () => undefined;
    const opened: string[] = [];
    const watch = watchBroker({
      ...broker,
      async open(run) {
        opened.push(run);
        await new Promise<void>((resolve) => {
          answer = resolve;
        });
        return { ...(await broker.open(run)), listen: () => expect.fail('listens') };
      },
    });
    await vi.advanceTimersByTimeAsync(10_000); // three more looks would have begun
    expect(opened).toEqual(['one']);
    watch.close();
    answer();
    await vi.advanceTimersByTimeAsync(0);
    expect(watch.look()).toEqual({ broker: 'memory', runs: [] });
  } finally {
    vi.useRealTimers();
  }
});
