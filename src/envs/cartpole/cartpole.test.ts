// The cart-pole against MuJoCo's own integration of the same model, its energy, its rewards and what it promises.
import { describe, expect, it } from 'vitest';
import { createPhysics, loadMujoco } from '../../physics/index.js';
import { createRandom } from '../../random.js';
import { checkEnv } from '../check-env.js';
import { makeEnv } from '../registry.js';
import { cartpole, cartpoleReward, cartpoleStep } from './dynamics.js';

const xml = `<mujoco>
  <option timestep="0.01" integrator="RK4"><flag contact="disable"/></option>
  <worldbody>
    <body name="cart">
      <joint name="slide" type="slide" axis="1 0 0" damping="5e-4"/>
      <geom type="box" size="0.2 0.15 0.1" mass="1"/>
      <body>
        <joint name="hinge" type="hinge" axis="0 1 0" damping="2e-6"/>
        <geom type="capsule" fromto="0 0 0 0 0 1" size="0.045" mass="0.1"/>
      </body>
    </body>
  </worldbody>
  <actuator><motor joint="slide" gear="10" ctrllimited="true" ctrlrange="-1 1"/></actuator>
</mujoco>`;

it('moves as MuJoCo moves the same model, away from the ends of the rail', async () => {
  const physics = createPhysics(await loadMujoco(), { xml });
  const random = createRandom(1);
  const state = Float64Array.of(0.1, Math.PI + 0.3, -0.2, 1);
  physics.array('qpos')().set(state.subarray(0, 2));
  physics.array('qvel')().set(state.subarray(2));
  let most = 0;
  let farthest = 0;
  for (let t = 0; t < 200; t++) {
    const control = 0.5 * (2 * random.uniform() - 1) - 0.3 * Math.sign(state[0]);
    physics.array('ctrl')()[0] = control;
    physics.advance(1);
    cartpoleStep(state, control);
    const there = [...physics.array('qpos')(), ...physics.array('qvel')()];
    farthest = Math.max(farthest, Math.abs(state[0]));
    for (const [i, value] of there.entries()) most = Math.max(most, Math.abs(value - state[i]));
  }
  expect(farthest).toBeLessThan(cartpole.rail);
  expect(most).toBeLessThan(1e-9);
  physics.dispose();
});

describe('the rail', () => {
  it('stops the cart at its ends', () => {
    const state = Float64Array.of(0, 0, 0, 0);
    for (let t = 0; t < 200; t++) cartpoleStep(state, 1);
    expect([state[0], state[2]]).toEqual([1.8, 0]);
  });
});

it('rewards as the suite does', () => {
  // Upright, in the middle, at rest, without a push: 1. Hanging: 0.
  expect(cartpoleReward(Float64Array.of(0, 0, 0, 0), 0)).toBe(1);
  expect(cartpoleReward(Float64Array.of(0, Math.PI, 0, 0), 0)).toBe(0);
  // One thing at a time at its margin: (1 + 0.1) / 2, (1 + 0.1) / 2, 4 / 5, 1 / 2.
  expect(cartpoleReward(Float64Array.of(2, 0, 0, 0), 0)).toBeCloseTo(0.55, 12);
  expect(cartpoleReward(Float64Array.of(0, 0, 0, 5), 0)).toBeCloseTo(0.55, 12);
  expect(cartpoleReward(Float64Array.of(0, 0, 0, 0), -1)).toBeCloseTo(0.8, 12);
  expect(cartpoleReward(Float64Array.of(0, Math.PI / 2, 0, 0), 0)).toBeCloseTo(0.5, 12);
});

describe.each(['cartpole/balance', 'cartpole/swing-up'])('%s', (name) => {
  it('keeps the contract, and begins where its task says', async () => {
    const env = await makeEnv(name);
    const { ok, findings } = checkEnv(env, { another: await makeEnv(name) });
    expect(findings.filter(({ level }) => level === 'error')).toEqual([]);
    expect(ok).toBe(true);
    for (let seed = 0; seed < 50; seed++) {
      const [x, cos, , v, w] = env.reset({ seed }).observation;
      expect(Math.abs(x)).toBeLessThanOrEqual(0.1);
      if (name === 'cartpole/balance') expect(cos).toBeGreaterThan(0.999);
      else expect(cos).toBeLessThan(-0.99);
      expect(Math.max(Math.abs(v), Math.abs(w))).toBeLessThan(0.06);
    }
  });
});

it('is kept upright by a linear controller, whose return is nearly the most there is', async () => {
  const env = await makeEnv('cartpole/balance');
  let [x, cos, sin, v, w] = env.reset({ seed: 3 }).observation;
  let total = 0;
  for (let t = 0; t < 500; t++) {
    const push = Math.min(1, Math.max(-1, 0.1 * x + 0.25 * v + 3.5 * Math.atan2(sin, cos) + 0.9 * w));
    const step = env.step([push]);
    [x, cos, sin, v, w] = step.observation;
    total += step.reward;
  }
  expect(total).toBeGreaterThan(980);
});
