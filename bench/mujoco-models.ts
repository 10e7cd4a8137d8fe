// Loads every MuJoCo model in some folders, and says where MuJoCo itself (the Python package) comes to another end.
//   npx tsx bench/mujoco-models.ts FOLDER... [--python PYTHON]
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { MjModel } from '@mujoco/mujoco';
import { loadModel } from '../src/envs/mujoco/model-files.js';
import { loadMujoco } from '../src/physics/engine.js';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { python: { type: 'string' }, all: { type: 'boolean', default: false } },
});

/** What two compilations of one model must have in common. */
const SIZES = [
  'nq',
  'nv',
  'nu',
  'na',
  'nbody',
  'ngeom',
  'nsite',
  'nmesh',
  'nmeshvert',
  'nhfielddata',
  'nsensordata',
] as const;
/** Mass, inertia and collision shapes, summed: a mesh or height field that differs shows here. */
const SUMS = ['body_mass', 'body_inertia', 'geom_size', 'geom_rbound', 'jnt_range', 'dof_armature'] as const;

const PYTHON = `
import json, sys, mujoco
for line in sys.stdin:
    path = json.loads(line)
    try:
        m = mujoco.MjModel.from_xml_path(path)
        out = dict(facts=[int(getattr(m, n)) for n in ${JSON.stringify(SIZES)}] + [float(getattr(m, n).sum()) for n in ${JSON.stringify(SUMS)}])
    except Exception as e:
        out = dict(error=' '.join(str(e).split()))
    print(json.dumps(out), flush=True)
`;
type Outcome = { readonly facts?: readonly number[]; readonly error?: string };

/** Files that are models by themselves: parts for others are refused by MuJoCo too. */
const isModel = (path: string) =>
  /\.urdf$/.test(path) || (/\.(xml|mjcf)$/.test(path) && /<mujoco\b/.test(readFileSync(path, 'utf8')));
const paths = positionals
  .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)))
  .filter((path) => /\.(xml|mjcf|urdf)$/.test(path) && isModel(path))
  .sort();

const factsOf = (model: MjModel) => [
  ...SIZES.map((name) => model[name] as number),
  ...SUMS.map((name) => (model[name] as Float64Array).reduce((sum, value) => sum + value, 0)),
];
const same = (a: readonly number[], b: readonly number[]) =>
  a.every((value, i) => Math.abs(value - b[i]) <= 1e-6 * Math.max(1, Math.abs(value)));

const mujoco = await loadMujoco();
const ours: (Outcome & { seconds: number })[] = [];
for (const path of paths) {
  const start = performance.now();
  const outcome: Outcome = await loadModel(mujoco, path).then(
    ({ model }) => {
      const facts = factsOf(model as MjModel);
      model.delete();
      return { facts };
    },
    (error: Error) => ({ error: error.message }),
  );
  ours.push({ ...outcome, seconds: (performance.now() - start) / 1000 });
}
const recorded = (python: string): Outcome[] =>
  execFileSync(python, ['-c', PYTHON], {
    input: paths.map((path) => JSON.stringify(path)).join('\n'),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['pipe', 'pipe', 'ignore'],
  })
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

const theirs = values.python === undefined ? undefined : recorded(values.python);

let apart = 0;
let plugged = 0;
let packages = 0;
for (const [i, path] of paths.entries()) {
  const [here, there] = [ours[i], theirs?.[i]];
  const differs = there && (!here.facts !== !there.facts || (here.facts && !same(here.facts, there.facts ?? [])));
  // MuJoCo's WebAssembly build has no plugins; MuJoCo does not look for ROS's packages.
  const needsPlugin = differs && /plugin \S+ not found/.test(here.error ?? '');
  const found = differs && /'package:\/\//.test(there.error ?? '');
  if (needsPlugin) plugged++;
  else if (found) packages++;
  else if (differs) apart++;
  if ((!differs || needsPlugin || found) && !values.all && (theirs || here.facts)) continue;
  console.log(`${differs ? (needsPlugin ? 'PLUGIN ' : 'DIFFERS ') : ''}${path} (${here.seconds.toFixed(2)} s)`);
  console.log(`   here:   ${here.error ?? here.facts?.join(' ')}`);
  if (there) console.log(`   MuJoCo: ${there.error ?? there.facts?.join(' ')}`);
}
const loaded = ours.filter(({ facts }) => facts).length;
const total = ours.reduce((sum, { seconds }) => sum + seconds, 0);
console.log(`${loaded} of ${paths.length} models load here (${total.toFixed(1)} s)`);
if (theirs) {
  console.log(
    `${theirs.filter(({ facts }) => facts).length} in the Python package; ${plugged} of them need its plugins; ${packages} more load here, with ROS packages; ${apart} end differently`,
  );
  process.exitCode = apart > 0 ? 1 : 0;
}
