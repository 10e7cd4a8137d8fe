"""What test/python-package.test.ts runs: our environments as Gymnasium's, by its own checker; a policy that was exported."""
import sys
import warnings

import gymnasium
import numpy as np
from gymnasium.utils.env_checker import check_env

import anygoal

warnings.simplefilter("ignore")

for name in ("point/reach", "pendulum", "point/camera"):
    env = anygoal.make(name)
    check_env(env.unwrapped, skip_render_check=True)
    env.close()
    print("checked", name)

env = gymnasium.make("anygoal:anygoal/Env-v0", name="point/reach", settings={"reward": "dense"})
observation, info = env.reset(seed=3, options={"goal": [0.25, -0.5]})
assert observation["desired_goal"].tolist() == [0.25, -0.5], observation
assert info == {"is_success": False}, info
achieved, desired, rewards = [], [], []
ends = []
while not ends or not ends[-1]:
    observation, reward, terminated, truncated, info = env.step(env.action_space.sample())
    achieved.append(observation["achieved_goal"])
    desired.append(observation["desired_goal"])
    rewards.append(reward)
    ends.append(terminated or truncated)
    assert reward == env.unwrapped.compute_reward(achieved[-1], desired[-1], info)
assert truncated and not terminated
infos = np.array([info] * len(rewards))
assert np.array_equal(env.unwrapped.compute_reward(np.array(achieved), np.array(desired), infos), np.float32(rewards))
there = env.unwrapped.compute_success(np.array(achieved), np.array(achieved), infos)
assert there.all() and there.dtype == bool
try:
    env.unwrapped.step([0.0])
    raise SystemExit("an action of the wrong size was taken")
except RuntimeError as error:
    assert "an action has 1 numbers; it must have 2" in str(error), error
env.close()
print("rewards agree")

copies = [anygoal.make("point/reach") for _ in range(2)]
first, other = (env.reset()[0]["desired_goal"].tolist() for env in copies)
assert first != other, "copies without seeds begin alike"
again = [env.reset(seed=5)[0]["desired_goal"].tolist() for env in copies]
assert again[0] == again[1], again
for env in copies:
    env.close()

process = anygoal.make("point/reach").unwrapped.process
read, process.read = process.read, lambda size: (_ for _ in ()).throw(KeyboardInterrupt)
try:
    process.ask(2, b"{}")
    raise SystemExit("it was not interrupted")
except KeyboardInterrupt:
    process.read = read
try:
    process.ask(2, b"{}")
    raise SystemExit("the answer to an interrupted question was taken for the next one's")
except RuntimeError as error:
    assert "is closed; make it again" in str(error), error

try:
    policy = anygoal.load_policy(sys.argv[1])
except ImportError as error:
    print("skipped:", error)
    sys.exit()
env = anygoal.make("point/reach")
observation, _ = env.reset(seed=1)
action = policy(observation)
assert action.shape == env.action_space.shape, action
both = policy({key: np.stack([value, value]) for key, value in observation.items()})
assert np.allclose(both, action), both
env.step(action)
env.close()
print("policy acts", *(f"{number:.6f}" for number in action))
