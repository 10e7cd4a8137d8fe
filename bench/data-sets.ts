// How long data sets take to open, to sum and to load into a replay, in seconds of processor time. Usage: npx tsx bench/data-sets.ts PATH...
import { openDataSet, partsOf, rowsOfEpisodes } from '../src/datasets/index.js';
import { actionSize } from '../src/envs/space.js';
import { replayOfRows } from '../src/replay/index.js';

/** Processor time: other programs may run beside. */
const seconds = () => process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6;

/** What agents read. */
const columns = ['observation', 'achieved', 'goal', 'task', 'action', 'reward'];

// The readers are loaded before: tsx takes seconds for their code, Node 0.3.
await Promise.all([import('h5wasm/node'), import('hyparquet')]);

for (const path of process.argv.slice(2)) {
  const times: number[] = [seconds()];
  const data = await openDataSet(path);
  times.push(seconds());
  await data.checksum();
  times.push(seconds());
  const { columns: _, ...spec } = data.spec;
  const replay = replayOfRows(spec, data.transitions + data.steps.length);
  for (const [from, to] of partsOf(data.steps, 50_000)) {
    const part = await data.read(from, to, columns);
    const transitions = part.steps.reduce((sum, steps) => sum + steps, 0);
    const reward = part.columns.reward ?? new Float32Array(transitions);
    replay.insert(rowsOfEpisodes(spec, { ...part, columns: { ...part.columns, reward } }));
  }
  times.push(seconds());
  await data.close();
  const [opening, checksum, loading] = [1, 2, 3].map((i) => (times[i] - times[i - 1]).toFixed(2));
  const memory = Math.round(process.memoryUsage().rss / 1e6);
  console.log(
    `${path} (${data.format}): ${data.transitions} transitions, ${actionSize(data.spec.action)} actions; ` +
      `opening ${opening} s, checksum ${checksum} s, loading ${loading} s, memory ${memory} MB`,
  );
}
