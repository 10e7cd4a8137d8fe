"""Steps of a task of Meta-World, timed on request: reads a count per line, answers with the processor seconds.

    python metaworld_speed.py push-v3
    python metaworld_speed.py MT10       (the ten tasks in turn, with one-hot numbers)

Random actions, whole steps as users take them (through gymnasium.make, with its wrappers), resets included.
"""
import json
import sys
import time
from importlib.metadata import version

import gymnasium as gym
import metaworld  # noqa: F401, which registers its environments

name = sys.argv[1]
if name == "MT10":
    env = gym.make_vec("Meta-World/MT10", vector_strategy="sync", use_one_hot=True, seed=1)
else:
    env = gym.make("Meta-World/MT1", env_name=name, seed=1)
at_once = getattr(env, "num_envs", 1)
env.reset(seed=1)
env.action_space.seed(1)
versions = {name: version(name) for name in ("mujoco", "metaworld", "gymnasium", "numpy")}
print(json.dumps(versions), flush=True)
for line in sys.stdin:
    actions = [env.action_space.sample() for _ in range(int(line) // at_once)]
    start = time.process_time()
    for action in actions:
        *_, terminated, truncated, _ = env.step(action)
        if at_once == 1 and (terminated or truncated):  # vectors of environments reset themselves
            env.reset()
    print(json.dumps(time.process_time() - start), flush=True)
