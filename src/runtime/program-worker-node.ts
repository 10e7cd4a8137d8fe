// The thread's side of program-thread-node.ts: sleeps until a run is asked for, copies, computes, says that it is done.
import { setImmediate } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { nodeRuntime } from './node.js';
import { awaitChange, CONTROL, LOAD, type Place, type ProgramThreadData, STOP, STORE } from './program-thread-node.js';

if (!parentPort) throw new Error('program-worker-node.js runs as a worker thread only');
const port = parentPort;
const { model, threads, memory, control, inputs, outputs, wanted } = workerData as ProgramThreadData;
const words = new Int32Array(control);
const shared = new Float32Array(memory);

/** Native code refuses shared memory, so values have arrays of their own here; state has two, which take turns. */
async function open() {
  const executable = await nodeRuntime.compile(model, { threads });
  const arrays = (places: readonly Place[]) =>
    Object.fromEntries(places.map(({ name, size }) => [name, new Float32Array(size)]));
  const [read, made] = [arrays(inputs), arrays(outputs)];
  const turns = [0, 1].map((turn) => {
    const isState = (name: string) => name in read && name in made;
    const from = inputs.map((place) => ({
      ...place,
      state: isState(place.name),
      array: turn === 1 && isState(place.name) ? made[place.name] : read[place.name],
    }));
    const to = outputs.map((place) => ({
      ...place,
      wanted: wanted.includes(place.name),
      array: turn === 1 && isState(place.name) ? read[place.name] : made[place.name],
    }));
    const binding = executable.bind(
      Object.fromEntries(from.map(({ name, array }) => [name, array])),
      Object.fromEntries(to.map(({ modelName, array }) => [modelName, array])),
    );
    return { from, to, binding };
  });
  let turn = 0;
  return {
    async run(options: number) {
      const { from, to, binding } = turns[turn];
      for (const { state, array, offset, size } of from) {
        if (!state || (options & LOAD) !== 0) array.set(shared.subarray(offset, offset + size));
      }
      await binding.run();
      for (const { wanted, array, offset } of to) {
        if (wanted || (options & STORE) !== 0) shared.set(array, offset);
      }
      turn = 1 - turn;
    },
    dispose: () => executable.dispose(),
  };
}

/** Milliseconds asleep without a turn for the event loop. */
const TURN = 1000;

try {
  const program = await open();
  port.postMessage({});
  for (let asked = 0; asked !== STOP; ) {
    if (!awaitChange(words, CONTROL.asked, asked, TURN)) {
      await setImmediate();
      continue;
    }
    asked = Atomics.load(words, CONTROL.asked);
    if (asked === STOP) break;
    await program.run(words[CONTROL.options]);
    Atomics.store(words, CONTROL.done, asked);
    Atomics.notify(words, CONTROL.done);
  }
  await program.dispose();
} catch (error) {
  port.postMessage({ error });
  words[CONTROL.failed] = 1;
  Atomics.add(words, CONTROL.done, 1);
  Atomics.notify(words, CONTROL.done);
}
