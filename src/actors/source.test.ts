// Actors and a learner over a broker in memory: the same messages make the same run, stopped in between or not.
import { describe, expect, it } from 'vitest';
import { pointReach } from '../envs/point/index.js';
import { createMemoryStore } from '../runs/memory-store.js';
import { plainRuntime } from '../runtime/plain/index.js';
import { resume, train } from '../training/train.js';
import { type Broker, type Channel, createMemoryBroker, runActor } from './index.js';
import { createOutbox } from './outbox.js';

/** Small networks, and a checkpoint every 100 steps. */
const options = {
  env: pointReach,
  steps: 400,
  seed: 3,
  runtime: plainRuntime,
  config: {
    agent: { options: { hidden: [8, 8] } },
    training: { warmupSteps: 100, batchSize: 16, updatesPerStep: 0.2 },
    evaluation: { every: 200, episodes: 2 },
    checkpoint: { every: 100 },
    actors: { policyEvery: 10 },
  },
} as const;

/** A training with one actor that acts when it is asked. */
async function lockStep(broker: Broker, more: { seed?: number; config?: Record<string, unknown> } = {}) {
  const store = createMemoryStore();
  const acted: Promise<unknown>[] = [];
  const result = await train({
    ...options,
    ...more,
    store,
    broker,
    onStart({ actors }) {
      acted.push(startActor(broker, actors?.run ?? ''));
    },
  });
  await Promise.all(acted);
  return { result, store };
}

/** Resolves as soon as actors can begin. */
const begun = (broker: Broker, run: string) =>
  expect.poll(async () => (await broker.open(run)).kept('run'), { interval: 5 }).toBeDefined();

async function startActor(broker: Broker, run: string) {
  await begun(broker, run);
  return runActor({ broker, run, name: 'only', env: pointReach, lockStep: true, runtime: plainRuntime });
}

type MemoryStore = ReturnType<typeof createMemoryStore>;

/** The run's folder inside its store. */
const inside = (store: MemoryStore, path: string) => path.slice(store.location.length + 1);

const policyOf = async (store: MemoryStore, path: string) => {
  const folder = `${inside(store, path)}/checkpoints`;
  return store.read(`${folder}/${await store.readLink(`${folder}/last`)}/policy.safetensors`);
};

/** Returns and lengths of the episodes that were learned from. */
const monitorOf = async (store: MemoryStore, path: string) =>
  new TextDecoder()
    .decode(await store.read(`${inside(store, path)}/monitor.csv`))
    .split('\n')
    .slice(2)
    .map((line) => line.split(',').slice(0, 2));

/** A broker that has these messages for every run from the beginning on. */
function preloaded(messages: readonly Uint8Array[]): Broker {
  const broker = createMemoryBroker();
  return {
    ...broker,
    async create(run, mostBytes) {
      const channel = await broker.create(run, mostBytes);
      for (const [i, message] of messages.entries()) await channel.send(`recorded ${i}`, message);
      return channel;
    },
  };
}

/** A broker in memory, and all messages that went through it. */
function recording(): { broker: Broker; messages: Uint8Array[] } {
  const broker = createMemoryBroker();
  const messages: Uint8Array[] = [];
  const open = async (run: string): Promise<Channel> => {
    const channel = await broker.open(run);
    return {
      ...channel,
      send(id, message) {
        messages.push(message);
        return channel.send(id, message);
      },
    };
  };
  return { broker: { ...broker, open }, messages };
}

