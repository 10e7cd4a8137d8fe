// Actors and a learner over a NATS server on this machine: steps a second, messages, bytes, lag, and what each program costs:
// npm run build && npx tsx --tsconfig bench/tsconfig.built.json bench/actors.ts [--seconds 15] [--actors 1,2,4] [--simulated 50]
import { rmSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import type { EpisodePart } from '../src/actors/index.js';
import { realActors, simulatedActors } from './actors/acting.js';
import { measureCosts, plan } from './actors/costs.js';
import { type Measured, measure } from './actors/measure.js';
import { root } from './actors/programs.js';
import { record, table } from './record.js';

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '15' },
    actors: { type: 'string', default: '1,2,4' },
    simulated: { type: 'string', default: '50' },
    env: { type: 'string', default: 'arm/reach' },
  },
});
const of = { env: options.env, seconds: Number(options.seconds) };

try {
  const results: Measured[] = [];
  let recorded: EpisodePart[] = [];
  for (const count of options.actors.split(',').map(Number)) {
    const outcome = await measure(realActors(count), { ...of, simulated: false });
    results.push(outcome.measured);
    recorded = outcome.recorded;
    console.log(JSON.stringify(outcome.measured));
  }
  const outcome = await measure(simulatedActors(Number(options.simulated), recorded), {
    ...of,
    simulated: true,
  });
  results.push(outcome.measured);
  console.log(
    table([
      [
        'actors',
        'steps/s',
        'taken/s',
        'messages/s',
        'bytes/step',
        'lag',
        'waits',
        'us actor',
        'us learner',
        'us broker',
      ],
      ...results.map((row) => [
        `${row.actors}${row.simulated ? ' simulated' : ''}`,
        ...[row.stepsPerSecond, row.takenPerSecond, row.messagesPerSecond, row.bytesPerStep, row.lag].map((value) =>
          value.toFixed(0),
        ),
        `${(100 * row.waitingShare).toFixed(0)}%`,
        ...[row.actorMicroseconds, row.learnerMicroseconds, row.brokerMicroseconds].map((value) => value.toFixed(1)),
      ]),
    ]),
  );
  const costs = await measureCosts(recorded, outcome.policy);
  const rounded = (value: unknown) =>
    JSON.parse(JSON.stringify(value, (_, x) => (typeof x === 'number' ? Number(x.toPrecision(3)) : x)));
  console.log(JSON.stringify(rounded(costs)));
  const plans = [10, 100, 1000].map((actors) => plan(actors, costs, recorded[0].length));
  console.log(
    table([Object.keys(plans[0]), ...plans.map((row) => Object.values(row).map((value) => value.toPrecision(3)))]),
  );
  record('actors', {
    costs: rounded(costs),
    plans: rounded(plans),
    env: of.env,
    seconds: of.seconds,
    load: loadavg().map((load) => Number(load.toFixed(1))),
    results,
  });
} finally {
  rmSync(root, { recursive: true, force: true });
}
