// An agent's update programs, ready to run on its state vectors: in this thread, or beside it in one of their own.
import type { Agent, StateVector, UpdateProgram } from '../agents/agent.js';
import type { Random } from '../random.js';
import type { Binding, Executable, ProgramThread, Runtime } from '../runtime/runtime.js';

/** State vectors in two buffers each, that take turns: updates read one and write the other. */
export interface StateBuffers {
  readonly names: readonly string[];
  /** Which of a vector's buffers holds its present value. */
  turn(name: string): 0 | 1;
  now(name: string): Float32Array;
  /** The buffer for the vector's next value. */
  next(name: string): Float32Array;
  /** What was next is now. */
  swap(name: string): void;
}

/** The vectors with their initial values; copies (target networks) after what they copy. */
export function createStateBuffers(state: Readonly<Record<string, StateVector>>, random: Random): StateBuffers {
  const buffers: Record<string, [Float32Array, Float32Array]> = {};
  const make = (values: Float32Array): [Float32Array, Float32Array] => [values, new Float32Array(values.length)];
  for (const [name, vector] of Object.entries(state)) {
    if (!vector.copyOf) buffers[name] = make(vector.init(random));
  }
  for (const [name, { copyOf }] of Object.entries(state)) {
    if (copyOf) buffers[name] = make(buffers[copyOf][0].slice());
  }
  const names = Object.keys(state);
  const turns: Record<string, 0 | 1> = Object.fromEntries(names.map((name) => [name, 0]));
  return {
    names,
    turn: (name) => turns[name],
    now: (name) => buffers[name][turns[name]],
    next: (name) => buffers[name][1 - turns[name]],
    swap(name) {
      turns[name] = turns[name] === 0 ? 1 : 0;
    },
  };
}

export interface ReadyProgram {
  /** Of the last run. */
  readonly metrics: Float32Array;
  readonly metricNames: readonly string[];
  /** Noise inputs of its own, to fill before each run. */
  readonly noise: readonly Float32Array[];
  /** State vectors whose next value a run leaves in their next buffer. */
  readonly written: readonly string[];
  /** Runs, or only begins to. `first` and `last` of the updates between which nobody asks for state vectors. */
  run(first: boolean, last: boolean): Promise<void> | void;
  /** Waits for what `run` only began. */
  finish?(last: boolean): Promise<void>;
  dispose(): Promise<void>;
}

/** What a program reads beside the state vectors, by name, and what it fills. */
interface Parts extends Pick<ReadyProgram, 'metrics' | 'metricNames' | 'noise' | 'written'> {
  readonly inputs: Readonly<Record<string, Float32Array>>;
}

/** Compiles them; with two threads and more, those that may run beside others do. */
export async function readyPrograms(
  agent: Agent,
  state: StateBuffers,
  inputs: Readonly<Record<string, Float32Array>>,
  { runtime, threads }: { readonly runtime: Runtime; readonly threads: number },
): Promise<Map<string, ReadyProgram>> {
  const { startThread } = runtime;
  const updates = Object.entries(agent.updates);
  const shared = threads > 1 && startThread !== undefined && updates.some(([, { beside }]) => beside);
  const each = shared ? Math.max(1, Math.floor(threads / 2)) : threads;
  const ready = new Map<string, ReadyProgram>();
  for (const [name, update] of updates) {
    const { program } = update;
    const parts = partsOf(agent, state, inputs, update);
    if (shared && update.beside) {
      const others = updates.filter(([other]) => other !== name).flatMap(([, other]) => readBy(other));
      const wanted = parts.written.filter((vector) => others.includes(vector));
      const thread = await startThread(program, { threads: each, wanted: ['metrics', ...wanted] });
      ready.set(name, besideThisThread(thread, state, parts, wanted));
    } else {
      ready.set(name, inThisThread(await runtime.compile(program, { threads: each }), state, parts));
    }
  }
  return ready;
}

const readBy = ({ program }: UpdateProgram): string[] =>
  program.inputs.filter(({ unused }) => !unused).map(({ name }) => name);

/** Noise is each program's own, so that it is drawn in the same order wherever they run. */
function partsOf(
  agent: Agent,
  state: StateBuffers,
  inputs: Readonly<Record<string, Float32Array>>,
  { program, metricNames }: UpdateProgram,
): Parts {
  const noise: Record<string, Float32Array> = {};
  for (const [name, size] of Object.entries(agent.noise)) {
    if (program.inputs.some((input) => input.name === name)) noise[name] = new Float32Array(size);
  }
  return {
    inputs: { ...inputs, ...noise },
    noise: Object.values(noise),
    written: state.names.filter((name) => program.outputs.some((output) => output.name === name)),
    metrics: new Float32Array(metricNames.length),
    metricNames,
  };
}

function inThisThread(executable: Executable, state: StateBuffers, parts: Parts): ReadyProgram {
  const { inputs, written, metrics } = parts;
  const vectors = state.names.filter((name) => executable.inputs.some((input) => input.name === name));
  const touched = [...new Set([...vectors, ...written])];
  /** By which buffers are current, one bit per touched vector. */
  const bindings = new Map<number, Binding>();
  function bind(): Binding {
    const outputs: Record<string, Float32Array> = { metrics };
    for (const name of written) outputs[name] = state.next(name);
    const given = executable.inputs.map(({ name }) => [name, inputs[name] ?? state.now(name)]);
    return executable.bind(Object.fromEntries(given), outputs);
  }
  return {
    ...parts,
    run() {
      let key = 0;
      for (let i = 0; i < touched.length; i++) key |= state.turn(touched[i]) << i;
      let binding = bindings.get(key);
      if (!binding) {
        binding = bind();
        bindings.set(key, binding);
      }
      return binding.run();
    },
    dispose: () => executable.dispose(),
  };
}

/** `wanted`: vectors that other programs read, so that they come back after every run. */
function besideThisThread(
  thread: ProgramThread,
  state: StateBuffers,
  parts: Parts,
  wanted: readonly string[],
): ReadyProgram {
  const { inputs, written, metrics } = parts;
  const given = Object.keys(thread.inputs);
  const foreign = given.filter((name) => !written.includes(name));
  return {
    ...parts,
    run(first, last) {
      for (const name of first ? given : foreign) thread.inputs[name].set(inputs[name] ?? state.now(name));
      thread.start({ load: first, store: last });
    },
    async finish(last) {
      await thread.finish();
      metrics.set(thread.outputs.metrics);
      for (const name of last ? written : wanted) state.next(name).set(thread.outputs[name]);
    },
    dispose: () => thread.dispose(),
  };
}
