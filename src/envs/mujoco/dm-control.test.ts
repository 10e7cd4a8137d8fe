// The models of the dm_control package become environments, where it is installed.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkEnv } from '../check-env.js';
import { parseEnvOptions } from '../define-env.js';
import { type MujocoEnvOptions, mujocoEnv } from './index.js';

/** Folder of dm_control's models: ANYGOAL_DM_CONTROL, or beside the local Python's package. */
function findSuite(): string | undefined {
  if (process.env.ANYGOAL_DM_CONTROL) return process.env.ANYGOAL_DM_CONTROL;
  const script = "import importlib.util as u; print(u.find_spec('dm_control').submodule_search_locations[0])";
  try {
    const found = execFileSync('python3', ['-c', script], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return join(found.trim(), 'suite');
  } catch {
    return undefined;
  }
}
const suite = findSuite();
const present = suite !== undefined && existsSync(join(suite, 'reacher.xml'));
if (!present) {
  console.warn(
    'skipped: models of dm_control are not here; pip install dm_control, or set ANYGOAL_DM_CONTROL to its suite folder.',
  );
}

const around = { low: [-1, -1, 0], high: [1, 1, 1], tolerance: 0.1 };
const models: Record<string, Pick<MujocoEnvOptions, 'achieved' | 'goal'> & Partial<MujocoEnvOptions>> = {
  acrobot: { achieved: { site: 'tip', axes: 'xz' }, goal: { configurations: true, tolerance: 0.2 } },
  ball_in_cup: { achieved: { body: 'ball', axes: 'xz' }, goal: { low: [-0.2, 0], high: [0.2, 0.5], tolerance: 0.05 } },
  cartpole: { achieved: { joint: 'slider' }, goal: { low: [-1], high: [1], tolerance: 0.1 }, resetNoise: 0.05 },
  cheetah: { achieved: { body: 'torso', axes: 'x' }, goal: { low: [-3], high: [3], tolerance: 0.2 } },
  dog: { achieved: { body: 'torso' }, goal: around, maxEpisodeSteps: 10 },
  finger: { achieved: { geom: 'fingertip', axes: 'xz' }, goal: { configurations: true, tolerance: 0.05 } },
  fish: { achieved: { body: 'torso' }, goal: around },
  hopper: { achieved: { body: 'torso', axes: 'xz' }, goal: { low: [-1, 0.5], high: [1, 1.2], tolerance: 0.1 } },
  humanoid: { achieved: { body: 'head' }, goal: around },
  humanoid_CMU: { achieved: { body: 'head' }, goal: around, maxEpisodeSteps: 20 },
  manipulator: { achieved: { site: 'grasp', axes: 'xz' }, goal: { low: [-0.3, 0], high: [0.3, 0.6], tolerance: 0.05 } },
  pendulum: { achieved: { geom: 'mass', axes: 'xz' }, goal: { configurations: true, tolerance: 0.1 } },
  point_mass: { achieved: { body: 'pointmass', axes: 'xy' }, goal: { configurations: true, tolerance: 0.02 } },
  quadruped: { achieved: { body: 'torso', axes: 'xy' }, goal: { low: [-2, -2], high: [2, 2], tolerance: 0.3 } },
  reacher: { achieved: { geom: 'finger', axes: 'xy' }, goal: { configurations: true, tolerance: 0.05 } },
  stacker: { achieved: { site: 'grasp', axes: 'xz' }, goal: { low: [-0.3, 0], high: [0.3, 0.6], tolerance: 0.05 } },
  walker: { achieved: { body: 'torso', axes: 'x' }, goal: { low: [-2], high: [2], tolerance: 0.2 } },
};

describe.skipIf(!present)('models of dm_control keep the contract', () => {
  test.each(Object.keys(models))(
    '%s',
    async (model) => {
      const path = join(suite ?? '', `${model}.xml`);
      const definition = await mujocoEnv({
        frameSkip: 2,
        maxEpisodeSteps: 40,
        ...models[model],
        name: `dm/${model}`,
        path,
      });
      const options = parseEnvOptions(definition, {});
      const env = await definition.create(options);
      const rules = definition.rules(options);
      const { findings } = checkEnv(env, { rules, episodes: 6 });
      expect(findings).toEqual([]);
      env.dispose?.();
    },
    30_000,
  );
});