describe('a run whose episodes come over a broker', () => {
  it('is the same each time with one actor in lock-step', async () => {
    const first = await lockStep(createMemoryBroker());
    const again = await lockStep(createMemoryBroker());
    expect(first.result.envSteps).toBe(400);
    expect(first.result.updates).toBe(60); // 0.2 for each step after the random ones
    const policy = await policyOf(first.store, first.result.runDir);
    expect(await policyOf(again.store, again.result.runDir)).toEqual(policy);
    const other = await lockStep(createMemoryBroker(), { seed: 4 });
    expect(await policyOf(other.store, other.result.runDir)).not.toEqual(policy);
  });

  it('has new policies in time for their episodes, however seldom they are handed out', async () => {
    // The policy of step 0 is too old from step 60 on, and the next one would be due at 200 only.
    const config = { ...options.config, actors: { policyEvery: 200, maxPolicyLag: 60 } };
    const { result } = await lockStep(createMemoryBroker(), { config });
    expect(result.envSteps).toBe(400);
  });

  it('hands out a policy again where the broker did not take it', async () => {
    const broker = createMemoryBroker();
    let fails = 2;
    const { result } = await lockStep({
      ...broker,
      async create(run, mostBytes) {
        const channel = await broker.create(run, mostBytes);
        return {
          ...channel,
          async keep(name, bytes) {
            if (name === 'policy' && fails-- > 0) throw new Error('no answer');
            return channel.keep(name, bytes);
          },
        };
      },
    });
    expect(fails).toBeLessThan(0);
    expect(result.envSteps).toBe(400);
  });

  it('is the same from the same messages, also when it was broken off and goes on from its checkpoint', async () => {
    const { broker, messages } = recording();
    await lockStep(broker);
    const whole = createMemoryStore();
    const { runDir } = await train({ ...options, store: whole, broker: preloaded(messages) });

    const store = createMemoryStore();
    const same = preloaded(messages);
    let path = '';
    let iterations = 0;
    const broken = train({
      ...options,
      store,
      broker: same,
      onStart: (started) => {
        path = started.path;
      },
      onIteration() {
        if (++iterations === 27) throw new Error('killed'); // at step 270; the last checkpoint is at 200
        return undefined;
      },
    });
    await expect(broken).rejects.toThrow('killed');
    await resume({ run: inside(store, path), store, env: pointReach, broker: same, runtime: plainRuntime });
    expect(await policyOf(store, path)).toEqual(await policyOf(whole, runDir));
    expect(await monitorOf(store, path)).toEqual(await monitorOf(whole, runDir));
  });

  it('keeps messages until a checkpoint has them, and gives them up then', async () => {
    const { broker, messages } = recording();
    await lockStep(broker);
    const one = preloaded(messages);
    const { runDir } = await train({ ...options, store: createMemoryStore(), broker: one });
    const [run] = await one.runs();
    const left = (await one.open(run)).receive(0);
    const first = await left.next();
    // The last checkpoint is at 400 steps, and what the one before has, at 400 or less, is given up: 7 episodes of 50 steps.
    expect(runDir).toBeDefined();
    expect(first?.number).toBeGreaterThan(6);
    await left.close();
  });

  it('is refused without its broker, and with a broker where it had environments of its own', async () => {
    const { broker, messages } = recording();
    await lockStep(broker);
    const store = createMemoryStore();
    const { runDir } = await train({ ...options, store, broker: preloaded(messages) });
    await expect(resume({ run: inside(store, runDir), store, env: pointReach, steps: 500 })).rejects.toThrow(
      'give the broker',
    );
    // Numbers of messages begin anew at a broker that has forgotten the run: it would wait for its next one for ever.
    await expect(
      resume({ run: inside(store, runDir), store, env: pointReach, steps: 500, broker: createMemoryBroker() }),
    ).rejects.toThrow('memory keeps nothing of point-reach');
    const own = await train({ ...options, steps: 10, store });
    await expect(
      resume({ run: inside(store, own.runDir), store, env: pointReach, steps: 20, broker: createMemoryBroker() }),
    ).rejects.toThrow('environments of its own');
  });

  it('ends with the reason when somebody removes the run', async () => {
    const broker = createMemoryBroker();
    const training = train({
      ...options,
      store: createMemoryStore(),
      broker,
      async onStart({ actors }) {
        await begun(broker, actors?.run ?? '');
        await broker.remove(actors?.run ?? '');
      },
    });
    await expect(training).rejects.toThrow(/point-reach.* is no longer at the broker/);
  });

  it('is refused where the broker may keep less than an iteration needs', async () => {
    const broker = createMemoryBroker();
    const config = { ...options.config, actors: { mostBytes: 1000 } };
    await expect(train({ ...options, config, store: createMemoryStore(), broker })).rejects.toThrow(
      /actors\.mostBytes is 1000, but an iteration of \d+ steps takes a quarter of \d+/,
    );
    expect(await broker.runs()).toEqual([]);
  });

  it('is refused for agents that learn from what their present policy did', async () => {
    const config = { agent: { options: {} }, training: { warmupSteps: 0 }, runtime: { overlap: false } };
    const broker = createMemoryBroker();
    const given = { ...options, agent: 'ppo', relabel: 'none', config, broker };
    await expect(train({ ...given, store: createMemoryStore() })).rejects.toThrow('use an off-policy agent');
    expect(await given.broker.runs(), 'no actor waits for a run that never began').toEqual([]);
  });
});

describe('an actor', () => {
  it('steps several environments at its own pace, tells what it does, and ends with the run', async () => {
    const broker = createMemoryBroker();
    const store = createMemoryStore();
    const acted: Promise<{ episodes: number; ended: string }>[] = [];
    const told: string[] = [];
    await train({
      ...options,
      store,
      broker,
      onStart({ actors }) {
        acted.push(
          (async () => {
            const run = actors?.run ?? '';
            await begun(broker, run);
            (await broker.open(run)).listen(undefined, (who) => void told.push(who));
            return runActor({ broker, env: pointReach, envs: 3, name: 'my machine', runtime: plainRuntime });
          })(),
        );
      },
    });
    const [report] = await Promise.all(acted);
    expect(report.ended).toBe('run');
    expect(report.episodes).toBeGreaterThanOrEqual(8);
    expect(told.find((who) => who.startsWith('my-machine-'))).toBeDefined();
    expect(told).toContain('learner');
  });

  it('loads no environment that only the broker names', async () => {
    const broker = createMemoryBroker();
    const controller = new AbortController();
    const training = train({
      ...options,
      env: { ...pointReach, name: './somebody/else.js' },
      store: createMemoryStore(),
      broker,
      signal: controller.signal,
    });
    await expect.poll(() => broker.runs()).toHaveLength(1);
    const [run] = await broker.runs();
    await begun(broker, run);
    await expect(runActor({ broker, run })).rejects.toThrow('--env ./somebody/else.js');
    await expect(runActor({ broker, run: 'nope' })).rejects.toThrow('unknown run "nope" of this broker');
    controller.abort();
    await expect(training).resolves.toMatchObject({ ended: 'aborted' });
  });

  it('sends again what the broker did not take, in its order', async () => {
    const sent: string[] = [];
    let fails = 3;
    const outbox = createOutbox({
      async send(id) {
        if (fails-- > 0) throw new Error('no room');
        sent.push(id);
        return sent.length;
      },
    });
    for (const id of ['a', 'b', 'c']) outbox.add([{ id, bytes: new Uint8Array(1) }]);
    expect(outbox.waiting).toBe(3);
    await expect.poll(() => outbox.problem).toBe('no room');
    await outbox.close(5000);
    expect(sent).toEqual(['a', 'b', 'c']);
    expect(outbox).toMatchObject({ waiting: 0, problem: undefined, first: 1, last: 3, messages: 3, bytes: 3 });
  });
});
